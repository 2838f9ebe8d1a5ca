"""The models of places, agencies, officials, posts and appointments."""

from .agency import Agency, AgencyCitation, AgencyDispute, AgencyName
from .official import (
    Official,
    OfficialCitation,
    OfficialDispute,
    OfficialIdentifier,
    OfficialName,
)
from .place import Place, PlaceCitation, PlaceDispute
from .post import (
    Appointment,
    AppointmentCitation,
    AppointmentDispute,
    AppointmentQuerySet,
    Post,
    PostCitation,
    PostDispute,
)

__all__ = [
    "Agency",
    "AgencyCitation",
    "AgencyDispute",
    "AgencyName",
    "Appointment",
    "AppointmentCitation",
    "AppointmentDispute",
    "AppointmentQuerySet",
    "Official",
    "OfficialCitation",
    "OfficialDispute",
    "OfficialIdentifier",
    "OfficialName",
    "Place",
    "PlaceCitation",
    "PlaceDispute",
    "Post",
    "PostCitation",
    "PostDispute",
]
