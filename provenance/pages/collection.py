"""The list of all records of a kind, as a table of what one looks for in it."""

from dataclasses import dataclass, field
from datetime import date
from string import ascii_lowercase

from django.db.models import DateField, Exists, Model, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..api.filters import filter_of
from ..api.parameters import EXCLUDING, BySlug
from ..db.batches import Among
from ..db.keyset import LARGEST_KEY, Cursor, Keyset, Stretch
from ..db.ranked import Ranked
from ..evidence.visibility import with_disputes
from ..models import BY_DATE, BY_NAME, Dispute, Portrait, Record
from ..registry.classes import class_per_kind
from ..tracking.time_travel import in_the_past
from ..values.collation import sort_key
from ..values.dates import Spanned
from ..values.translations import translation_spoken
from ..web.time_axis import is_dated, spoken
from .addresses import asked, in_other_forms, listed_as, page_of
from .base import Misasked
from .lists import ListPage, checked_filter

FEW = 500  # records of a list, which is ordered by what is worked out of each
DESCRIPTION = gettext_lazy(
    "%s of the border-security cooperation between the United States and Mexico, each "
    "with its sources and disputes."
)
A_ROW = Keyset(("slug",))
GROUNDS = (
    ("no", gettext_lazy("from the sources")),
    ("yes", gettext_lazy("not from the sources")),
)
CHANGED, NEWEST, OLDEST, BACKWARDS = "changed", "newest", "oldest", "z-a"
ASCENDING, NAMES = ("", OLDEST), ("", BACKWARDS)
LOWEST = "-"  # before the name of a measure: the lowest first
TURNED = {"": BACKWARDS, NEWEST: OLDEST}  # what the head of a sorted column offers


@dataclass(frozen=True)
class Item:
    """One thing that a cell says: in words, where that leads, and how surely."""

    text: str
    address: str = ""
    note: str = ""
    is_general: bool = False  # it rests on no source


@dataclass(frozen=True)
class Column:
    """What a table says of each record: some items, by the key of the record."""

    label: str
    items: dict[int, list[Item]]
    name: str = ""  # by which the list is ordered by it, if it can be


@dataclass(frozen=True)
class Head:
    """What stands above a column, and where the list is ordered by it."""

    label: str
    address: str = ""
    sorted: str = ""  # as in ``aria-sort``


@dataclass(frozen=True)
class Row:
    """One record of a table."""

    record: Record
    cells: list[tuple[str, list[Item]]]
    portrait: Portrait | None = None


@dataclass(frozen=True)
class Placed:
    """A record by its place in a list that was worked out."""

    place: tuple[int, int]
    pk: int = field(compare=False)


@class_per_kind("CollectionPage", module="pages", tells="model")
def collection_page_of(kind, above):
    """The page of the list of all records of a kind."""
    return {"__doc__": kind.about}


@collection_page_of.register(Record)
class CollectionPage(ListPage):
    """Published records of one kind: all, or those that are found or narrowed to."""

    template_name = "pages/collection.html"
    model: type[Record]
    beside: tuple = ()  # labels, and names of addresses, of what else tells of them
    shown_with: tuple[str, ...] = ()  # relations of them that columns tell of

    # What is asked

    @property
    def parameters(self):
        """What narrows the list, its order, and the place in it."""
        words = (name for name, _label, _choices in self.choices())
        return ("q", "order", "cursor", *words, *self.relations())

    @property
    def repeatable(self):
        return {name for name, each in self.relations().items() if each.repeatable()}

    @property
    def words(self):
        return {"order": tuple(filter(None, self.orders()))}

    def choices(self):
        """What the list is narrowed to by one word of few: the parameter, its label,
        and the words with theirs.
        """
        known, found = filter_of(self.model).base_filters, []
        if "kind" in known and (kinds := self.model._meta.get_field("kind").choices):
            found.append(("kind", _("Kind"), kinds))
        if "in_dispute" in known:
            found.append(("in_dispute", _("Disputes"), Dispute.State.choices))
        if "general_knowledge" in known:
            found.append(("general_knowledge", _("Dates"), GROUNDS))
        return found

    def relations(self):
        """The parameters that name other records."""
        filters = filter_of(self.model)
        asks = filters.base_filters | filters.of_families(self.request.GET)
        return {name: each for name, each in asks.items() if isinstance(each, BySlug)}

    @property
    def is_named(self):
        """Whether records of this kind have names to be ordered by."""
        return bool(self.model._meta.get_field(BY_NAME).read_columns(self.model))

    def orders(self):
        """What the list can be ordered by: words, what they are called, and how.

        None stands for what is worked out, of a list that is short enough.
        """
        name = (BY_NAME, "id") if self.is_named else A_ROW.columns
        found = {
            "": (_("Name"), Keyset(name)),
            BACKWARDS: (_("From Z to A"), Keyset(name, descending=True)),
        }
        if date := self.listed_by_date:
            dates = Keyset((date, "id")), Keyset((date, "id"), descending=True)
            if in_the_past() and self.model.listed_in_the_past_by != BY_DATE:
                dates = None, None
            found[NEWEST] = _("Newest first"), dates[1]
            found[OLDEST] = _("Oldest first"), dates[0]
        return {
            **found,
            CHANGED: (
                _("Last changed"),
                Keyset(("updated_at", "id"), descending=True),
            ),
            **{
                word: (shown, None)
                for name, label in self.measures_named().items()
                for word, shown in ((name, label), (LOWEST + name, f"{label} ↑"))
            },
        }

    @property
    def listed_by_date(self):
        """The date along which an index goes; empty if there is none."""
        return BY_DATE[1] if self.model.listed_in_the_past_by == BY_DATE else ""

    # What each kind tells of its records

    def measures_named(self):
        """What is worked out of each record, and can order a short list: labels."""
        return {}

    def measures(self):
        """The same as expressions: numbers or dates, of which the highest come first.

        They are of today. Of the past they are not told.
        """
        return {}

    # The table that has some of these of each record, by whose keys, and their names.
    stored: tuple[type[Model] | None, tuple[str, ...]] = None, ()

    def columns(self, records):
        """What the table says of these records, which have the measures."""
        kinds = {r.pk: [Item(self.kind(r))] for r in records if self.kind(r)}
        dated = [r for r in records if isinstance(r, Spanned) and is_dated(r)]
        found = [
            Column(_("Kind"), kinds),
            Column(_("When"), {r.pk: [_when(r)] for r in dated}, NEWEST),
        ]
        return [column for column in found if column.items]

    def kind(self, record):
        """What sort of thing a record is, in words."""
        has_kinds = "kind" in filter_of(self.model).base_filters
        return capfirst(record.get_kind_display()) if has_kinds else ""

    def linked(self, record, note="", is_general=False):
        """The way to a record; nothing if the public may not see it."""
        if record is None or not record.is_public:
            return []
        address = asked(page_of(record), known_at=self.known_at)
        return [Item(record.in_words, address, note, is_general)]

    # The list

    def get_context_data(self, **context):
        model = self.model
        of_page = ("cursor", "known_at", "order")
        given = {k: text for k, text in self.asked.items() if k not in of_page}
        public = model.objects.published()
        filters = checked_filter(filter_of(model), given, public)
        listed = filters.filter_queryset(public).labelled()
        order = self.asked.get("order", "")
        stretches = self.stretches(listed, order)
        page = self.page_among(stretches, order)
        rows, columns = self.table([row.pk for row in page.rows])
        is_short = self.is_short(listed, page)
        offered = self.offered(is_short)
        return super().get_context_data(
            **context,
            **self.page_links(page),
            **in_other_forms(
                f"{model.collection}-list", **given, known_at=self.known_at
            ),
            heads=[
                self.sorted_head("", offered[""]),
                *(self.head_of(column, offered) for column in columns),
            ],
            rows=rows,
            orders=[(word, label, word == order) for word, label in offered.items()],
            order_told="" if is_short else self.order_of_many(),
            choices=[
                (name, label, [(w, each, w == given.get(name)) for w, each in words])
                for name, label, words in self.choices()
            ],
            letters=self.letters(page, *stretches) if not order else [],
            description=str(DESCRIPTION) % listed_as(model),
            q=self.asked.get("q", ""),
            narrowed=[
                (self.called(name, each), each.exclude, record)
                for name, each in self.relations().items()
                for record in filters.chosen(name)
            ],
        ) | {"title": listed_as(model)}

    def called(self, name, parameter):
        """What a reader calls a parameter that names other records."""
        columns = {column.name: column for column in self.model._meta.fields}
        column = columns.get(name.removesuffix(EXCLUDING))
        label = parameter.label or getattr(column, "verbose_name", "")
        return capfirst(str(label or parameter.extra["model"]._meta.verbose_name))

    def stretches(self, listed, order):
        """The records of the list in an order; those without a date come last."""
        _label, keyset = self.orders()[order]
        if order in NAMES and (told := self.by_names_told(listed, order)):
            return [told]
        if order == OLDEST and keyset:
            return dated_first(listed, keyset)
        if keyset:
            return [Stretch("", listed, keyset)]
        keys = listed.order_by().values_list("pk", flat=True)[: FEW + 1]
        if len(keys) > FEW and self.is_stored(order):
            return self.as_stored(order)
        if len(keys) > FEW or in_the_past():
            message = _(
                "Only a list of up to %d records, as they are now, can be ordered by "
                "“%s”; narrow it down, or choose another order."
            )
            raise Misasked([message % (FEW, _label)])
        return [self.ranked(keys, order)]

    def is_stored(self, order):
        """Whether all records can be ordered so along an index: these, and of today."""
        _table, names = self.stored
        narrows = self.asked.keys() - {"order", "cursor"}
        return order.removeprefix(LOWEST) in names and not narrows

    def as_stored(self, order):
        """All records in the order of what is stored of each."""
        (table, _names), name = self.stored, order.removeprefix(LOWEST)
        public = self.model.objects.published().filter(pk=OuterRef("party"))
        rows = table.objects.filter(Exists(public))
        keyset = Keyset((name, "party"), descending=not order.startswith(LOWEST))
        is_date = isinstance(table._meta.get_field(name), DateField)
        if is_date and not keyset.descending:
            return dated_first(rows, keyset)
        return [Stretch("", rows, keyset)]

    def by_names_told(self, listed, order):
        """A short list by names in the language of the page; None if those recorded do.

        An index has these alone: of a long list, and of the past, they have to.
        """
        name = self.model.label_field
        translation = translation_spoken(self.model, name)
        if translation is None or in_the_past():
            return None
        rows = listed.order_by().values_list("pk", name, translation)[: FEW + 1]
        if len(rows) > FEW:
            return None
        named = sorted(
            ((sort_key(told or text), pk) for pk, text, told in rows),
            reverse=order == BACKWARDS,
        )
        return Ranked([Placed((0, n), pk) for n, (_name, pk) in enumerate(named)], 2)

    def ranked(self, keys, order):
        """These records by what is worked out of each."""
        rows = self.rows_to_rank(keys, order.removeprefix(LOWEST))
        number = _lowest_first if order.startswith(LOWEST) else _highest_first
        return Ranked(
            [
                Placed((number(value), place), key)
                for place, (_name, key, value) in enumerate(sorted(rows))
            ],
            2,
        )

    def rows_to_rank(self, keys, order):
        """What orders records of these keys: their names, they, and their measures."""
        rows = self.model.objects.filter(pk__in=Among(keys)).order_by()
        return rows.values_list(BY_NAME, "pk", self.measures()[order])

    def table(self, keys):
        """The rows of records of these keys, in this order, and the columns."""
        public = self.model.objects.published().labelled()
        rows = public.select_related(*self.shown_with).filter(pk__in=Among(keys))
        rows = with_disputes(rows).order_by()
        found = {r.pk: r for r in self.measured(rows)} if keys else {}
        records = [found[key] for key in keys]
        if issubclass(self.model, Spanned):
            self.model.look_up_grounds(records)
        columns = self.columns(records)
        portraits = self.portraits(records)
        return [
            Row(
                record,
                [(column.label, column.items.get(record.pk, [])) for column in columns],
                portraits.get(record.pk),
            )
            for record in records
        ], columns

    def measured(self, rows):
        """Records with what is worked out of each, if they are those of today."""
        if in_the_past():
            return rows
        # The names are those of relations, too.
        measures = self.measures().items()
        return rows.annotate(**{f"its_{name}": how for name, how in measures})

    def portraits(self, records):
        """The pictures of these records, by their keys; of the past none is shown."""
        if not self.model.portrait_called or self.known_at:
            return {}
        return Portrait.objects.of_records(records)

    def is_short(self, listed, page):
        """Whether it can be ordered by what is worked out of each record."""
        if in_the_past():
            return False
        is_of_one_page = not (page.next or page.previous)
        keys = listed.order_by().values_list("pk", flat=True)
        return is_of_one_page or len(keys[: FEW + 1]) <= FEW

    def offered(self, is_short):
        """What this list can be ordered by: words, and what they are called."""
        return {
            word: label
            for word, (label, keyset) in self.orders().items()
            if keyset or is_short or self.is_stored(word)
        }

    def order_of_many(self):
        """What a reader of a list that is not short is told of its order."""
        if in_the_past():
            return ""
        name = self.model.label_field
        if translation_spoken(self.model, name) and not self.asked.get("order"):
            return (
                _(
                    "Sorted by the names as recorded: only a list of up to %d records "
                    "is sorted by translated names or by numbers. Narrow it down."
                )
                % FEW
            )
        named = self.measures_named().items()
        labels = [label for name, label in named if not self.is_stored(name)]
        if not labels:
            return ""
        return _(
            "Only a list of up to %(number)d records is sorted by: %(columns)s. Narrow "
            "it down to sort it by these."
        ) % {"number": FEW, "columns": ", ".join(labels)}

    def head_of(self, column, offered):
        return (
            self.sorted_head(column.name, column.label)
            if column.name in offered and column.name
            else Head(column.label)
        )

    def sorted_head(self, order, label):
        """What stands above what the list can be ordered by: once it is, backwards."""
        asked, turned = self.asked.get("order", ""), TURNED.get(order, LOWEST + order)
        to = turned if asked == order else order
        is_ascending = asked in ASCENDING or asked.startswith(LOWEST)
        way = "ascending" if is_ascending else "descending"
        is_here = asked in (order, turned)
        return Head(label, self.address(order=to, cursor=""), way if is_here else "")

    def letters(self, page, stretch):
        """The places in a long list at which names with each letter begin."""
        is_along_names = self.is_named and isinstance(stretch, Stretch)
        if not is_along_names or not (page.next or page.previous):
            return []
        return [
            (
                letter.upper(),
                self.address(cursor=str(Cursor(False, "", "", [letter, 0]))),
            )
            for letter in ascii_lowercase
        ]


def _when(record):
    """When a record was, as a cell says it."""
    return Item(spoken(record), is_general=bool(record.general_knowledge))


def _highest_first(value):
    """Where a number or a date stands; what is not known comes last."""
    return -(value.toordinal() if isinstance(value, date) else value or 0)


def _lowest_first(value):
    return LARGEST_KEY if value is None else -_highest_first(value)


def dated_first(rows, keyset):
    """The rows in the order of a date, those of which it is not known at last."""
    name = keyset.columns[0]
    return [
        Stretch("dated", rows.filter(**{f"{name}__gt": date.min}), keyset),
        Stretch("", rows.filter(**{name: date.min}), keyset),
    ]
