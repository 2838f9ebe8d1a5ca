"""Whole lists in one answer: CSV, XLSX, Parquet, or a JSON object on each line."""

from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer

from ..db.keyset import pages_of
from ..db.snapshot import one_moment
from ..resources.columns import TEXT, Column, column_of
from ..resources.derived import (
    ATTESTED_UNTIL,
    GENERAL_KNOWLEDGE,
    HOLDS,
    general_knowledge,
    told_besides,
)
from ..resources.export_queries import Extract, csv_blocks
from ..resources.kinds import RECORD_HEAD, RECORD_TAIL
from ..resources.table import FOR_CURATORS
from ..tables import lines_of, write_table
from ..tables.parquet import is_installed, parquet_of
from ..tables.workbook import MOST_ROWS, TOO_LONG, NoSheet, workbook_of
from ..values.bounds import Bound
from ..values.dates import POSSIBLY, Spanned
from ..values.quantities import HIGHEST, LOWEST, Quantity, QuantityField
from ..values.stated_values import join_list
from ..web.streaming import BLOCK, Pieces, download
from .formats import FORMATS, renderers_of
from .json_queries import Fragments
from .paging import MAX_LIMIT, KeysetPagination
from .problems import Refused, parameter_error, refused_parameters

BOM = "\ufeff".encode()
NO_PARQUET = _(
    "This site does not write Parquet: pyarrow is not installed. It has csv, ndjson "
    "and xlsx."
)


class WholeList:
    """A list that is also given as a whole, sent while it is read."""

    # The members of its objects that make columns of CSV.
    csv_members: tuple[str, ...] = ()
    csv_for_curators: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()  # those of them that are quantities
    whole_forms: tuple[str, ...] = ("csv", "ndjson", "xlsx")

    def parameters(self):
        known = super().parameters()
        return known | {"format", "excel"} if self.action == "list" else known

    # In which form it is asked for

    def formats(self):
        """The names of the formats that it is given in."""
        return list(self.whole_forms)

    def asked_format(self):
        """The format that a whole list is asked for in; none if pages are."""
        if self.action != "list":
            return ""
        accepted = self.request.accepted_renderer.format
        named = self.request.query_params.get("format", "")
        return named or (accepted if accepted in self.formats() else "")

    def get_renderers(self):
        """JSON, and for lists what knows the media types of their other forms."""
        known = super().get_renderers()
        if self.action != "list" or self.documents:
            return known
        return [*known, *renderers_of(self.formats())]

    def perform_content_negotiation(self, request, force=False):
        """Whoever names a format may accept that one alone."""
        asked = request.query_params.get("format") in self.formats()
        return super().perform_content_negotiation(request, force or asked)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        return response

    def faults(self, given):
        yield from super().faults(given)
        if self.action != "list":
            return
        asked = self.asked_format()
        if asked and asked not in self.formats():
            message = _("It can be one of %s; without it, JSON comes page by page.")
            yield parameter_error("format", message % ", ".join(self.formats()))
            return
        if "excel" in given and (asked, given["excel"]) != ("csv", "1"):
            message = _("It goes with csv, and is 1: format=csv&excel=1.")
            yield parameter_error("excel", message, "not_with_format")
        is_whole = asked and not FORMATS[asked].in_pages
        for name in KeysetPagination.parameters if is_whole else ():
            if name in given:
                message = _(
                    "It is for pages; with format, the whole list comes at once."
                )
                yield parameter_error(name, message, "not_with_format")

    # The list

    def list(self, request, *args, **kwargs):
        asked = self.asked_format()
        if not asked:
            return super().list(request, *args, **kwargs)
        stretches = list(self.stretches())  # says now what it refuses
        blocks = getattr(self, f"{asked}_of")(stretches)
        name = f"{self.collection()}.{asked}"
        kept = self.answering.pop_all()  # what is read stays as of then to the end
        return download(blocks, name, FORMATS[asked].content_type, kept)

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
                yield b"".join(each + b"\n" for each in shown)
            else:
                yield b"".join(render(each) + b"\n" for each in shown)

    def csv_of(self, stretches):
        """Each object of the list as a row."""
        yield self.mark() + write_table(self.names(), []).encode()
        for rows in self.rows_of(stretches):
            lines = lines_of(["" if v is None else str(v) for v in row] for row in rows)
            yield "".join(lines).encode()

    def mark(self):
        """What stands in front of CSV for Excel."""
        return BOM if "excel" in self.request.query_params else b""

    def xlsx_of(self, stretches):
        """Each object of the list as a row of a sheet, which is made before it is sent.

        A list that is too long for one is refused.
        """
        if self.request.method == "HEAD":
            return iter(())
        with ExitStack() as kept, closing(self.rows_of(stretches)) as chunks:
            rows = self.in_cells(chain.from_iterable(chunks))
            try:
                made = workbook_of(self.names(), rows, self.collection())
                file = kept.enter_context(made)
            except NoSheet as error:
                fault = parameter_error("format", error, "too_large")
                raise refused_parameters([fault]) from None
            return blocks_of(file, kept.pop_all())

    def in_cells(self, rows):
        """The rows as a spreadsheet adds them up: exact quantities are numbers."""
        places = [n for n, name in enumerate(self.names()) if name in self.quantities]
        for row in rows:
            for place in places:
                row[place] = number_of(row[place])
            yield row

    def names(self):
        """The names of the columns."""
        for_curators = self.csv_for_curators if self.everything() else ()
        return (*self.csv_members, *for_curators)

    def rows_of(self, stretches):
        """The rows in some order of chunks: of texts and numbers, or of nothing."""
        names = self.names()
        for shown in self.objects_of(stretches):
            shown = shown.objects() if isinstance(shown, Fragments) else shown
            yield [[flat(each.get(name)) for name in names] for each in shown]


def blocks_of(file, kept):
    """A file that is there already, block by block."""
    with kept:
        while block := file.read(BLOCK):
            yield block


def flat(value):
    """A member of an object as a cell: records are named by their slugs."""
    if isinstance(value, dict):
        return value["slug"]
    if isinstance(value, list):
        return join_list(map(flat, value))
    return value


def number_of(text):
    """The number that a quantity is, if it is exact; any other stays a text."""
    quantity = Quantity(text or "")
    return quantity.low if quantity.low == quantity.high else text


def says_nothing(bound):
    """The condition that a bound is open."""
    is_number = isinstance(bound, models.DecimalField)
    ends = (LOWEST, HIGHEST) if is_number else (date.min, date.max)
    return Q(**{f"{bound.name}__in": ends})


class WholeTable(WholeList):
    """A list of records whose CSV has the columns of their table, made in SQL.

    What is for curators only, their notes and what is not public, is for who may
    change such records.
    """

    whole_forms = ("csv", "ndjson", "xlsx", "parquet")

    @property
    def quantities(self):
        fields = self.model._meta.concrete_fields
        return [field.name for field in fields if isinstance(field, QuantityField)]

    @cached_property
    def besides(self):
        """What follows from the columns: by its name, a text of the database."""
        return told_besides(self.model)

    def columns(self):
        """The names of the columns: what the records have, but for their rows."""
        model, shown = self.model, self.get_serializer_class().Meta.fields
        fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
        known = {field.name for field in fields}
        names = [*RECORD_HEAD, *(n for n in shown if n in known), *RECORD_TAIL]
        if not self.everything():
            names = [name for name in names if name not in FOR_CURATORS]
        dated = [GENERAL_KNOWLEDGE] if issubclass(model, Spanned) else []
        return [*names, *dated, *([HOLDS] if self.asked_time() else [])]

    def all_columns(self):
        """The same, each with its bounds behind it, and what else can be asked for."""
        bounds = [f for f in self.model._meta.concrete_fields if isinstance(f, Bound)]
        for name in self.columns():
            yield name
            yield from (bound.name for bound in bounds if bound.of == name)
        yield from self.besides

    def known_fields(self):
        """The names of the fields that can be asked for."""
        is_table = self.asked_format() in ("csv", "xlsx", "parquet")
        if not is_table:
            return self.get_serializer().fields
        return list(self.all_columns())

    def names(self):
        """The names of the columns that are asked for; all where they have types."""
        asked, is_typed = self.asked_fields(), self.asked_format() == "parquet"
        if not asked:
            return list(self.all_columns() if is_typed else self.columns())
        return [name for name in self.all_columns() if name in asked]

    def extract(self, stretches):
        """The columns that are asked for, of the rows in their order."""
        (stretch,) = stretches
        keyset = stretch.keyset
        rows = self.model._default_manager.order_by()
        columns = tuple(map(self.column, self.names()))
        return Extract(rows, columns, keyset.order(), keyset.ordered(stretch.rows))

    def csv_of(self, stretches):
        mark, extract = self.mark(), self.extract(stretches)
        for block, _rows in csv_blocks([extract]):
            yield mark + block
            mark = b""

    def xlsx_of(self, stretches):
        (stretch,) = stretches
        if stretch.rows.order_by()[MOST_ROWS - 1 :].exists():
            fault = parameter_error("format", TOO_LONG, "too_large")
            raise refused_parameters([fault])
        return super().xlsx_of(stretches)

    def parquet_of(self, stretches):
        """The columns with their types."""
        if not is_installed():
            raise Refused(NO_PARQUET, status=406)
        types = dict(zip(self.names(), self.types(), strict=True))
        return parquet_of(types, self.rows_of(stretches), Pieces())

    def types(self):
        """The type of each column, and of decimals how many digits they have."""
        fields = {field.name: field for field in self.model._meta.concrete_fields}
        for name in self.names():
            field = fields.get(name)
            if isinstance(field, models.DecimalField):
                yield Decimal, field.max_digits, field.decimal_places
            elif isinstance(field, models.IntegerField):
                yield (int,)
            elif isinstance(field, models.DateField) or name == ATTESTED_UNTIL:
                yield (date,)
            else:
                yield (str,)

    def rows_of(self, stretches):
        made = {date: date.fromisoformat}
        read = [made.get(kind[0], kind[0]) for kind in self.types()]
        with one_moment():
            for chunk in self.extract(stretches).chunks_of_texts():
                yield [
                    [of(t) if t else None for of, t in zip(read, texts, strict=True)]
                    for texts in chunk
                ]

    def column(self, name):
        """The column of this name, as the database writes it."""
        if name == HOLDS:
            return self.holds()
        if name == GENERAL_KNOWLEDGE:
            return general_knowledge(self.model)
        if name in self.besides:
            return Column(name, self.besides[name])
        column = column_of(self.model, name, public=not self.everything())
        if isinstance(field := self.model._meta.get_field(name), Bound):
            return replace(column, empty_when=says_nothing(field))
        return column

    def holds(self):
        """Whether each held when it is asked for."""
        answers = [
            When(condition, then=Value(answer))
            for condition, answer in self.asked_time().answers(self.model)
        ]
        return Column(HOLDS, Case(*answers, default=Value(POSSIBLY), **TEXT))
