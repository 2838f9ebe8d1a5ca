"""Matches each row of a foreign file with a record, or marks it as new."""

from array import array
from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from ...tables import MAX_FAULTS, Fault, Typed, made_of
from . import lookup
from .cells import CellError, Unread, as_slug, slug_of
from .intersecting import intersected
from .sections import KEEP, left_out_by

# What a foreign row brings to a section; PARTLY is for what is wrong in other cells.
NOTHING, NEW, FOUND, PARTLY = 0, 1, 2, 3


class Unsettled(Exception):
    """Of a row that another one belongs to it is not clear which record it means."""


class Settling:
    """What the rows of a foreign file are to one section, settled chunk by chunk.

    A row keeps one slug and one byte here, a record the hashes of its cells. Of a
    section with wide columns the rows are those that they make.
    """

    def __init__(self, section):
        self.section = section
        self.wrong = defaultdict(list)  # by line: what is wrong there
        self.unsettled = set()  # the numbers of rows that mean a record, but not which
        self.slugs = []  # of every foreign row; "" where it means no record
        self.brings = bytearray()
        self.kept = set()  # slugs on record that are left as they are
        self.repeats = (
            set()
        )  # the numbers of rows that only say again what one has said
        self.left_out = Counter()  # by the column that decided it
        self.parted = Counter()  # by column and mark: numbers with marks between digits
        self._related = defaultdict(dict)  # column: foreign text: slug, or the trouble
        self._first = {}  # key: its first line and the hashes of its cells
        self._met = [defaultdict(set) for _step in section.find]
        self._identifiers = defaultdict(set)  # slug: identifiers in this file
        self._fresh = set()  # slugs of records that this file makes
        self._numbers = Counter()  # stem: the last number behind it; 0 if none yet
        self._is_settled = False

    def tell(self, line, message, rule=None):
        """Takes down what is wrong in a line with what a rule reads there.

        It does so in brief once very much is.
        """
        if self._is_settled:
            return  # all is read a second time
        if len(self.wrong) >= MAX_FAULTS:
            message = getattr(message, "in_brief", message)
        column = self.section.foreign_column(rule, made_of(line)) if rule else ""
        self.wrong[line].append(Fault(int(line), str(message), column))

    # our cells

    def cells(self, lines, rows, numbers, settled):
        """Our cells of each row; None where the section leaves it out.

        A cell is None where it is wrong, or what it is made of. ``settled`` are the
        sections that it may refer to, ``numbers`` those of the rows in the file.
        """
        found = []
        for line, row, number in zip(lines, rows, numbers, strict=True):
            column = left_out_by(row, self.section.only, self.section.skip)
            found.append(None if column else self._cells(line, row, number, settled))
        self._relate(lines, found)
        return found

    def _cells(self, line, row, number, settled):
        cells = {}
        for column, rule in self.section.rules.items():
            try:
                cells[column] = self._cell(column, rule, row, number, settled)
            except (Unsettled, Unread):  # of which it has been told why
                cells[column] = None
            except CellError as error:
                self.tell(line, error, rule)
                cells[column] = None
        if self.section.is_of_records and "slug" not in cells:
            name = cells[self.section.label_column]
            cells["slug"] = None if name is None else slug_of(name)
        names = self.section.intersect
        dates = [cells[name] for name in names]
        if names and None not in dates:
            cells |= zip(names, intersected(*dates), strict=True)
        return cells

    def _cell(self, column, rule, row, number, settled):
        if rule.of:
            return settled[rule.of].slug_for(self.section, number)
        text = rule.text(row)
        if rule.constant is not None:
            return text
        if rule.thousands and not self._is_settled:
            self._count_parted(rule, row)
        if column == "slug":
            return slug_of(text)
        # A slug that was made of such a text is found by it.
        if rule.by in ("", "slug") and self.section.names_records(column):
            return "|".join(map(as_slug, text.split("|")))
        return text

    def _count_parted(self, rule, row):
        """Counts a number whose thousands are parted by a mark."""
        cell = row.get(rule.column) or ""
        if rule.thousands in cell and not isinstance(cell, Typed):
            self.parted[self.section.foreign_column(rule), rule.thousands] += 1

    def slug_for(self, section, number):
        """The slug of the record that a row of another section belongs to.

        Raises Unsettled if it is not clear which.
        """
        own = number // (section.width // self.section.width)
        if own in self.unsettled:
            raise Unsettled
        return self.slugs[own]

    def _relate(self, lines, found):
        """Puts slugs for what names related records in another way."""
        for column, rule in self.section.rules.items():
            if not rule.by:
                continue
            known = self._related[column]
            said = {cells[column] for cells in found if cells}
            texts = said - known.keys() - {"", None}
            items = {text: text.split("|") if rule.split else [text] for text in texts}
            slugs = self._looked_up(
                self.section.field(column).related_model,
                rule,
                {item for parts in items.values() for item in parts},
            )
            for text, parts in items.items():
                known[text] = [(part, sorted(slugs.get(part, ()))) for part in parts]
            for place, cells in enumerate(found):
                if cells and cells[column]:
                    trouble = _trouble(known[cells[column]])
                    if trouble:
                        self.tell(lines[place], trouble, rule)
                        cells[column] = None
                        continue
                    cells[column] = "|".join(
                        sorted(one for _part, (one,) in known[cells[column]])
                    )

    def _looked_up(self, model, rule, texts):
        """The slugs of the records that these texts name, by the text."""
        if rule.by == "identifier":
            return lookup.identified(model, rule.scheme, texts)
        if rule.by == "name":
            return lookup.named(model, texts)
        return {slug: {now} for slug, now in lookup.on_record(model, texts).items()}

    # the first reading

    def take(self, lines, rows, settled):
        """Settles what the next rows of the file are."""
        lines, rows = self.section.melted(lines, rows)
        columns = [
            left_out_by(row, self.section.only, self.section.skip) for row in rows
        ]
        self.left_out.update(filter(None, columns))
        first = len(self.slugs)
        found = self.cells(lines, rows, range(first, first + len(rows)), settled)
        settle = self._records if self.section.is_of_records else self._parts
        matched = settle(lines, rows, found)
        for column, (slug, brings) in zip(columns, matched, strict=True):
            if not (slug or column) and self.section.is_of_records:
                self.unsettled.add(len(self.slugs))
            self.slugs.append(slug)
            self.brings.append(brings)

    def end(self):
        """Takes down that all of the file is settled."""
        self._is_settled = True

    def _parts(self, lines, _rows, found):
        for line, cells in zip(lines, found, strict=True):
            if not _is_whole(cells):
                yield "", PARTLY if cells else NOTHING
                continue
            key = tuple(cells[column] for column in self.section.key)
            yield "", NEW if self._is_first(key, line, cells) else self._repeated()

    def _repeated(self):
        """What the row that is being settled brings if another one has said it all."""
        self.repeats.add(len(self.slugs))
        return NOTHING

    def _records(self, lines, rows, found):
        sought = [
            self._sought(line, row, cells) if _is_whole(cells) else None
            for line, row, cells in zip(lines, rows, found, strict=True)
        ]
        on_record = self._on_record(sought)
        stems = {cells["slug"] for cells in found if _is_whole(cells)}
        if self.section.find:
            self._taken = lookup.taken(self.section.model, stems)
        else:
            self._borne = lookup.on_record(self.section.model, stems)
        for line, cells, keys in zip(lines, found, sought, strict=True):
            if keys is None:
                yield "", PARTLY if cells else NOTHING
                continue
            try:
                slug = self._record(cells, keys, on_record)
            except CellError as error:
                self.tell(line, error, self._rule_of(keys))
                yield "", PARTLY
                continue
            yield slug, self._brings(slug, line, cells)

    def _brings(self, slug, line, cells):
        found = slug not in self._fresh
        if found and self.section.found == KEEP:
            self.kept.add(slug)
            return NOTHING
        if not self._is_first(slug, line, cells):
            return self._repeated()
        return FOUND if found else NEW

    def _sought(self, line, row, cells):
        """What a row is looked for by: the number of each step, and its key."""
        keys = {}
        for number, step in enumerate(self.section.find):
            try:
                key = step.key(row, cells)
            except Unread:
                return None
            except CellError as error:
                self.tell(line, error, step.rule)
                return None
            if key is not None:
                keys[number] = key
        return keys

    def _on_record(self, sought):
        """For each step the slugs on record by their key."""
        by_step = []
        for number, step in enumerate(self.section.find):
            keys = {keys[number] for keys in sought if keys and number in keys}
            if step.columns:
                found = lookup.with_cells(self.section, step.columns, keys)
            else:
                found = self._looked_up(self.section.model, step.rule, keys)
            by_step.append(found)
        return by_step

    def _record(self, cells, keys, on_record):
        """The slug of the record that a row means; CellError if that is not clear."""
        if not self.section.find:
            if not cells["slug"]:
                raise CellError(
                    _("its slug would be empty; fill in the cells that it is made of.")
                )
            slug = self._borne.get(cells["slug"])
            return slug or self._made(cells["slug"], keys)
        for number, key in keys.items():
            step = self.section.find[number]
            slugs = {*on_record[number].get(key, ()), *self._met[number][key]}
            if step.by == "name":
                slugs = self._not_another(slugs, keys)
            if len(slugs) > 1:
                raise CellError(_several(key, slugs))
            if slugs:
                (slug,) = slugs
                self._meet(slug, keys)
                return slug
        return self._made(self._free(cells["slug"]), keys)

    def _not_another(self, slugs, keys):
        """Without those that bear another identifier: namesakes are not the same."""
        for number, key in keys.items():
            step = self.section.find[number]
            if step.by == "identifier" and slugs:
                borne = lookup.identifiers_of(
                    self.section.model, step.rule.scheme, slugs
                )
                for slug, own in self._identifiers.items():
                    if slug in slugs:
                        borne[slug] |= own
                slugs = {
                    slug for slug in slugs if not borne[slug] or key in borne[slug]
                }
        return slugs

    def _made(self, slug, keys):
        """The slug of a record that is new, if the mapping makes such."""
        if not self.section.create:
            what = ", ".join(
                key if isinstance(key, str) else " / ".join(key)
                for key in keys.values()
            )
            raise CellError(
                _(
                    "no %(kind)s matches %(what)s, and the mapping creates none; "
                    "add it first."
                )
                % {
                    "kind": self.section.model._meta.verbose_name,
                    "what": f"“{(what or slug)[:160]}”",
                }
            )
        self._fresh.add(slug)
        self._meet(slug, keys)
        return slug

    def _meet(self, slug, keys):
        for number, key in keys.items():
            self._met[number][key].add(slug)
            if self.section.find[number].by == "identifier":
                self._identifiers[slug].add(key)

    def _free(self, stem):
        """A slug that neither a record nor another row has."""
        stem = stem or self.section.model.type_name()
        number = self._numbers[stem]  # those before it are not free any more
        slug = f"{stem}-{number}" if number else stem
        while slug in self._fresh or self._is_taken(slug, stem):
            number = max(number, 1) + 1
            slug = f"{stem}-{number}"
        self._numbers[stem] = number
        return slug

    def _is_taken(self, slug, stem):
        if slug == stem:
            return slug in self._taken
        return bool(lookup.taken(self.section.model, [slug]))

    def _is_first(self, key, line, cells):
        """Whether a row is the first of its key; tells of one that says otherwise."""
        hashes = array(
            "q", (hash(cell) for name, cell in cells.items() if name != "slug")
        )
        own = (line, hashes)
        known = self._first.setdefault(key, own)
        if known is own:
            return True
        first, known = known
        if known != hashes:
            columns = [name for name in cells if name != "slug"]
            differing = [
                name
                for name, one, other in zip(columns, known, hashes, strict=True)
                if one != other
            ]
            self.tell(
                line,
                _("it disagrees with line %(line)d of %(key)s: %(columns)s.")
                % {
                    "line": first,
                    "key": key if isinstance(key, str) else " / ".join(key),
                    "columns": ", ".join(differing),
                },
                self.section.rules[differing[0]],
            )
        return False

    def _rule_of(self, keys):
        """The rule that a trouble with a record is told of; None without any."""
        rules = [self.section.find[number].rule for number in keys]
        rules.append(self.section.rules.get("slug"))
        rules.append(self.section.rules.get(self.section.label_column))
        return next((rule for rule in rules if rule and rule.reads), None)


def _is_whole(cells):
    """Whether there is a row, and nothing in it is wrong."""
    return cells is not None and None not in cells.values()


def _several(key, slugs):
    name = key if isinstance(key, str) else " / ".join(key)
    return _("“%(name)s” matches several records: %(slugs)s; name one of them.") % {
        "name": name[:160],
        "slugs": ", ".join(sorted(slugs)),
    }


def _trouble(parts):
    """Why texts do not each name one record; "" if they do."""
    for text, slugs in parts:
        if not slugs:
            return _("no record is named “%s”; add it first.") % text[:160]
        if len(slugs) > 1:
            return _several(text, slugs)
    return ""
