"""Rows that are wrong are set aside on request, and come back with what is wrong."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entities.models import Official, OfficialName
from provenance.models import ChangeSet
from provenance.resources.importing import import_tables
from provenance.tables import open_sheet
from tests.depth import examples
from tests.folders import files_of, load, write

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HEADER = "slug,name,family_name"


def twenty():
    """Twenty officials of whom two are wrong: one has no name, one a slug of before."""
    lines = [f"o-{number},Ana Prueba {number},Prueba" for number in range(20)]
    lines[6], lines[14] = "o-6,,Prueba", "o-3,Twice,Prueba"
    return "\r\n".join([HEADER, *lines, ""])


def read(text, **options):
    sheet = open_sheet(text.encode())
    return import_tables([("officials", sheet)], set_aside=True, **options)


def said(outcome):
    """What is wrong with the rows of a table, by line."""
    return {
        line: [fault.in_its_row for fault in faults]
        for line, faults in outcome.wrong.items()
    }


def test_what_is_right_is_one_change_and_the_others_say_what_is_wrong():
    imported = read(twenty())
    (outcome,) = imported.outcomes
    assert (outcome.counts["new"], outcome.counts["wrong"]) == (18, 2)
    assert said(outcome) == {
        8: ["name: This field cannot be blank."],
        16: ["Line 5 has the same key; keep one of the two."],
    }
    assert imported.change == ChangeSet.objects.get()
    assert Official.objects.count() == 18
    assert Official.objects.get(slug="o-3").name == "Ana Prueba 3"


def test_without_a_request_nothing_is_written():
    imported = import_tables([("officials", open_sheet(twenty().encode()))])
    assert imported.is_wrong
    assert not Official.objects.exists()


def test_a_preview_says_the_same_and_writes_nothing():
    seen = read(twenty(), dry_run=True)
    assert not Official.objects.exists()
    assert seen.digest == read(twenty()).digest


def test_a_file_that_is_no_such_table_is_refused_as_a_whole():
    imported = read("slug,nam\r\no-1,Ana\r\n")
    assert imported.is_wrong
    assert not ChangeSet.objects.exists()


NOTHING_RIGHT = f"{HEADER}\r\no-1,,\r\n"


UNEQUAL = ("o-1,Ana Prueba,Prueba", "o-2,Eva", "o-3,Leo, Prueba,Prueba")
BACK = (
    f"{HEADER},why_set_aside\r\n"
    'o-2,Eva,,"it has 2 cells, the header has 3."\r\n'
    'o-3,Leo, Prueba,"it has 4 cells, the header has 3.",Prueba\r\n'
)


def test_rows_of_another_length_come_back_with_all_that_stands_in_them(tmp_path):
    rows = "\r\n".join([HEADER, *UNEQUAL, ""])
    path, aside = tmp_path / "officials.csv", tmp_path / "aside.csv"
    path.write_text(rows, newline="")
    call_command("import_table", path, set_aside=aside)
    assert [*Official.objects.values_list("slug", flat=True)] == ["o-1"]
    assert aside.read_bytes().decode() == BACK
    (outcome,) = read(BACK).outcomes
    assert said(outcome) == {3: ["it has 5 cells, the header has 4."]}


def test_what_names_a_row_of_another_length_is_set_aside_as_well():
    names = "official,text,kind,language\r\no-3,Leonardo,short,es\r\n"
    tables = {"officials": "\r\n".join([HEADER, *UNEQUAL]), "official_names": names}
    sheets = [(name, open_sheet(text.encode())) for name, text in tables.items()]
    officials, others = import_tables(sheets).outcomes
    assert (sorted(said(officials)), others.faults) == ([3, 4], [])
    officials, others = import_tables(sheets, set_aside=True).outcomes
    assert said(others) == {
        2: ["official: The row of “o-3” is set aside; so is what names it."]
    }


def test_a_file_of_which_nothing_is_right_is_refused():
    assert read(NOTHING_RIGHT).is_wrong


def test_its_rows_come_back_all_the_same(tmp_path):
    folder = write(tmp_path / "tables", officials=NOTHING_RIGHT.split())
    told = f"{HEADER},why_set_aside\r\no-1,,,name: This field cannot be blank.\r\n"
    with pytest.raises(CommandError, match="nothing was written"):
        call_command(
            "import_table", folder / "officials.csv", set_aside=tmp_path / "one.csv"
        )
    assert (tmp_path / "one.csv").read_bytes().decode() == told
    _out, _err, failure = load(folder, set_aside=tmp_path / "aside")
    assert "nothing was written" in failure
    assert files_of(tmp_path / "aside") == {"officials.csv": told.encode()}


def test_a_file_that_comes_again_with_its_invalid_rows_is_no_fault():
    assert read(twenty()).change
    again = read(twenty())
    (outcome,) = again.outcomes
    assert (outcome.counts["same"], outcome.counts["wrong"]) == (18, 2)
    assert (again.is_wrong, again.change) == (False, None)


def test_each_row_is_told_once():
    told = []
    read(twenty(), report=lambda table, row: told.append(row.line))
    assert sorted(told) == list(range(2, 22))


WITHOUT_A_SOURCE = "“Ben Prueba”: it has no citation; name a source for it."
NO_KIND = (
    "kind: “nonsense” is not a valid choice; choose one of: "
    f"{', '.join(OfficialName.Kind.values)}."
)
TABLES = {
    "sources": ["slug,status,title,kind", "book,published,A book,fact-sheet"],
    "officials": [
        "slug,status,name",
        "ana,published,Ana Prueba",
        "eva,published,",
        "ben,published,Ben Prueba",
        "leo,draft,Leo Prueba",
    ],
    "official_names": [
        "official,text,kind,language",
        "ana,Anna,short,en",
        "eva,Eve,short,en",
        "leo,Leonardo,nonsense,en",
    ],
    "citations": [
        "type,record,field,source,locator",
        "official,ana,,book,p. 1",
        "official,eva,,book,p. 1",
        "official,ben,,no-book,p. 1",
    ],
}


def test_what_needs_a_row_that_is_set_aside_is_set_aside_as_well(tmp_path):
    folder = write(tmp_path / "tables", **TABLES)
    out, _err, failure = load(folder, set_aside=tmp_path / "aside")
    assert failure is None
    assert out.splitlines() == [
        "5 of 11 rows were written.",
        f"6 rows set aside in {tmp_path / 'aside'}.",
    ]
    assert sorted(Official.objects.values_list("slug", flat=True)) == ["ana", "leo"]
    assert [name.text for name in OfficialName.objects.all()] == ["Anna"]
    back = {name: text.decode() for name, text in files_of(tmp_path / "aside").items()}
    assert back == {
        "officials.csv": (
            "slug,status,name,why_set_aside\r\n"
            "eva,published,,name: This field cannot be blank.\r\n"
            # Nothing that is published stands without a source.
            f"ben,published,Ben Prueba,{WITHOUT_A_SOURCE}\r\n"
        ),
        "official_names.csv": (
            "official,text,kind,language,why_set_aside\r\n"
            "eva,Eve,short,en,"
            "official: The row of “eva” is set aside; so is what names it.\r\n"
            f'leo,Leonardo,nonsense,en,"{NO_KIND}"\r\n'
        ),
        "citations.csv": (
            "type,record,field,source,locator,why_set_aside\r\n"
            "official,eva,,book,p. 1,"
            "record: The row of “eva” is set aside; so is what names it.\r\n"
            "official,ben,,no-book,p. 1,source: There is no source “no-book”.\r\n"
        ),
    }


def test_what_comes_back_is_read_again_once_it_is_corrected(tmp_path):
    folder = write(tmp_path / "tables", **TABLES)
    load(folder, set_aside=tmp_path / "aside")
    for name, text in files_of(tmp_path / "aside").items():
        text = text.replace(b"eva,published,,", b"eva,published,Eva Prueba,")
        text = text.replace(b"no-book", b"book").replace(b"nonsense", b"short")
        (tmp_path / "aside" / name).write_bytes(text)
    _out, _err, failure = load(tmp_path / "aside")
    assert failure is None
    assert Official.objects.filter(status="published").count() == 3
    assert OfficialName.objects.count() == 3


@settings(
    max_examples=examples(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_the_others_are_read_as_if_these_were_not_there(wrong, needing):
    """Agencies in a chain, each a part of the one before, some of them wrong."""
    lines = []
    for number in range(12):
        kind = "nonsense" if number in wrong else "ministry"
        parent = f"a-{number - 1}" if number and number not in needing else ""
        lines.append(f"a-{number},Agency {number},{kind},{parent}")
    header = "slug,name,kind,parent"
    sheet = open_sheet("\r\n".join([header, *lines, ""]).encode())
    aside = import_tables([("agencies", sheet)], set_aside=True, dry_run=True)
    (outcome,) = aside.outcomes
    left = [one for line, one in enumerate(lines, 2) if line not in outcome.wrong]
    if not left:
        assert aside.is_wrong
        return
    sheet = open_sheet("\r\n".join([header, *left, ""]).encode())
    (alone,) = import_tables([("agencies", sheet)], dry_run=True).outcomes
    assert not alone.faults
    assert alone.counts["new"] == outcome.counts["new"] == len(left)
    assert {line - 2 for line in outcome.wrong} >= wrong


class TestByCommand:
    def imported(self, path, capsys, *arguments):
        call_command("import_table", str(path), "--table", "officials", *arguments)
        return capsys.readouterr().out.splitlines()

    def test_writes_the_others_to_a_file(self, tmp_path, capsys):
        path, aside = tmp_path / "people.csv", tmp_path / "aside.csv"
        path.write_text(twenty(), newline="")
        said = self.imported(path, capsys, "--set-aside", str(aside))
        assert said[-2:] == [
            "18 of 20 rows were written, as change 1.",
            f"2 rows set aside in {aside}.",
        ]
        assert aside.read_bytes().decode().splitlines() == [
            "slug,name,family_name,why_set_aside",
            "o-6,,Prueba,name: This field cannot be blank.",
            "o-3,Twice,Prueba,Line 5 has the same key; keep one of the two.",
        ]

    def test_says_where_it_cannot_write(self, tmp_path, capsys):
        path = tmp_path / "people.csv"
        path.write_text(twenty(), newline="")
        with pytest.raises(CommandError, match="No such file or directory"):
            self.imported(path, capsys, "--set-aside", str(tmp_path / "no/aside.csv"))


def test_all_that_is_wrong_is_said_at_once():
    """What is wrong with a row, and what makes the change as a whole impossible."""
    text = "slug,status,name\r\nana,published,Ana\r\neva,draft,\r\n"
    (outcome,) = import_tables([("officials", open_sheet(text.encode()))]).outcomes
    assert said(outcome) == {
        2: ["“Ana”: it has no citation; name a source for it."],
        3: ["name: This field cannot be blank."],
    }


def test_an_empty_relation_says_what_belongs_there():
    text = "official,text,kind,language\r\n,Anna,short,en\r\n"
    (outcome,) = import_tables([("official_names", open_sheet(text.encode()))]).outcomes
    assert said(outcome) == {
        2: ["official: “official” may not be empty; write the slug of the official."]
    }
