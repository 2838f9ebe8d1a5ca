"""Parses mapping files strictly, and reports all errors at once."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from ...resources.importing import finish, tables
from ...tables import ENCODINGS, Dialect, open_sheet
from ...values.dates import PartialDateField, spans_of
from ...values.suggestions import close_to
from ..set_aside import came_back
from .cells import Rule
from .checks import MappingError
from .documents import document_in
from .rules import RuleReading, field_of
from .sections import KEEP, WRITE, Find, Section
from .sheets import decimals_in, mapped
from .wide import feed_from, wide_in

TOP = ("name", "read", "unused")  # beside the sections
READ = ("sheet", "encoding", "header_rows", "remove", "empty", "only", "skip")
WORDS = ("find", "create", "found", "table", "only", "skip", "wide", "intersect")
MOST_HEADER_ROWS = 5
STEP = ("by", "scheme", "from", "template", "map")


@dataclass(frozen=True)
class Mapping:
    """Which columns of a foreign file feed which of ours."""

    name: str
    sections: tuple[Section, ...]  # each after those that it refers to
    remove: tuple[str, ...] = ()  # what is taken out of every cell
    empty: tuple[str, ...] = ()  # cells that say nothing
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skip: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    dialect: Dialect = Dialect()  # noqa: RUF009  it is frozen

    @classmethod
    def from_toml(cls, text):
        """The mapping in a text; MappingError with every fault in it."""
        reading = _Reading()
        mapping = reading.mapping(document_in(text))
        if reading.missteps:
            raise MappingError(reading.missteps)
        return mapping

    @property
    def tables(self):
        """The names of the tables that it feeds, in order of loading."""
        fed = {section.table for section in self.sections}
        return [name for name in tables() if name in fed]

    @property
    def reads(self):
        """Each foreign column that it reads, and the place in the mapping that does."""
        places = {}
        for column in (*self.only, *self.skip):
            places.setdefault(column, "read")
        for section in self.sections:
            for column, place in section.reads():
                places.setdefault(column, place)
        return places

    def opened(self, data, sheet=""):
        """The sheet in the bytes of a foreign file; TableError if there is none.

        In a workbook it is the one of this name, or that which the mapping names.
        """
        dialect = replace(self.dialect, sheet=sheet or self.dialect.sheet)
        if came_back(data):  # as we write it, or as it was saved again
            encoding = "" if _is_utf_8(data) else dialect.encoding
            lines = range(1, len(dialect.header_rows) + 1)
            dialect = Dialect(encoding, tuple(lines) if len(lines) > 1 else ())
        return open_sheet(data, known=self.reads, dialect=dialect)

    def decimals(self, sheet):
        """The decimal separators that columns of a sheet are read with, by column."""
        return decimals_in(self, sheet)

    def steps(self, sheet):
        """Makes of a sheet ours, as ``(table, sheet)``; yields the Progress of that.

        TableError has all that is wrong.
        """
        return mapped(self, sheet)

    def apply(self, sheet):
        """The same at once."""
        return finish(self.steps(sheet))


def _is_utf_8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def ends_of_intervals(model, rules):
    """The rules of those dates that make a span and are fed by one and the same text:
    of an interval each takes its own.
    """
    found = {}
    for pair in spans_of(model) if model else ():
        fed = [rules[name] for name in pair if name in rules]
        if len(fed) == 2 and fed[0].reads and fed[0].feed == fed[1].feed:
            for place, name in enumerate(pair):
                found[name] = replace(rules[name], end=place)
    return found


class _Reading(RuleReading):
    """One reading of a mapping file into its sections."""

    def __init__(self):
        super().__init__()
        self.tables = tables()

    def mapping(self, document):
        read = self.table(document.pop("read", {}), "read")
        self.known(read, "read", READ)
        name = self.text(document.pop("name", ""), "name")
        if not name:
            self.wrong("name", _("give the name of the mapping."))
        unused = self.texts(document.pop("unused", []), "unused")
        sections = {
            label: section
            for label, value in document.items()
            if (section := self.section(label, value))
        }
        if not document:
            self.wrong("", _("it has no table; add a section such as [officials]."))
        mapping = Mapping(
            name=name,
            sections=tuple(self.ordered(sections)),
            remove=self.texts(read.get("remove", []), "read.remove"),
            empty=self.texts(read.get("empty", []), "read.empty"),
            only=self.lists_by_text(read.get("only", {}), "read.only"),
            skip=self.lists_by_text(read.get("skip", {}), "read.skip"),
            unused=unused,
            dialect=self.dialect(read),
        )
        for column in unused:
            if column in mapping.reads:
                self.wrong(
                    "unused",
                    _("“%(column)s” is used in %(place)s."),
                    column=column,
                    place=mapping.reads[column],
                )
        return mapping

    def dialect(self, read):
        """How the file is written, as far as the mapping says so."""
        encoding = read.get("encoding", "")
        if encoding and isinstance(encoding, str):
            encoding = encoding.lower()
        rows = self.header_rows(read.get("header_rows", []))
        return Dialect(
            encoding and self.word(encoding, "read.encoding", tuple(ENCODINGS)),
            rows,
            self.text(read.get("sheet", ""), "read.sheet"),
        )

    def header_rows(self, value):
        """The lines of the header, which follow each other."""
        are_numbers = isinstance(value, list) and all(
            type(line) is int and line > 0 for line in value
        )
        if are_numbers and len(value) <= MOST_HEADER_ROWS:
            first = value[0] if value else 0
            if value == list(range(first, first + len(value))):
                return tuple(value)
        self.wrong(
            "read.header_rows",
            _("write the lines of the header, one after the other, as [4, 5]."),
        )
        return ()

    def section(self, label, value):
        if not isinstance(value, dict):
            known = (*TOP, *self.tables)
            meant = [f"read.{label}"] if label in READ else ()
            close = close_to(label, known, meant) or "."
            self.wrong(label, _("unknown%(close)s"), close=close)
            return None
        name = self.text(value.get("table", label), f"{label}.table")
        if name not in self.tables:
            self.wrong(
                f"{label}.table" if "table" in value else label,
                _("there is no table “%(name)s”%(close)s"),
                name=name,
                close=close_to(name, self.tables) or ".",
            )
            return None
        resource = self.tables[name]()
        columns = list(resource.fields)
        self.known(value, label, (*columns, *WORDS))
        rules = {
            column: self.rule(value[column], f"{label}.{column}", resource, column)
            for column in columns
            if column in value
        }
        rules |= ends_of_intervals(resource._meta.model, rules)
        wide = None
        if "wide" in value:
            wide = wide_in(self, value["wide"], f"{label}.wide", resource)
            feed_from(wide, rules, resource)
        section = Section(
            label=label,
            table=name,
            resource=resource,
            rules=rules,
            find=self.steps(value.get("find", []), f"{label}.find", resource, rules),
            create=self.flag(value.get("create", True), f"{label}.create"),
            found=self.word(value.get("found", WRITE), f"{label}.found", (WRITE, KEEP)),
            only=self.lists_by_text(value.get("only", {}), f"{label}.only"),
            skip=self.lists_by_text(value.get("skip", {}), f"{label}.skip"),
            wide=wide,
            intersect=self.span(value.get("intersect", []), label, rules, resource),
        )
        self.check_key(section)
        self.check_made(section)
        return section

    def span(self, value, label, rules, resource):
        """The names of a start and an end, both of which the section feeds."""
        place = f"{label}.intersect"
        names = self.texts(value, place)
        dates = [
            name
            for name in names
            if name in rules and isinstance(field_of(resource, name), PartialDateField)
        ]
        if names and (len(names) != 2 or len(dates) != 2):
            message = _("name a start and an end of the section, as [“start”, “end”].")
            self.wrong(place, message)
            return ()
        return names

    def check_made(self, section):
        """Sees to it that all that wide columns make goes somewhere."""
        if not section.wide:
            return
        read = {name for name, _place in section.reads_of_rules()}
        for name in sorted(section.wide.makes - read):
            self.wrong(
                f"{section.label}.wide",
                _("no column of ours is “%(name)s”, and no rule reads it."),
                name=name,
            )

    def check_key(self, section):
        """Sees to it that every row of a section is known by something."""
        if section.is_of_records:
            if "slug" not in section.rules and section.label_column not in (
                section.rules
            ):
                self.wrong(
                    f"{section.label}.slug",
                    _("give a template for the slug, as {template = “…”}."),
                )
            return
        for word in ("find", "create", "found"):
            if getattr(section, word) not in ((), True, WRITE):
                self.wrong(
                    f"{section.label}.{word}",
                    _(
                        "only records can be looked up; rows of %(table)s are "
                        "identified by their %(key)s."
                    ),
                    table=section.table,
                    key=", ".join(section.key),
                )
        for column in section.key:
            if column in section.rules:
                continue
            if _may_be_empty(section.resource, column):
                section.rules[column] = Rule(constant="")
                continue
            self.wrong(
                f"{section.label}.{column}",
                _(
                    "it is required, since it identifies the rows of %(table)s; add "
                    "%(column)s = {from = “…”}."
                ),
                table=section.table,
                column=column,
            )

    def steps(self, value, place, resource, rules):
        """By what a record is looked for, in order."""
        values = value if isinstance(value, list) else [value]
        if resource._meta.model is None:
            return ()
        found = []
        for number, one in enumerate(values, 1):
            spot = f"{place}[{number}]" if len(values) > 1 else place
            step = self.table(one, spot)
            self.known(step, spot, STEP)
            by = step.get("by", "")
            if isinstance(by, list):
                for column in self.texts(by, f"{spot}.by"):
                    if column not in rules:
                        self.wrong(
                            f"{spot}.by",
                            _("the section has no column “%(column)s”%(close)s"),
                            column=column,
                            close=close_to(column, rules) or ".",
                        )
                for word in step.keys() & {"from", "template", "map", "scheme"}:
                    self.wrong(
                        f"{spot}.{word}",
                        _("leave it out; the columns are looked up already."),
                    )
                found.append(Find(columns=tuple(by)))
                continue
            feeds = [word for word in ("from", "template") if word in step]
            if len(feeds) != 1:
                self.wrong(spot, _("give exactly one of: from, template."))
            rule = self.fed(step, spot)
            self.check_by(by, rule.scheme, spot, resource._meta.model)
            found.append(Find(rule=rule))
        return tuple(found)

    def ordered(self, sections):
        """The sections, each after those that it refers to."""
        tables_in_order = list(self.tables)
        waiting = sorted(
            sections.values(), key=lambda one: tables_in_order.index(one.table)
        )
        for section in waiting:
            for column, rule in section.rules.items():
                self.check_of(section, column, rule.of, sections)
        done = set()
        while waiting:
            ready = [
                section
                for section in waiting
                if all(of in done or of not in sections for of in section.refers_to)
            ]
            if not ready:
                for section in waiting:
                    self.wrong(
                        section.label, _("it refers to itself through other sections.")
                    )
                return
            yield from ready
            done |= {section.label for section in ready}
            waiting = [section for section in waiting if section not in ready]

    def check_of(self, section, column, of, sections):
        """Whether a column may name the record of a section."""
        if not of:
            return
        place = f"{section.label}.{column}.of"
        if of not in sections:
            close = close_to(of, sections) or "."
            self.wrong(
                place, _("there is no section “%(of)s”%(close)s"), of=of, close=close
            )
            return
        django_field = section.field(column)
        other = sections[of]
        if other.wide and (
            not section.wide or section.wide.columns != other.wide.columns
        ):
            self.wrong(
                place,
                _(
                    "%(of)s has several rows for each row of the file; give this "
                    "section the same “wide”."
                ),
                of=of,
            )
        if not other.is_of_records:
            self.wrong(place, _("the rows of %(of)s have no slug."), of=of)
        elif django_field is not None and django_field.is_relation:
            model = other.resource._meta.model
            if not issubclass(model, django_field.related_model):
                self.wrong(
                    place,
                    _("“%(column)s” names %(wanted)s, and %(of)s are %(given)s."),
                    column=column,
                    wanted=django_field.related_model._meta.verbose_name_plural,
                    of=of,
                    given=model._meta.verbose_name_plural,
                )


def _may_be_empty(resource, column):
    """Whether some kind of row has nothing in a column of the key."""
    fields = [
        part.fields[column].django_field
        for part in resource.parts().values()
        if column in part.fields
    ]
    return bool(fields) and all(field.blank for field in fields)
