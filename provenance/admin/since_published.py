"""What is different in a record since it was published last, for whoever reviews it."""

from dataclasses import dataclass
from operator import itemgetter

from django.utils.text import capfirst

from ..history.reading import parts, state_at
from ..history.wording import Texts
from ..models import Record
from .conflicts import rows_in_words, worded

NOT_TOLD = ("status",)


@dataclass(frozen=True)
class SincePublished:
    """The fields and rows that differ from what was published last, and when it was."""

    at: object
    fields: list  # label, what was published, what is recorded now
    rows: list[str]


def since_published(record):
    """What differs; None for what is published, and for what never was."""
    if record.status == Record.Status.PUBLISHED:
        return None
    model = type(record)
    key = model._meta.pk.attname
    published = model.history.filter(**{key: record.pk}, status=Record.Status.PUBLISHED)
    last = published.order_by("-history_id").first()
    if last is None:
        return None
    then, now = state_at(model, record.pk, last), state_at(model, record.pk)
    rows = {
        name: [
            (then.get(place), now.get(place))
            for place in sorted({*then, *now}, key=itemgetter(1))
            if place[0] is owner.model
        ]
        for name, owner in parts(model).items()
    }
    texts = Texts.about(model, (last, record), [rows])
    fields = []
    for name, pair in texts.fields_changed(model, last, record).items():
        if name not in NOT_TOLD:
            column = model._meta.get_field(name)
            shown = [worded(column, text) for text in pair]
            fields.append((capfirst(column.verbose_name), *shown))
    changed = list(rows_in_words(model, texts.rows_changed(model, rows)))
    return SincePublished(last.history_date, fields, changed)
