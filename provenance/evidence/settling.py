"""Settles disputes: says why sources or records contradict each other."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Citation, Dispute
from ..tracking.changes import ChangeSet, changing
from ..values.contradiction import Contradiction, Standing
from .sides import lay_out

OPEN, SETTLED = Dispute.State.OPEN, Dispute.State.SETTLED
UNRESOLVED = Citation.Assessment.UNRESOLVED


def settle(statement, assessment, note, note_es=""):
    """Settles what a citation says otherwise; ValidationError if that is no reason.

    It stays settled until another value is recorded.
    """
    if statement.agreement != Standing.CONTRADICTS:
        raise ValidationError(
            _("“%s” does not contradict what is recorded.") % statement.stated
        )
    statement.recheck()
    _assess(statement, assessment, note, note_es)


def settle_all(dispute, assessment, note, note_es=""):
    """Settles a dispute with all that it rests on; ValidationError if it cannot be."""
    with changing(ChangeSet.Path.OTHER):
        if not dispute.field:
            settle_between(dispute, assessment, note, note_es)
            return
        if dispute.kind == Contradiction.UNCONFIRMED:
            raise ValidationError(
                _(
                    "No source contradicts this; check whether each source still "
                    "supports it, and confirm that or enter what the source states."
                )
            )
        lay_out([dispute], everything=True, supporting=False)
        for citation in dispute.statements:
            settle(citation, assessment, note, note_es)


def settle_between(dispute, assessment, note, note_es=""):
    """Settles what other records say otherwise; ValidationError if that is no reason.

    It stays settled until they say something else.
    """
    with changing(ChangeSet.Path.OTHER):
        dispute.checked_against = dispute.against
        dispute.state = OPEN if assessment == UNRESOLVED else SETTLED
        dispute.public_state = dispute.public_state and dispute.state
        _assess(dispute, assessment, note, note_es)


def _assess(row, assessment, note, note_es):
    if not assessment:
        raise ValidationError({"assessment": _("Choose an assessment.")})
    if not note.strip():
        raise ValidationError({"note": _("Give the reason; it is public.")})
    row.assessment, row.note, row.note_es = assessment, note, note_es
    row.full_clean()
    row.save()


def confirm(citation):
    """Says that a source supports what is recorded now as well."""
    citation.recheck()
    citation.save()
