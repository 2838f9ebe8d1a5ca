"""All that is wrong with a file is told in one round, whatever finds it."""

import csv
from io import StringIO

import pytest

from entities.models import Official, Place
from provenance.imports.mapping import Mapping
from provenance.imports.set_aside import rows_set_aside
from provenance.resources.importing import import_tables
from provenance.review.roles import DATA_MANAGER
from provenance.tables import UPLOAD, open_sheet
from tests import make
from tests.importing import faults, upload
from tests.recipes import read_in
from tests.roles import somebody
from tests.sending import problem, send
from tests.workbooks import xlsx
from tests.writing import program

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LONG = "x" * (UPLOAD.cell + 1)
ROWS = (
    "slug,status,name,kind,,parent",
    "nogales,draft,Nogales,town,,",  # a cell
    "yuma,draft,Yuma,city,x,mars",  # a value in no column, and a cell
    "sonora,draft,Sonora",  # a row of another length
    'tijuana,draft,"Tij"uana,city,,',  # a quote that is out of place
    f"laredo,draft,{LONG},town,,",  # a cell that is too long, and another
    "Agua,draft,Agua Prieta,village,,",  # what the row is known by, and a cell
    "douglas,draft,Douglas,city,,tijuana",  # needs a row that is wrong
    "naco,draft,Naco,city,,",
)
FAULTS = [
    (2, "kind"),
    (3, ""),
    (3, "parent"),
    (4, ""),
    (5, ""),
    (6, "kind"),
    (6, "name"),
    (7, "kind"),
    (7, "slug"),
]
PLACES = "\n".join([*ROWS, ""])


def aside(sheet, imported):
    """The rows that an import gives back, by their line as it says them."""
    return list(rows_set_aside(sheet, imported.why))


class TestOfOurs:
    def test_by_a_function(self):
        (outcome,) = import_tables([("places", open_sheet(PLACES.encode()))]).outcomes
        found = sorted((fault.line, fault.column) for fault in outcome.faults)
        assert found == FAULTS
        assert (outcome.counts["new"], outcome.counts["wrong"]) == (1, 7)

    @pytest.mark.parametrize(
        ("data", "unread"),
        [
            (
                "slug,status,name,kind\nnogales,draft,Él,town\nnaco,draft,Naco,city\n"
                "yuma,draft,Yuma,town\n".encode("cp1252"),
                "byte 0xC9 at place 15 is not UTF-8",
            ),
            (
                xlsx(
                    A=[
                        ["slug", "status", "name", "kind"],
                        ["nogales", "draft", "=1+1", "town"],
                        ["naco", "draft", "Naco", "city"],
                        ["yuma", "draft", "Yuma", "town"],
                    ]
                ),
                "the formula in cell C2 has no value",
            ),
        ],
        ids=["bytes that are no characters", "a formula without a value"],
    )
    def test_what_cannot_be_read_keeps_nothing_else_from_being_told(self, data, unread):
        sheet = open_sheet(data)
        imported = import_tables([("places", sheet)], set_aside=True)
        (outcome,) = imported.outcomes
        found = [(fault.line, fault.column) for fault in outcome.faults]
        assert found == [(2, "name"), (2, "kind"), (4, "kind")]
        assert outcome.faults[0].message.startswith(unread)
        assert [place.slug for place in Place.objects.all()] == ["naco"]
        _header, (*cells, why), _yuma = aside(sheet, imported)
        assert (cells[0], cells[3]) == ("nogales", "town")
        assert unread in why

    def test_by_the_api(self):
        manager = program(somebody(DATA_MANAGER))
        said = problem(send(manager, PLACES), 400)
        found = sorted((e["line"], e["column"] or "") for e in said["errors"])
        assert found == FAULTS
        assert not Place.objects.exists()

    def test_by_the_admin(self, admin_client):
        said = [one.partition(":")[0] for one in faults(upload(admin_client, PLACES))]
        assert sorted(said) == [f"{line}, {column}" for line, column in FAULTS]

    def test_by_the_admin_with_what_is_wrong_with_the_names_of_columns(
        self, admin_client
    ):
        text = PLACES.replace("slug,status", "slug,colour")
        first, *others, ways = faults(upload(admin_client, text))
        assert "unknown column “colour”" in first
        assert "have other names than ours" in ways
        places = [one.partition(": ")[0] for one in others]
        assert sorted(places) == [
            f'line {line}, column "{column}"' if column else f"line {line}"
            for line, column in FAULTS
        ]

    def test_what_is_set_aside_has_all_that_stood_in_it_and_is_refused_again(self):
        sheet = open_sheet(PLACES.encode())
        imported = import_tables([("places", sheet)], set_aside=True)
        assert [place.slug for place in Place.objects.all()] == ["naco"]
        header, *rows = aside(sheet, imported)
        assert header == ["slug", "status", "name", "kind", "parent", "why_set_aside"]
        said = {row[0]: row[5:] for row in rows}
        assert said["yuma"][1:] == ["x"]
        assert said[""][1:] == [ROWS[4]]  # it cannot be parted into cells
        assert said["laredo"][0].startswith(
            "name: the cell is longer than 64 KiB. kind: "
        )
        assert next(row[2] for row in rows if row[0] == "laredo") == LONG
        assert said["douglas"] == [
            "parent: The row of “tijuana” is set aside; so is what names it."
        ]
        back = StringIO()
        csv.writer(back).writerows([header, *rows])
        (again,) = import_tables(
            [("places", open_sheet(back.getvalue().encode()))], set_aside=True
        ).outcomes
        assert again.counts["new"] == 0


LACKING = "nothing gives this column a value, and a new record needs one."


def test_a_new_record_without_a_column_that_it_needs_is_refused():
    text = "slug,status,title\nchief,draft,Chief\ndeputy,draft,Deputy\n"
    (outcome,) = import_tables([("posts", open_sheet(text.encode()))]).outcomes
    assert [str(fault) for fault in outcome.faults] == [
        f'line 2, column "agency": {LACKING}'
    ]
    assert outcome.counts["wrong"] == 2
    imported = import_tables([("posts", open_sheet(text.encode()))], set_aside=True)
    assert {line: len(found) for line, found in imported.wrong["posts"].items()} == {
        2: 1,
        3: 1,
    }
    make.a_post("Chief", slug="chief")
    (outcome,) = import_tables(
        [("posts", open_sheet(b"slug,title\nchief,The chief\n"))]
    ).outcomes
    assert (outcome.faults, outcome.counts["changed"]) == ([], 1)


PEOPLE = """
name = "People"
[officials]
name = {from = "person"}
[appointments]
slug = {template = "{person} {since}"}
official = {of = "officials"}
post = "secretary"
kind = {from = "kind"}
start = {from = "since", dates = "dmy"}
"""


def told(toml, *lines):
    """What is wrong with a foreign file, as line and column; the rows of each table."""
    mapping = Mapping.from_toml(toml)
    sheet = mapping.opened("\n".join([*lines, ""]).encode())
    imported = import_tables(mapping.apply(sheet), set_aside=False)
    found = [*imported.of_no_table, *(f for o in imported.outcomes for f in o.faults)]
    counts = {
        one.table: (one.counts["new"], one.counts["wrong"]) for one in imported.outcomes
    }
    return sorted((fault.line, fault.column) for fault in found), counts


class TestOfOthers:
    @pytest.fixture(autouse=True)
    def post(self):
        make.a_post(slug="secretary")

    def test_what_the_mapping_and_what_the_tables_find(self):
        found, counts = told(
            PEOPLE,
            "person,kind,since",
            "Ana,acting,2001",
            "Eva,nonsense,soon",  # a date that the mapping refuses, a word that we do
            f"Ida,{LONG},soon",
            "Leo,acting",
            'Bea,"act"ing,2001',
            "Ian,nonsense,2001",
        )
        assert found == [
            (3, "kind"),
            (3, "since"),
            (4, "kind"),
            (4, "since"),
            (5, ""),
            (6, ""),
            (7, "kind"),
        ]
        # What cannot be read is wrong in each table; of what feeds one that one.
        assert counts == {"officials": (3, 3), "appointments": (1, 5)}

    def test_columns_that_it_lacks_and_cells_of_those_that_it_has(self):
        found, _counts = told(
            PEOPLE, "person,since,colour", "Ana,2001,red", "Eva,soon,red"
        )
        assert found == [(1, "colour"), (1, "kind"), (3, "since")]

    def test_a_file_without_any_of_its_columns_is_another_one(self, tmp_path):
        (tmp_path / "people.toml").write_text(PEOPLE)
        file = tmp_path / "people.csv"
        file.write_text("a,b\n1,2\n")
        with pytest.raises(Exception, match="5 faults"):
            read_in(file, mapping=str(tmp_path / "people.toml"))

    def test_rows_set_aside_keep_what_stands_in_no_column(self):
        mapping = Mapping.from_toml(PEOPLE)
        lines = ("person,,kind,since", "Ana,x,acting,2001", "Eva,,acting,2001", "")
        sheet = mapping.opened("\n".join(lines).encode())
        imported = import_tables(mapping.apply(sheet), set_aside=True)
        assert [one.name for one in Official.objects.all()] == ["Eva"]
        ((*_header, why), (*cells, said, beside)) = aside(sheet, imported)
        assert (cells, why, beside) == (["Ana", "acting", "2001"], "why_set_aside", "x")
        assert said.startswith("column 2 has a value and no name")


WIDE = """
name = "Crimes"
[observations]
wide = {columns = "Enero..Marzo", into = "start", values = {Enero = "01", Marzo = "03"}}
slug = {template = "{Estado} {start}"}
metric = "homicide"
modality = "actual"
start = {template = "2024-{start}"}
place = {from = "Estado"}
"""


class TestOfWideFiles:
    @pytest.fixture(autouse=True)
    def metric(self):
        make.a_metric("Homicide", slug="homicide", kind="level")
        make.a_place("Sonora", slug="sonora")

    def test_a_column_of_unknown_meaning_keeps_nobody_from_the_cells_of_others(self):
        found, counts = told(
            WIDE, "Estado,Enero,Febrero,Marzo", "Sonora,1,2,x", "Mars,1,2,3"
        )
        assert found == [
            (1, "Febrero"),
            (2, "Marzo"),
            (3, "Estado"),
        ]
        assert counts == {"observations": (1, 5)}

    def test_a_cell_that_feeds_two_columns_is_told_once(self):
        toml = WIDE.replace(
            "start = {template", 'end = {from = "start"}\nstart = {template'
        )
        toml = toml.replace('"01"', '"soon"').replace('"2024-{start}"', '"{start}"')
        toml = toml.replace('Marzo = "03"', 'Marzo = "2024-03"')
        found, _counts = told(toml, "Estado,Enero,Marzo", "Sonora,1,2")
        assert found == [(2, "Enero")]

    def test_each_month_of_a_line_is_named_that_is_wrong(self):
        found, _counts = told(
            WIDE.replace('Enero = "01", ', 'Enero = "01", Febrero = "02", '),
            "Estado,Enero,Febrero,Marzo",
            "Sonora,x,2,x",
            "Mars,1,2,x",
        )
        assert found == [(2, "Enero"), (2, "Marzo"), (3, "Estado"), (3, "Marzo")]

    def test_a_month_is_named_whose_row_is_wrong_as_a_whole(self):
        toml = WIDE.replace("metric =", 'baseline_start = "2025"\nmetric =')
        toml = f'{toml}baseline_end = {{from = "Hasta"}}\n'
        found, _counts = told(toml, "Hasta,Estado,Enero,Marzo", "2024,Sonora,1,2")
        assert found == [(2, "Enero"), (2, "Marzo")]

    def test_what_names_no_columns_is_told_with_the_faults_of_other_tables(self):
        toml = WIDE.replace("Enero..Marzo", "Marzo..Enero")
        toml += '[places]\nname = {from = "Estado"}\nkind = {from = "kind"}\n'
        found, _counts = told(
            toml, "Estado,kind,Enero,Marzo", "Sonora,town,1,2", "Mars,city"
        )
        assert found == [(1, ""), (2, "kind"), (3, "")]
