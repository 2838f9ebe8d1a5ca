"""Parses the rules of a mapping: where each of our cells comes from, and how."""

import re
from dataclasses import replace

from django.db import models
from django.utils.translation import gettext as _

from ...values.bounds import BoundedTextField
from ...values.dates import PartialDateField
from ...values.humanize import kind_of
from ...values.text import Language
from .cells import DAYS, ORDERS, PLACEHOLDER, Rule
from .checks import Checked

# What a rule may say of its cell besides where it comes from.
OF_TEXT = ("map", "strict", "split", "by", "scheme", "stated", "prose")
OF_DATES, OF_NUMBERS = ("dates", "precision", "day"), ("thousands", "decimal")
FEEDS = ("from", "template", "of", "constant")


class RuleReading(Checked):
    """The part of a reading that reads rules."""

    def rule(self, value, place, resource, column):
        django_field = field_of(resource, column)
        if isinstance(value, str):
            return Rule(constant=value)
        if isinstance(value, int) and not isinstance(value, bool):
            return Rule(constant=str(value))
        if not isinstance(value, dict):
            self.wrong(place, _("write a text, or a table as {from = “column”}."))
            return Rule(constant="")
        allowed = [*FEEDS, *OF_TEXT]
        if isinstance(django_field, PartialDateField | models.DateField):
            allowed += OF_DATES
        else:
            allowed += OF_NUMBERS
        for word in (*OF_DATES, *OF_NUMBERS):
            if word in value and word not in allowed:
                message = (
                    _("“%(column)s” is no date.")
                    if word in OF_DATES
                    else _("“%(column)s” is a date, and no number.")
                )
                self.wrong(f"{place}.{word}", message, column=column)
        self.known(value, place, (*allowed, *OF_DATES, *OF_NUMBERS))
        feeds = [word for word in FEEDS if word in value]
        if len(feeds) != 1:
            self.wrong(
                place,
                _("give exactly one of: %(words)s."),
                words=", ".join(FEEDS),
            )
        rule = self.fed(value, place)
        self.check_relation(rule, place, django_field)
        if self.flag(value.get("prose", False), f"{place}.prose"):
            return replace(rule, prose=self.kind_in_prose(value, place, django_field))
        return rule

    def kind_in_prose(self, value, place, django_field):
        """Which kind of value is read as people write it; empty with a misstep."""
        for word in value.keys() & {*OF_DATES, *OF_NUMBERS}:
            self.wrong(f"{place}.{word}", _("prose is read without it; leave it out."))
        if isinstance(django_field, BoundedTextField | Language):
            return kind_of(django_field, getattr(django_field.model(), "lasts", True))
        message = _("only dates, quantities and languages are read in prose.")
        self.wrong(f"{place}.prose", message)
        return ""

    def fed(self, value, place):
        """The rule that a table says."""

        def text(word):
            return self.text(value.get(word, ""), f"{place}.{word}")

        constant = value.get("constant")
        template = text("template")
        if "template" in value and not PLACEHOLDER.search(template):
            self.wrong(
                f"{place}.template", _("it names no column; put one in braces: {name}.")
            )
        if "from" in value and value["from"] == "":
            self.wrong(f"{place}.from", _("name a column of the file."))
        self.check_marks(text("thousands"), text("decimal"), place)
        dates, day = value.get("dates", ""), value.get("day", "")
        return Rule(
            constant=constant if constant is None else text("constant"),
            column=text("from"),
            template=template,
            of=text("of"),
            map=self.texts_by_text(value.get("map", {}), f"{place}.map"),
            strict=self.flag(value.get("strict", False), f"{place}.strict"),
            split=text("split"),
            dates=dates and self.word(dates, f"{place}.dates", ORDERS),
            precision=text("precision"),
            day=day and self.word(day, f"{place}.day", DAYS),
            thousands=text("thousands"),
            decimal=text("decimal"),
            by=text("by"),
            scheme=text("scheme"),
            stated=self.flag(value.get("stated", True), f"{place}.stated"),
        )

    def check_marks(self, thousands, decimal, place):
        """Whether the marks of numbers can be told from digits and from each other."""
        for word, mark in (("thousands", thousands), ("decimal", decimal)):
            if re.search(r"[\d-]", mark):
                self.wrong(
                    f"{place}.{word}", _("a separator has no digits and no minus sign.")
                )
        if thousands and thousands == (decimal or "."):
            self.wrong(
                f"{place}.decimal",
                _(
                    "“%(mark)s” is the thousands separator; choose another decimal "
                    "separator."
                ),
                mark=thousands,
            )

    def check_relation(self, rule, place, django_field):
        """What only columns that name other records may say."""
        related = django_field is not None and django_field.is_relation
        # A citation names records of many models: its own row says of which.
        may_refer = related or django_field is None
        for word, allowed in (("of", may_refer), ("by", related), ("scheme", related)):
            if getattr(rule, word) and not allowed:
                self.wrong(f"{place}.{word}", _("the column names no other record."))
        if rule.split and not (related and django_field.many_to_many):
            self.wrong(f"{place}.split", _("the column is no list."))
        if rule.by and related:
            self.check_by(rule.by, rule.scheme, place, django_field.related_model)

    def check_by(self, by, scheme, place, model):
        """Whether records of a model are found by this word at all."""
        ways = ["slug", "name"]
        if any(
            relation.name == "identifiers" for relation in model._meta.related_objects
        ):
            ways.append("identifier")
        self.word(by, f"{place}.by", ways)
        if (by == "identifier") != bool(scheme):
            self.wrong(
                f"{place}.scheme",
                _("give the scheme of the identifier, such as “wikidata”.")
                if by == "identifier"
                else _("only an identifier has a scheme."),
            )


def field_of(resource, column):
    """The field behind a column; None in a table of several models."""
    return getattr(resource.fields[column], "django_field", None)
