"""The whole record: every kind of record, the tables in order of loading, the rules."""

from entities.checks import (
    DoubleHolders,
    Gaps,
    OutsideAgency,
    OutsidePost,
    PossibleDoubleHolders,
)
from provenance.checks import (
    Circles,
    DanglingStatements,
    DeadReports,
    DeepReports,
    EndBeforeStart,
    LikelyDuplicates,
    LostRedirects,
    StaleAttestation,
    StaleBounds,
    StaleTranslations,
    ToldOtherwise,
    Uncited,
    UncitedValues,
    UnfoundWords,
    UnkeptHistory,
)
from provenance.db.trees import Tree
from provenance.registry.kinds import (
    cited_types,
    compared_types,
    models_in_order_of_loading,
    record_types,
)
from provenance.resources import tables
from provenance.values.dates import spans_of

from .checks import OutsideAppointment, StaleAttendance, StalePresence, UnsoundCodes
from .treaty_checks import DatesInDisorder, RepeatedActions, StateAgainstDates

RECORDS = tuple(record_types().values())
CITED = tuple(cited_types().values())
COMPARED = tuple(compared_types().values())
TABLES = tables()
SPANS = tuple(
    (model, *span) for model in models_in_order_of_loading() for span in spans_of(model)
)

# What the whole record is checked for, in the order in which it is told.
RULES = (
    UnkeptHistory(),
    StaleBounds(),
    UnfoundWords(),
    StaleAttendance(),
    StalePresence(),
    StaleAttestation(),
    LostRedirects(*RECORDS),
    Uncited(*CITED),
    UncitedValues(*CITED),
    DanglingStatements(*CITED),
    EndBeforeStart(*SPANS),
    DoubleHolders(),
    PossibleDoubleHolders(),
    Gaps(),
    OutsidePost(),
    OutsideAgency(),
    OutsideAppointment(),
    StateAgainstDates(),
    DatesInDisorder(),
    RepeatedActions(),
    UnsoundCodes(),
    ToldOtherwise(),
    Circles(*(model for model in CITED if issubclass(model, Tree))),
    DeadReports(),
    DeepReports(),
    StaleTranslations(),
    LikelyDuplicates(*RECORDS),
)
