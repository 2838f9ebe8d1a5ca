"""Whole lists in one answer: CSV, or a JSON object on each line."""

from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer

from ..db.keyset import pages_of
from ..db.snapshot import one_moment
from ..resources.columns import TEXT, Column, column_of
from ..resources.export_queries import Extract, csv_blocks
from ..resources.kinds import RECORD_HEAD, RECORD_TAIL
from ..resources.table import FOR_CURATORS
from ..tables import lines_of, write_table
from ..values.stated_values import join_list
from ..web.streaming import CSV_TYPE, NDJSON_TYPE, download
from .json_queries import Fragments
from .paging import MAX_LIMIT, KeysetPagination
from .problems import parameter_error

FORMATS = {"csv": CSV_TYPE, "ndjson": NDJSON_TYPE}
FORMAT = OpenApiParameter(
    "format",
    str,
    enum=list(FORMATS),
    description=_(
        "The whole list in one answer instead of pages: as CSV, with the columns of "
        "the tables, or with a JSON object on each line. Neither limit nor cursor "
        "goes with it."
    ),
)


class WholeList:
    """A list that is also given as a whole, sent while it is read."""

    # The members of its objects that make columns of CSV.
    csv_members: tuple[str, ...] = ()

    def parameters(self):
        known = super().parameters()
        return known | {"format"} if self.action == "list" else known

    def formats(self):
        """The names of the formats that it is given in."""
        return list(FORMATS)

    def asked_format(self):
        """The format that a whole list is asked for in; none if pages are."""
        if self.action != "list":
            return ""
        return self.request.query_params.get("format", "")

    def perform_content_negotiation(self, request, force=False):
        """Whoever names a format may accept that one alone."""
        asked = request.query_params.get("format") in FORMATS
        return super().perform_content_negotiation(request, force or asked)

    def faults(self, given):
        yield from super().faults(given)
        if not given.get("format") or self.action != "list":
            return
        if given["format"] not in self.formats():
            message = _("It can be one of %s; without it, JSON comes page by page.")
            yield parameter_error("format", message % ", ".join(self.formats()))
        for name in KeysetPagination.parameters:
            if name in given:
                message = _(
                    "It is for pages; with format, the whole list comes at once."
                )
                yield parameter_error(name, message, "not_with_format")

    def list(self, request, *args, **kwargs):
        asked = self.asked_format()
        if not asked:
            return super().list(request, *args, **kwargs)
        stretches = list(self.stretches())  # says now what it refuses
        make = self.csv_of if asked == "csv" else self.ndjson_of
        name = f"{self.collection()}.{asked}"
        kept = self.answering.pop_all()  # what is read stays as of then to the end
        return download(make(stretches), name, FORMATS[asked], kept)

    def objects_of(self, stretches):
        """The objects of the list, as on its pages, a page of them at a time."""
        with one_moment():
            for rows in pages_of(stretches, MAX_LIMIT):
                yield self.shown_of(rows)

    def ndjson_of(self, stretches):
        """Each object of the list on a line."""
        render = JSONRenderer().render
        for shown in self.objects_of(stretches):
            if isinstance(shown, Fragments):
                yield shown.joined("\n") + b"\n" * bool(shown)
            else:
                yield b"".join(render(each) + b"\n" for each in shown)

    def csv_of(self, stretches):
        """Each object of the list as a row."""
        yield write_table(self.csv_members, []).encode()
        for shown in self.objects_of(stretches):
            shown = shown.objects() if isinstance(shown, Fragments) else shown
            rows = [[flat(each.get(n)) for n in self.csv_members] for each in shown]
            yield "".join(lines_of(rows)).encode()


def flat(value):
    """A member of an object as a cell: records are named by their slugs."""
    if isinstance(value, dict):
        return value["slug"]
    if isinstance(value, list):
        return join_list(map(flat, value))
    return "" if value is None else str(value)


class WholeTable(WholeList):
    """A list of records whose CSV has the columns of their table, made in SQL.

    What is for curators only, their notes and what is not public, is for who may
    change such records.
    """

    def columns(self):
        """The names of the columns: what the records have, but for their rows."""
        model, shown = self.model, self.get_serializer_class().Meta.fields
        fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
        known = {field.name for field in fields}
        names = [*RECORD_HEAD, *(n for n in shown if n in known), *RECORD_TAIL]
        if not self.everything():
            names = [name for name in names if name not in FOR_CURATORS]
        return [*names, "holds"] if self.asked_time() else names

    def known_fields(self):
        """The names of the fields that can be asked for."""
        in_csv = self.asked_format() == "csv"
        return self.columns() if in_csv else self.get_serializer().fields

    def csv_of(self, stretches):
        (stretch,) = stretches
        asked = self.asked_fields()
        columns = tuple(
            self.column(name) for name in self.columns() if not asked or name in asked
        )
        keyset = stretch.keyset
        walk = keyset.ordered(stretch.rows)
        rows = self.model._default_manager.order_by()
        extract = Extract(rows, columns, keyset.order(), walk)
        return (block for block, _rows in csv_blocks([extract]))

    def column(self, name):
        """The column of this name, as the database writes it."""
        if name == "holds":
            return self.holds()
        return column_of(self.model, name, public=not self.everything())

    def holds(self):
        """Whether each held when it is asked for."""
        certain = When(self.asked_time().certain(self.model.span), then=Value("yes"))
        return Column("holds", Case(certain, default=Value("maybe"), **TEXT))
