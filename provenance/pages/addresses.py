"""Where the page of each record is."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..registry.kinds import record_types

NAMESPACE = "pages"


def page_of(record):
    """The address of the page of a record."""
    return page_at(record_types()[record.record_type], record.slug)


def page_at(model, slug):
    """The address of the page of the record of a kind that bears a slug."""
    return reverse(f"{NAMESPACE}:{model.collection}", args=[slug])


def page_of_dispute(dispute):
    """The address of the page of a dispute."""
    return reverse(f"{NAMESPACE}:dispute", args=[dispute.key])


def list_of(model):
    """The address of the list of all records of a kind."""
    return reverse(f"{NAMESPACE}:{model.collection}-list")


def listed_as(model):
    """What the list of all records of a kind is called."""
    return capfirst(str(model._meta.verbose_name_plural))


def asked(address, **parameters):
    """An address with these parameters; those that are empty are left out."""
    given = [(name, value) for name, value in parameters.items() if value]
    query = urlencode(given, doseq=True)  # a tuple gives a parameter several times
    return f"{address}?{query}" if query else address


def in_the_api(name, *arguments, **parameters):
    """An address of the API."""
    return asked(reverse(name, args=arguments), **parameters)


def citations_of(record, known_at):
    """The label and the address of the table of all citations for a record."""
    claims = in_the_api(
        "citations-list",
        type=record.record_type,
        record=record.slug,
        format="csv",
        known_at=known_at,
    )
    return _("Citations (CSV)"), claims


def in_other_forms(name, **parameters):
    """A list of the API as JSON and as tables: what the template of a page offers."""
    tables = [
        ("CSV", in_the_api(name, **parameters, format="csv")),
        ("Excel", in_the_api(name, **parameters, format="xlsx")),
    ]
    return {"json_address": in_the_api(name, **parameters), "tables": tables}
