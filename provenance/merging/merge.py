"""Carries out the plan of a merge, as one change."""

from django.core.exceptions import ValidationError

from ..models.renaming import lead
from ..tracking.changes import ChangeSet, changing
from ..tracking.dependent_columns import StaleRecord
from ..tracking.nested_rows import rows_within
from .joining import plan


def merge(winner, loser, reason="", user=None):
    """Makes one record of two: the loser is gone, and its slug leads to the winner.

    Raises StaleRecord if one of them was written since it was read, and ValidationError
    if something stands in the way; then nothing is written. Returns what was done.
    """
    with changing(ChangeSet.Path.MERGE, user=user, reason=reason):
        done = plan(*(_as_it_was_read(record) for record in (winner, loser)))
        if done.blocks:
            raise ValidationError(list(done.blocks))
        _write(done)
    return done


def _as_it_was_read(record):
    """The record as it stands, which is as it was read."""
    record = getattr(record, "specific", record)
    stored = type(record)._base_manager.filter(pk=record.pk).first()
    if stored is None or stored.version != record.version:
        raise StaleRecord(record)
    return stored


def _write(done):
    winner, loser = done.winner, done.loser
    for inner in done.inner:
        _write(inner)
    for fall in done.falls:
        for row, link in fall.inner:
            _save(_fresh(row), {link.attname: fall.kept.pk})
        _fresh(fall.gone).delete()
        if fall.filled:
            _save(_fresh(fall.kept), dict(fall.filled))
    for move in done.moves:
        _save(_fresh(move.row), {move.link.attname: winner.pk, **dict(move.changes)})
        for link in rows_within(type(move.row)):
            for row in link.model.objects.filter(**{link.name: move.row.pk}):
                row.save()  # it is a part of the winner from now on
    # In memory first: citations are checked against what is recorded from now on.
    for name, value in done.taken.items():
        setattr(winner, name, value)
    for text, kind in done.names:
        winner.names.create(text=text, kind=kind)
    for cite in done.cites:
        _cite(cite, winner)
    if done.distinction:
        done.distinction.delete()
    _fresh(loser).delete()
    winner.full_clean()
    winner.save()
    lead(type(loser), loser.slug, winner.slug)


def _fresh(row):
    """A row as it stands now; records that fell together may have changed it."""
    stored = type(row)._base_manager.get(pk=row.pk)
    return getattr(stored, "specific", stored)


def _save(row, values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _cite(cite, winner):
    changes = dict(cite.changes)
    citation = cite.citation if cite.is_new else _fresh(cite.citation)
    if "record_id" in changes:
        citation.record = winner
        del changes["record_id"]
    _save(citation, changes)
