"""Files as spreadsheets and pandas leave them: what says nothing is passed over."""

import pytest

from provenance.tables import Dialect, TableError, open_sheet
from tests import make
from tests.folders import load, read_in, write
from tests.workbooks import xlsx
from timeline.models import Deployment

VILLAS = [["zz-uno", "Villa Uno"], ["zz-dos", "Villa Dos"]]


def read(text, **dialect):
    """The headers, the rows with their lines, and what is said of a file."""
    data = text if isinstance(text, bytes) else text.encode()
    sheet = open_sheet(data, dialect=Dialect(**dialect)).whole()
    rows = [
        (line, row)
        for lines, rows in sheet.chunks()
        for line, row in zip(lines, rows, strict=True)
    ]
    assert len(rows) == sheet.rows
    return sheet.headers, rows, sheet.told()


def faults_of(text, **dialect):
    with pytest.raises(TableError) as refused:
        read(text, **dialect)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("text", "lines", "told"),
    [
        (
            "slug,name\nzz-uno,Villa Uno\n,\nzz-dos,Villa Dos\n , \n\n",
            [2, 4],
            ["2 empty rows were skipped."],
        ),
        (
            "slug,name,,\nzz-uno,Villa Uno,,\nzz-dos,Villa Dos,,\n,,,\n",
            [2, 3],
            ["1 empty row was skipped.", "2 empty columns were skipped."],
        ),
        (
            ",slug,,name\n,zz-uno,,Villa Uno\n,zz-dos,,Villa Dos\n",
            [2, 3],
            ["2 empty columns were skipped."],
        ),
        (
            "slug,name\nzz-uno,Villa Uno,\nzz-dos,Villa Dos,,\n",
            [2, 3],
            ["Separators behind the last cell were skipped in 2 rows."],
        ),
        (
            "sep=;\nslug;name\nzz-uno;Villa Uno\nzz-dos;Villa Dos\n",
            [3, 4],
            ["The first line, “sep=”, names the delimiter; it is no row."],
        ),
        (
            '"sep=\t"\r\nslug\tname\r\nzz-uno\tVilla Uno\r\nzz-dos\tVilla Dos\r\n',
            [3, 4],
            ["The first line, “sep=”, names the delimiter; it is no row."],
        ),
        (
            ",\n,\nslug,name\nzz-uno,Villa Uno\nzz-dos,Villa Dos\n",
            [4, 5],
            ["2 empty rows were skipped."],
        ),
    ],
)
def test_what_says_nothing_is_skipped_and_counted(text, lines, told):
    assert read(text) == (
        ["slug", "name"],
        list(zip(lines, VILLAS, strict=True)),
        told,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "slug,,name\na,,A\nb,x,B\n",
            "line 3: column 2 has a value and no name; name the column in the header, "
            "or leave it out (“x”).",
        ),
        ("slug,name\na,A,x\n", "line 2: it has 3 cells, the header has 2."),
        ("slug,name,kind,\na,A\n", "line 2: it has 2 cells, the header has 3."),
        (",,\n,,\n", "the file: it is empty."),
        (
            "sep=|\nslug|name\n",
            "line 1: the delimiter is “|”; save it with commas, semicolons or tabs as "
            "delimiter.",
        ),
        ("a,b\n" + "," * 20_000, "line 2: more than 16384 cells."),
        ("a,b\n1,2" + "," * 20_000, "line 2: more than 16384 cells."),
    ],
)
def test_what_says_something_is_never_skipped(text, said):
    assert faults_of(text) == [said]


# Encodings


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "ibm850"])
def test_an_encoding_that_is_declared_is_read_and_told(encoding):
    data = "slug,name\na,Nuevo León\n".encode(encoding.replace("ibm", "cp"))
    assert read(data, encoding=encoding) == (
        ["slug", "name"],
        [(2, ["a", "Nuevo León"])],
        [f"Read as {encoding}, as the mapping says."],
    )


def test_a_byte_order_mark_says_more_than_a_declaration():
    data = "slug,name\na,Nuevo León\n".encode("utf-8-sig")
    assert read(data, encoding="windows-1252")[1:] == ([(2, ["a", "Nuevo León"])], [])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            "slug,name\na,Nuevo León\n".encode(),
            "the file: it is UTF-8, and the mapping says windows-1252; take “encoding” "
            "out of the mapping.",
        ),
        (
            b"slug,name\na,\x81\n",
            'line 2, column "name": byte 0x81 at place 3 is not windows-1252; save the '
            "file as UTF-8.",
        ),
    ],
)
def test_an_encoding_that_is_declared_wrongly_is_refused(data, said):
    assert faults_of(data, encoding="windows-1252") == [said]


# Headers


def test_a_header_may_stand_further_down_and_in_several_rows():
    text = "Report\n\n,,2019,,2020,\nEntity,Crime,Men,Women,Men,Women\nA,B,1,2,3,4\n"
    headers, rows, told = read(text, header_rows=(3, 4))
    assert headers == [
        *("Entity", "Crime"),
        *("2019 Men", "2019 Women", "2020 Men", "2020 Women"),
    ]
    assert rows == [(5, ["A", "B", "1", "2", "3", "4"])]
    assert told == ["1 row above the header was skipped."]


def test_a_header_that_is_not_where_it_is_said_to_be_is_a_fault():
    assert faults_of("slug,name\n\na,A\n", header_rows=(2,)) == [
        "the file: there is no header row in line 2, where the mapping has it."
    ]


# Numbers


HEADER = "slug,status,title,start,kind,personnel"


@pytest.mark.django_db
class TestWholeNumbersOfPandas:
    def test_are_read_without_their_point_zero_and_told(self):
        rows = ["zz-uno,draft,One,2025,operation,15000.0"]
        rows += ["zz-dos,draft,Two,2025,operation,", "zz-x,draft,X,2025,operation,-0.5"]
        outcome = read_in("deployments", "\n".join([HEADER, *rows]))
        assert outcome.told == ["“personnel”: “.0” was left out behind 1 whole number."]
        assert Deployment.objects.get(slug="zz-uno").personnel == "15000"
        assert Deployment.objects.get(slug="zz-dos").personnel == ""

    def test_are_the_same_as_those_on_record(self):
        make.a_deployment("One", slug="zz-uno", personnel="15000", kind="operation")
        outcome = read_in("deployments", "slug,personnel\nzz-uno,15000.0\n")
        assert {kind for kind, count in outcome.counts.items() if count} == {"same"}

    @pytest.mark.parametrize("text", ["15.00", "15.000", "15,0", "015.0", "~15.0"])
    def test_are_nothing_but_that(self, text):
        make.a_deployment("One", slug="zz-uno", personnel="1", kind="operation")
        outcome = read_in("deployments", f'slug,personnel\nzz-uno,"{text}"\n')
        assert outcome.faults


@pytest.mark.django_db
def test_load_says_what_it_skipped_and_left_out(tmp_path):
    deployments = [f"{HEADER},", "zz-uno,draft,One,2025,operation,15000.0,", ",,,,,,"]
    folder = write(tmp_path, deployments=deployments)
    places = xlsx(
        Hoja=[["slug", "status", "name", "kind"], ["uno", "draft", "U", "city"]]
    )
    (folder / "places.xlsx").write_bytes(places)
    _out, err, failure = load(folder)
    assert failure is None
    file = folder / "deployments.csv"
    assert err.splitlines() == [
        "places.xlsx: 1 new, 0 changed, 0 same",
        f"{folder / 'places.xlsx'}: Read from the sheet “Hoja”.",
        "deployments.csv: 1 new, 0 changed, 0 same",
        f"{file}: 1 empty row was skipped.",
        f"{file}: 1 empty column was skipped.",
        f"{file}: “personnel”: “.0” was left out behind 1 whole number.",
    ]


@pytest.mark.django_db
def test_load_takes_one_file_for_each_table(tmp_path):
    folder = write(tmp_path, places=["slug,status,name,kind"])
    (folder / "places.ods").write_bytes(b"")
    _out, err, _failure = load(folder)
    assert "places.csv and places.ods are the same table; keep one of them." in err
