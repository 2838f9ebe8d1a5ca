"""Checks of data integrity that hold for every kind of record.

It imports models and what is below them, from ``review`` who is likely the same, and
from ``evidence`` what was last attested and what is told twice.
"""

from .attestation import StaleAttestation
from .base import Finding, Level, Rule, as_text, standing
from .chains import Circles, DeadReports, DeepReports
from .citations import DanglingStatements, Uncited, UncitedValues
from .columns import StaleBounds
from .duplicates import LikelyDuplicates
from .history import UnkeptHistory
from .redirects import LostRedirects
from .retold import ToldOtherwise
from .spans import EndBeforeStart, Outside, stored
from .translations import StaleTranslations
from .words import UnfoundWords

__all__ = [
    "Circles",
    "DanglingStatements",
    "DeadReports",
    "DeepReports",
    "EndBeforeStart",
    "Finding",
    "Level",
    "LikelyDuplicates",
    "LostRedirects",
    "Outside",
    "Rule",
    "StaleAttestation",
    "StaleBounds",
    "StaleTranslations",
    "ToldOtherwise",
    "Uncited",
    "UncitedValues",
    "UnfoundWords",
    "UnkeptHistory",
    "as_text",
    "standing",
    "stored",
]
