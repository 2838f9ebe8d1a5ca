"""The base of the checks of data integrity, and what they find."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from ..models import Record
from ..tracking.tracked import Tracked

MAX_SHOWN = 80  # letters of a value in a message


class Level(models.TextChoices):
    """How bad it is if a rule is broken."""

    ERROR = "error", _("error")
    WARNING = "warning", _("warning")


@dataclass(frozen=True, order=True)
class Finding:
    """One place in which a rule is broken, and what would mend it."""

    rule: str
    level: str
    type: str
    slug: str
    field: str
    message: str

    def __str__(self):
        place = " ".join(filter(None, (self.type, self.slug, self.field)))
        return f"{self.level} {place}: {self.message}"


class Rule:
    """One thing that must hold of the whole record."""

    name = ""
    level = Level.ERROR
    meaning = ""  # what is found, in a phrase
    on_request = False  # True: only looked at when asked for by its name

    def broken(self):
        """Yields type, slug, field and message for each place that breaks the rule."""
        raise NotImplementedError

    def findings(self):
        """What breaks the rule, in the same order on every database."""
        return sorted(
            Finding(
                self.name,
                self.level.value,
                kind,
                slug,
                field,
                " ".join(str(message).split()),  # one line, whatever a value holds
            )
            for kind, slug, field, message in self.broken()
        )


def tracked_tables():
    """Every table that keeps its history; that of events is kept by their kinds."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Tracked) and "kept_by_its_kinds" not in vars(model)
    ]


def record_of(model):
    """The model of the record that a row of this one is, or belongs to."""
    return model._meta.get_field(model.owner).related_model if model.owner else model


def type_and_slug(model, path=""):
    """Expressions for the type and the slug of what a row is, or belongs to.

    ``path`` leads from the row to that record: its owner, where nothing else is given.
    """
    path = path or model.owner
    record = model
    for name in path.split("__") if path else ():
        record = record._meta.get_field(name).related_model
    before = f"{path}__" if path else ""
    names = {field.name for field in record._meta.concrete_fields}
    kind = F(f"{before}type") if "type" in names else Value(record.type_name())
    # A distinction is of two slugs, and is known by the first.
    slug = next(name for name in ("slug", "one") if name in names)
    return {"of_type": kind, "of_slug": F(before + slug)}


def as_text(name):
    """What a column really holds: text that is no value of its field as well."""
    return Cast(name, models.TextField())


def standing(*paths):
    """A condition: none of the records that these paths lead to is withdrawn."""
    condition = models.Q()
    for path in paths:
        name = f"{path}__status" if path else "status"
        condition &= ~models.Q(**{name: Record.Status.WITHDRAWN})
    return condition


def shown(value):
    """A value as a message quotes it."""
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
