"""Who and where: places, agencies, officials, posts, and who held them when."""

from .agency import Agency, AgencyCitation, AgencyName
from .official import Official, OfficialCitation, OfficialIdentifier, OfficialName
from .place import Place, PlaceCitation
from .post import (
    Appointment,
    AppointmentCitation,
    AppointmentQuerySet,
    Post,
    PostCitation,
)

__all__ = [
    "Agency",
    "AgencyCitation",
    "AgencyName",
    "Appointment",
    "AppointmentCitation",
    "AppointmentQuerySet",
    "Official",
    "OfficialCitation",
    "OfficialIdentifier",
    "OfficialName",
    "Place",
    "PlaceCitation",
    "Post",
    "PostCitation",
]
