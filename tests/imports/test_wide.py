"""Wide files: each column of a month, a sex or a year makes a row of its own."""

import pytest

from provenance.imports.mapping import Mapping, MappingError, wide
from provenance.imports.set_aside import rows_set_aside
from provenance.resources.importing import import_tables
from provenance.tables import lines_of, write_table
from tests import make
from tests.mapping import faults_for
from tests.workbooks import xlsx
from timeline.models import Deployment, Participation

pytestmark = pytest.mark.django_db

MONTHS = 'Enero = "{Año}-01", Febrero = "{Año}-02", Marzo = "{Año}-03"'
CRIMES = f"""
[observations]
wide = {{columns = "Enero..Marzo", into = "start", values = {{{MONTHS}}}}}
slug = {{template = "{{Delito}} {{Entidad}} {{start}}"}}
metric = "homicide"
place = {{from = "Entidad"}}
end = {{from = "start", day = "last"}}
modality = "actual"
"""
HEADER = ("Año", "Entidad", "Delito", "Enero", "Febrero", "Marzo")
ROWS = [("2024", "Nuevo León", "Robo", "31", "28", "30")]


def opened(toml, *lines):
    mapping = Mapping.from_toml(f'name = "A test"\n{toml}')
    return mapping.apply(mapping.opened(write_table(lines[0], lines[1:]).encode()))


def made(toml, *lines):
    """The rows that a mapping makes of a foreign file, by table, and what is told."""
    sheets = opened(toml, *lines)
    found = {
        table: [
            (line, dict(zip(one.headers, row, strict=True)))
            for lines, rows in one.chunks()
            for line, row in zip(lines, rows, strict=True)
        ]
        for table, one in sheets
    }
    return found, list(sheets.told())


def faults(toml, *lines):
    mapping = Mapping.from_toml(f'name = "A test"\n{toml}')
    sheet = mapping.opened(write_table(lines[0], lines[1:]).encode())
    return faults_for(mapping, sheet)


def missteps(toml):
    with pytest.raises(MappingError) as refused:
        Mapping.from_toml(f'name = "A test"\n{toml}')
    return [str(misstep) for misstep in refused.value.missteps]


# Rows


def test_each_column_makes_a_row_with_what_its_name_means_and_what_stands_in_it():
    (rows,) = made(CRIMES, HEADER, *ROWS)[0].values()
    assert rows[0] == (
        2,
        {
            "slug": "robo-nuevo-leon-2024-01",
            "metric": "homicide",
            "value": "31",
            "start": "2024-01",
            "end": "2024-01-31",
            "place": "nuevo-leon",
            "modality": "actual",
        },
    )
    assert [(row["start"], row["end"], row["value"]) for _line, row in rows] == [
        ("2024-01", "2024-01-31", "31"),
        ("2024-02", "2024-02-29", "28"),
        ("2024-03", "2024-03-31", "30"),
    ]


def test_columns_reach_to_the_last_but_for_those_that_are_unused():
    toml = 'unused = ["Total", "Año"]\n' + CRIMES.replace("Enero..Marzo", "2023..")
    toml = toml.replace(f", values = {{{MONTHS}}}", "")
    header = (*HEADER[:3], "2023", "Total", "2024")
    row = ("", "Sonora", "Robo", "1", "3", "2")
    (rows,) = made(toml, header, row)[0].values()
    assert [(row["start"], row["end"], row["value"]) for _line, row in rows] == [
        ("2023", "2023-12-31", "1"),
        ("2024", "2024-12-31", "2"),
    ]


def test_several_rows_of_the_header_go_into_several_columns():
    toml = """
    [read]
    header_rows = [1, 2]
    [observations]
    wide.columns = "2023 H.."
    wide.into = ["start", "sex"]
    wide.cells = "count"
    wide.values.sex = {H = "men", M = "women"}
    slug = {template = "{Entidad} {start} {sex}"}
    value = {from = "count", thousands = ","}
    population = {from = "sex"}
    """
    lines = [("", "2023", "", "2024", ""), ("Entidad", "H", "M", "H", "M")]
    (rows,) = made(toml, *lines, ("Sonora", "1,000", "2", "3", "4"))[0].values()
    assert [list(row.values()) for _line, row in rows] == [
        ["sonora-2023-men", "1000", "2023", "men"],
        ["sonora-2023-women", "2", "2023", "women"],
        ["sonora-2024-men", "3", "2024", "men"],
        ["sonora-2024-women", "4", "2024", "women"],
    ]


def test_cells_with_nothing_in_them_are_left_out_if_the_mapping_says_so():
    toml = f'{CRIMES}skip = {{value = [""]}}'
    found, told = made(toml, HEADER, ("2024", "Sonora", "Robo", "31", "", ""))
    assert [row["start"] for _line, row in found["observations"]] == ["2024-01"]
    assert told == ["2 rows are left out by observations, column “value”."]


EXERCISES = """
[deployments]
wide = {columns = ["2023", "2024"], into = "start", cells = "personnel"}
slug = {template = "{name} {start}"}
title = {template = "{name} {start}"}
kind = "exercise"
[participations]
wide = {columns = ["2023", "2024"], into = "year", cells = "strength"}
event = {of = "deployments"}
agency = {from = "force"}
role = "force"
skip = {year = ["2023"], strength = ["none"]}
"""


def test_rows_that_belong_to_those_of_wide_columns_are_wide_as_well():
    make.an_agency("SEDENA", slug="sedena")
    header, row = ("name", "force", "2023", "2024"), ("Ardent", "SEDENA", "100", "200")
    imported = import_tables(opened(EXERCISES, header, row))
    assert not imported.is_wrong, imported
    assert dict(Deployment.objects.values_list("slug", "personnel")) == {
        "ardent-2023": "100",
        "ardent-2024": "200",
    }
    (one,) = Participation.objects.all()
    assert (one.event.slug, one.agency.slug, one.official) == (
        *("ardent-2024", "sedena"),
        None,
    )


SEXES = """
[read]
header_rows = [2, 3]
[observations]
wide = {columns = "2023 H..", into = ["start", "population"], cells = "count"}
slug = {template = "{Entidad} {start} {population}"}
metric = "homicide"
modality = "actual"
value = {from = "count", thousands = ".", decimal = ","}
"""


def test_rows_that_are_set_aside_of_a_workbook_come_back_as_the_same_numbers():
    mapping = Mapping.from_toml(f'name = "A test"\n{SEXES}')
    book = [["Informe"], ["", "2023", ""], ["Entidad", "H", "M"], ["Sonora", 1.234, 5]]
    sheet = mapping.opened(xlsx(Datos=book))
    rows = rows_set_aside(sheet, [{4: []}], mapping.decimals(sheet))
    text = "".join(lines_of(rows))
    assert text.splitlines() == [
        ",2023,2023,why_set_aside",
        "Entidad,H,M,",
        'Sonora,"1,234",5,',
    ]

    def made_of(sheet):
        ((_table, one),) = mapping.apply(sheet)
        return [rows for _lines, rows in one.chunks()]

    assert made_of(mapping.opened(text.encode())) == made_of(sheet)


# What is wrong with a file


@pytest.mark.parametrize(
    ("toml", "header", "said"),
    [
        (
            CRIMES.replace("Enero..Marzo", "Marzo..Enero"),
            HEADER,
            (
                1,
                "",
                "“Marzo..Enero”: the last column stands before the first; swap them.",
            ),
        ),
        (
            CRIMES.replace("Febrero =", "February ="),
            HEADER,
            (1, "Febrero", "“values” does not say what “Febrero” means; add it."),
        ),
        (
            CRIMES.replace("Enero..", "Ene.."),
            HEADER,
            (
                1,
                "Ene",
                "the mapping reads it (observations.wide), and the file has none; did "
                "you mean Enero?",
            ),
        ),
        (
            CRIMES,
            (*HEADER, "start"),
            (
                1,
                "start",
                "the file has a column “start” of its own; choose another name in "
                "“wide”.",
            ),
        ),
        (
            CRIMES.replace('into = "start"', 'into = ["start", "population"]').replace(
                f"values = {{{MONTHS}}}", "values = {}"
            ),
            HEADER,
            (
                1,
                "",
                "the header has 1 rows, and “into” has 2 names; give one for each.",
            ),
        ),
    ],
)
def test_columns_that_the_file_has_otherwise_are_faults_of_the_header(
    toml, header, said
):
    assert said in faults(toml, header)


def test_a_file_makes_no_more_rows_than_a_limit(monkeypatch):
    monkeypatch.setattr(wide, "MOST_MADE", 2)
    assert faults(CRIMES, HEADER, *ROWS) == [
        (0, "", "it makes more than 2 rows; split it.")
    ]


def test_a_cell_that_is_wrong_is_named_by_its_own_column():
    toml = f'{CRIMES}value = {{from = "value", thousands = ","}}'
    assert faults(toml, HEADER, ("2024", "Sonora", "Robo", "1", "1,00", "2")) == [
        (
            2,
            "Febrero",
            "“1,00” is no number with the thousands separator “,” and the decimal "
            "separator “.”.",
        )
    ]


def test_two_columns_that_make_one_record_are_told():
    toml = CRIMES.replace("{start}", "")
    said = "it disagrees with line 2 of robo-nuevo-leon: end, start, value."
    assert faults(toml, HEADER, *ROWS) == [(2, "Febrero", said), (2, "Marzo", said)]


# What is wrong with a mapping


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (
            '[observations]\nwide = {}\nslug = "a"',
            [
                "observations.wide.columns: name the columns, as “first..last” or in a "
                "list.",
                "observations.wide.into: name what the names of the columns go into.",
                "observations.wide: no column of ours is “”, and no rule reads it.",
            ],
        ),
        (
            '[places]\nwide = {columns = "a..b", into = "kind"}\nname = {from = "c"}',
            [
                "places.wide.cells: name what the cells go into.",
                "places.wide: no column of ours is “value”, and no rule reads it.",
            ],
        ),
        (
            '[places]\nwide = {columns = "a..b", into = ["kind"], cells = "name", '
            "values = {kind = {}, sort = {}}, more = 1}",
            ["places.wide.more: unknown; columns, into, cells, values"],
        ),
        (
            CRIMES + '[deployments]\ntitle = {from = "x"}\npersonnel = '
            '{of = "observations"}',
            [],
        ),
    ],
)
def test_a_mapping_that_is_wrong_about_wide_columns_says_where(toml, said):
    found = missteps(toml)
    assert found[: len(said)] == said


def test_a_row_of_the_file_is_not_one_of_several():
    toml = EXERCISES.replace(
        '["2023", "2024"], into = "year"', '["2023"], into = "year"'
    )
    assert missteps(toml) == [
        "participations.event.of: deployments has several rows for each row of the "
        "file; give this section the same “wide”."
    ]
