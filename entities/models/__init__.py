"""The models of places, agencies, officials, posts and appointments."""

from .agency import (
    Agency,
    AgencyArea,
    AgencyAttestation,
    AgencyCitation,
    AgencyDispute,
    AgencyName,
)
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
    AppointmentAttestation,
    AppointmentCitation,
    AppointmentDispute,
    AppointmentQuerySet,
    Post,
    PostAttestation,
    PostCitation,
    PostDispute,
)

__all__ = [
    "Agency",
    "AgencyArea",
    "AgencyAttestation",
    "AgencyCitation",
    "AgencyDispute",
    "AgencyName",
    "Appointment",
    "AppointmentAttestation",
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
    "PostAttestation",
    "PostCitation",
    "PostDispute",
]
