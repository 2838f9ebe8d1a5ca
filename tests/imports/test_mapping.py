"""Mappings: other people's files as sheets of ours, and files that say so wrongly."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.models import OfficialIdentifier
from provenance.imports.mapping import Mapping, MappingError
from provenance.imports.mapping.cells import (
    CellError,
    as_meant,
    in_order,
    looked_up,
)
from provenance.imports.mapping.documents import document_in
from provenance.imports.mapping.row_matching import Settling
from provenance.models import Redirect
from provenance.tables import MAX_FAULTS, open_sheet, write_table
from provenance.values.dates import PartialDate
from tests import make
from tests.mapping import faults_for
from tests.workbooks import xlsx

pytestmark = pytest.mark.django_db


def sheet(headers, *rows):
    return open_sheet(write_table(headers.split(), rows).encode())


def applied(toml, headers, *rows):
    """The rows that a mapping makes of a foreign file, by table."""
    mapping = Mapping.from_toml(f'name = "A test"\n{toml}')
    return {
        table: [dict(zip(one.headers, row, strict=True)) for row in rows_of(one)]
        for table, one in mapping.apply(sheet(headers, *rows))
    }


def rows_of(one):
    return [row for _lines, rows in one.chunks() for row in rows]


def faults(toml, headers, *rows):
    """What is wrong with a foreign file for a mapping, as line, column and message."""
    mapping = Mapping.from_toml(f'name = "A test"\n{toml}')
    return faults_for(mapping, sheet(headers, *rows))


def missteps(toml):
    with pytest.raises(MappingError) as refused:
        Mapping.from_toml(toml)
    return [str(misstep) for misstep in refused.value.missteps]


PEOPLE = """
[officials]
find = [
  {by = "identifier", scheme = "wikidata", from = "id"},
  {by = "name", from = "person"},
]
name = {from = "person"}

[official_identifiers]
skip = {id = [""]}
official = {of = "officials"}
scheme = "wikidata"
value = {from = "id"}
"""


# Cells


def test_a_column_a_constant_and_columns_put_together_feed_cells_of_ours():
    places = applied(
        """
        [places]
        slug = {template = "{area} sector"}
        name = {template = "{area} Sector"}
        kind = "sector"
        public_note = {from = "note"}
        """,
        "area note",
        ("Río Grande", "on the river"),
        ("Yuma", ""),
    )["places"]
    assert places == [
        {
            "slug": "rio-grande-sector",
            "name": "Río Grande Sector",
            "kind": "sector",
            "public_note": "on the river",
        },
        {
            "slug": "yuma-sector",
            "name": "Yuma Sector",
            "kind": "sector",
            "public_note": "",
        },
    ]


@pytest.mark.parametrize(
    ("order", "text", "ours"),
    [
        ("dmy", "03/04/2024", "2024-04-03"),
        ("mdy", "03/04/2024", "2024-03-04"),
        ("ymd", "2024/4/3", "2024-04-03"),
        ("dmy", "3.4.2024", "2024-04-03"),
        ("mdy", "4/2024", "2024-04"),
        ("dmy", "2024", "2024"),
        ("ymd", "2024-04-03T00:00:00Z", "2024-04-03"),
        ("mdy", "4/3/2024 00:00", "2024-04-03"),
        ("dmy", "[2024-04-01..2024-04-10]", "[2024-04-01..2024-04-10]"),
        ("dmy", "2024-04?", "2024-04?"),
    ],
)
def test_a_date_is_read_in_the_order_that_is_stated(order, text, ours):
    assert in_order(text, order) == ours


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("mdy", "31/04/2024"),
        ("dmy", "31/04/2024"),
        ("dmy", "3/4/24"),
        ("dmy", "3/4.2024"),
        ("ymd", "2024-04-03T09:30:00"),
        ("dmy", "3 April 2024"),
        ("dmy", "٣/٤/٢٠٢٤"),
    ],
)
def test_a_date_that_is_not_in_the_stated_order_is_refused(order, text):
    with pytest.raises(CellError):
        in_order(text, order)


@given(
    st.dates(),
    st.permutations("ymd").map("".join).filter({"ymd", "dmy", "mdy"}.__contains__),
)
def test_every_day_is_read_back_from_every_order(day, order):
    parts = {"y": f"{day.year:04}", "m": str(day.month), "d": str(day.day)}
    text = "/".join(parts[letter] for letter in order)
    assert in_order(text, order) == PartialDate(day.isoformat())


@pytest.mark.parametrize(
    ("kind", "text", "ours"),
    [
        ("date", "18 March 2025", "2025-03-18"),
        ("date", "mid-March 2025", "[2025-03-11..2025-03-20]"),
        ("date", "18 de marzo de 2025", "2025-03-18"),
        ("date", "2025-03~", "2025-03~"),
        ("quantity", "about 1,500", "~1500"),
        ("quantity", "10,000-15,000", "10000..15000"),
        ("language", "English", "en"),
    ],
)
def test_prose_is_read_where_the_mapping_says_so(kind, text, ours):
    assert as_meant(text, kind) == ours


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("date", "03/04/2024", "can be read as 2024-04-03 or 2024-03-04; add what it"),
        ("date", "soon", "cannot be read; write it as recorded"),
        ("quantity", "many", "cannot be read"),
    ],
)
def test_prose_that_may_mean_two_things_or_none_is_refused(kind, text, said):
    with pytest.raises(CellError, match=said):
        as_meant(text, kind)


def test_the_encoding_and_the_header_are_as_the_mapping_says():
    mapping = Mapping.from_toml(
        """
        name = "States"
        [read]
        encoding = "Windows-1252"
        header_rows = [2, 3]
        [places]
        slug = {from = "Entidad"}
        name = {from = "Entidad"}
        kind = {from = "Clase de lugar"}
        """
    )
    lines = ["Informe", ",Clase", "Entidad,de lugar", "Nuevo León,state"]
    ((_table, made),) = mapping.apply(mapping.opened("\n".join(lines).encode("cp1252")))
    assert rows_of(made) == [["nuevo-leon", "Nuevo León", "state"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_rows_that_were_set_aside_come_back_as_they_were_given_or_saved(encoding):
    mapping = Mapping.from_toml(
        """
        name = "States"
        [read]
        encoding = "windows-1252"
        header_rows = [3]
        [places]
        name = {from = "Entidad"}
        kind = "state"
        """
    )
    text = "Entidad;why_set_aside\nNuevo León;kind: no such word\n"
    ((_table, made),) = mapping.apply(mapping.opened(text.encode(encoding)))
    assert rows_of(made) == [["nuevo-leon", "Nuevo León", "state"]]


def test_numbers_and_days_of_a_workbook_are_not_read_as_texts_again():
    mapping = Mapping.from_toml(
        """
        name = "Deployments"
        [read]
        sheet = "Datos"
        empty = ["0"]
        [deployments]
        title = {from = "t"}
        kind = "operation"
        start = {from = "d", dates = "mdy"}
        personnel = {from = "n", thousands = ".", decimal = ","}
        """
    )
    rows = [["t", "d", "n"], ["One", date(2024, 4, 3), 1.234], ["Two", "4/3/2024", 0]]
    book = xlsx(Datos=[*rows, ["Three", "", "1.234"]])
    ((_table, made),) = mapping.apply(mapping.opened(book))
    assert [row[2:] for row in rows_of(made)] == [
        ["2024-04-03", "operation", "1.234"],
        ["2024-04-03", "operation", ""],
        ["", "operation", "1234"],
    ]


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ('encoding = "latin"', "read.encoding: “latin” is not a valid choice; choose"),
        ("encoding = 1252", "read.encoding: “1252” is not a valid choice; choose"),
        ("header_rows = 2", "read.header_rows: write the lines of the header"),
        ("header_rows = [2, 4]", "read.header_rows: write the lines of the header"),
        ("header_rows = [0]", "read.header_rows: write the lines of the header"),
    ],
)
def test_what_is_said_wrongly_of_the_file_is_named(read, said):
    (misstep,) = missteps(
        f"name = 'A test'\n[read]\n{read}\n[places]\nname = {{from = 'a'}}"
    )
    assert misstep.startswith(said)


PROSE = """
[sources]
title = {from = "t"}
kind = "law"
published = {from = "d", prose = true, map = {"spring" = "2025-04"}}
language = {from = "l", prose = true}
"""


def test_a_column_of_prose_is_read_and_its_map_goes_first():
    rows = applied(PROSE, "t d l", ("A law", "March 18, 2025", "Spanish"))
    assert rows["sources"][0]["published"] == "2025-03-18"
    assert rows["sources"][0]["language"] == "es"
    rows = applied(PROSE, "t d l", ("A law", "spring", "English"))
    assert rows["sources"][0]["published"] == "2025-04"


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            'title = {from = "t", prose = true}',
            "sources.title.prose: only dates, quantities and languages are read in "
            "prose.",
        ),
        (
            'title = "x"\npublished = {from = "d", prose = true, dates = "dmy"}',
            "sources.published.dates: prose is read without it; leave it out.",
        ),
        (
            'title = "x"\npublished = {from = "d", prose = "yes"}',
            "sources.published.prose: write true or false, not 'yes'.",
        ),
    ],
)
def test_prose_is_of_dates_quantities_and_languages_alone(column, said):
    assert said in missteps(f'[sources]\nkind = "law"\n{column}')


EXERCISES = """
[deployments]
title = {from = "t"}
kind = "exercise"
start = {from = "d"%s}
end = {from = "d"%s}
"""


@pytest.mark.parametrize(
    ("told", "text", "start", "end"),
    [
        ("", "2004-06/2004-08-09", "2004-06", "2004-08-09"),
        ("", "2004-XX/..", "2004-XX", ".."),
        ("", "2004/", "2004", ""),
        ("", "2004", "2004", "2004"),
        ("", "", "", ""),
        (", prose = true", "2004/201X", "2004", "201X"),
        (", prose = true", "3 to 5 May 2020", "2020-05-03", "2020-05-05"),
        (", prose = true", "spring 2001 - present", "2001-21", ".."),
        (", prose = true", "May 2020", "2020-05", "2020-05"),
        (", prose = true", "[2004..2006]", "[2004..2006]", "[2004..2006]"),
    ],
)
def test_an_interval_that_feeds_a_start_and_an_end_gives_each_its_own(
    told, text, start, end
):
    (row,) = applied(EXERCISES % (told, told), "t d", ("One", text))["deployments"]
    assert (row["start"], row["end"]) == (start, end)


def test_an_interval_that_feeds_one_date_stays_for_the_import_to_refuse():
    start_alone = EXERCISES.replace('end = {from = "d"%s}', "") % ""
    (row,) = applied(start_alone, "t d", ("One", "2004/2005"))["deployments"]
    assert row["start"] == "2004/2005"


def test_an_interval_of_dates_that_can_be_read_in_two_ways_is_refused():
    prose = ", prose = true"
    said = faults(EXERCISES % (prose, prose), "t d", ("One", "03/04/2024 to 2025"))
    assert [message for _line, _column, message in said] == [
        "“03/04/2024 to 2025” can be read as 2024-04-03/2025 or 2024-03-04/2025; add "
        "what it means to the value map."
    ] * 2


def test_without_a_stated_order_a_date_stays_as_it_is_for_the_import_to_refuse():
    rows = applied(
        '[sources]\ntitle = {from = "t"}\nkind = "law"\npublished = {from = "d"}',
        "t d",
        ("A law", "03/04/2024"),
    )
    assert rows["sources"][0]["published"] == "03/04/2024"


def test_a_date_is_cut_to_the_precision_that_a_column_states():
    rows = applied(
        """
        [sources]
        title = {from = "t"}
        kind = "law"
        published = {from = "d", precision = "p", map = {"" = "2007"}}
        """,
        "t d p",
        ("a", "2018-01-01", "year"),
        ("b", "2018-05-01", "month"),
        ("c", "2018-05-09", "11"),
        ("d", "", "none"),
    )
    assert [row["published"] for row in rows["sources"]] == [
        "2018",
        "2018-05",
        "2018-05-09",
        "2007",
    ]


def test_a_date_that_is_less_exact_than_its_precision_is_a_fault():
    toml = '[sources]\ntitle = {from = "t"}\nkind = "law"\n'
    toml += 'published = {from = "d", precision = "p"}'
    assert faults(toml, "t d p", ("a", "2018", "day"), ("b", "2018", "open")) == [
        (2, "d", "“2018” is less exact than its precision, “day”."),
        (
            3,
            "d",
            "“2018” has the precision “open”, which is none of: year, month, day, 9, "
            "10, 11.",
        ),
    ]


def test_numbers_lose_the_marks_that_the_mapping_names_and_no_others():
    toml = """
    [observations]
    slug = {from = "s"}
    metric = "crossings"
    modality = "actual"
    value = {from = "v", thousands = ".", decimal = ","}
    """
    rows = applied(toml, "s v", ("a", "1.234,5"), ("b", "12"), ("c", ""))
    assert [row["value"] for row in rows["observations"]] == ["1234.5", "12", ""]
    mapping = Mapping.from_toml(f'name = "A test"\n{toml}')
    made = mapping.apply(sheet("s v", ("a", "1.234,5"), ("b", "12"), ("c", "")))
    assert list(made.told()) == [
        "“v”: the thousands separator “.” was left out of 1 number."
    ]
    assert faults(toml, "s v", ("a", "1,234.5")) == [
        (
            2,
            "v",
            "“1,234.5” is no number with the thousands separator “.” and the decimal "
            "separator “,”.",
        )
    ]


def test_a_map_prefers_the_word_itself_then_the_first_pattern_that_fits():
    words = {"Governor of the Bank": "bank", "Governor of *": "state-*", "*": "other"}
    assert looked_up(words, "Governor of the Bank") == "bank"
    assert looked_up(words, "Governor of Chiapas") == "state-Chiapas"
    assert looked_up(words, "Mayor") == "other"
    assert looked_up({"a*a": "x"}, "a") is None


def test_a_strict_map_refuses_what_it_lacks_and_names_what_is_close():
    toml = """
    [sources]
    title = {from = "t"}
    kind = {from = "section", strict = true, map = {"articles" = "web-page"}}
    """
    assert faults(toml, "t section", ("a", "article")) == [
        (
            2,
            "section",
            "the value map has no entry for “article”; did you mean articles?",
        )
    ]


def test_cells_that_say_nothing_are_empty_and_blanks_around_cells_go():
    rows = applied(
        """
        [read]
        empty = ["N/A", "-"]
        [places]
        name = {from = "name"}
        kind = "city"
        iso_code = {from = "code"}
        """,
        "name code",
        ("  Yuma ", "N/A"),
    )
    assert rows["places"] == [
        {"slug": "yuma", "name": "Yuma", "kind": "city", "iso_code": ""}
    ]


def test_what_the_mapping_removes_is_taken_out_of_every_cell():
    rows = applied(
        """
        [read]
        remove = ["\\uFEFF", "[citation needed]"]
        [places]
        name = {from = "name"}
        kind = "city"
        """,
        "name",
        ("Yu\ufeffma [citation needed]",),
    )
    assert rows["places"][0]["name"] == "Yuma"


def test_a_list_is_parted_by_the_mark_that_is_named_and_joined_by_ours():
    make.a_source(slug="one")
    make.a_source(slug="two", title="The other")
    rows = applied(
        """
        [sources]
        title = {from = "t"}
        kind = "law"
        reports = {from = "r", split = ";", map = {"1" = "one"}}
        """,
        "t r",
        ("a", "two; 1"),
    )
    assert rows["sources"][0]["reports"] == "one|two"


# Rows


def test_one_foreign_row_feeds_rows_of_several_tables_and_each_record_once():
    toml = (
        PEOPLE
        + """
    [agencies]
    name = {from = "body"}
    kind = "ministry"
    [posts]
    slug = {from = "post"}
    title = {from = "post"}
    agency = {of = "agencies"}
    [appointments]
    slug = {template = "{person} {post} {start}"}
    official = {of = "officials"}
    post = {of = "posts"}
    kind = "substantive"
    start = {from = "start"}
    """
    )
    rows = applied(
        toml,
        "person id body post start",
        ("Ana Núñez", "Q1", "Navy", "Secretary of the Navy", "2001"),
        ("Ana Núñez", "Q1", "Navy", "Secretary of the Navy", "2009"),
    )
    assert rows == {
        "agencies": [{"slug": "navy", "name": "Navy", "kind": "ministry"}],
        "officials": [{"slug": "ana-nunez", "name": "Ana Núñez"}],
        "official_identifiers": [
            {"official": "ana-nunez", "scheme": "wikidata", "value": "Q1"}
        ],
        "posts": [
            {
                "slug": "secretary-of-the-navy",
                "title": "Secretary of the Navy",
                "agency": "navy",
            }
        ],
        "appointments": [
            {
                "slug": f"ana-nunez-secretary-of-the-navy-{year}",
                "official": "ana-nunez",
                "post": "secretary-of-the-navy",
                "kind": "substantive",
                "start": year,
            }
            for year in ("2001", "2009")
        ],
    }


def test_two_rows_that_say_different_things_of_one_record_are_a_fault_of_both_lines():
    assert faults(
        PEOPLE, "person id", ("Ana Núñez", "Q1"), ("B", "Q2"), ("Ana Nuñes", "Q1")
    ) == [(4, "person", "it disagrees with line 2 of ana-nunez: name.")]


def test_rows_that_are_left_out_are_counted_by_what_left_them_out():
    toml = (
        """
    name = "A test"
    unused = ["type"]
    [read]
    only = {type = ["sector"]}
    """
        + PEOPLE
    )
    toml = toml.replace('unused = ["type"]\n', "")
    mapping = Mapping.from_toml(toml)
    made = mapping.apply(
        sheet("person id type", ("A", "", "sector"), ("B", "Q2", "city"))
    )
    assert [(table, one.rows) for table, one in made] == [
        ("officials", 1),
        ("official_identifiers", 0),
    ]
    assert list(made.told()) == [
        "1 row is left out by read, column “type”.",
        "1 row is left out by official_identifiers, column “id”.",
    ]


def test_chunks_carry_the_lines_of_the_foreign_file():
    mapping = Mapping.from_toml('name = "A test"\n' + PEOPLE)
    foreign = sheet(
        "person id",
        ("A B", "Q1"),
        ("A B", "Q1"),
        ("C", "Q3"),
        ("D", "Q4"),
    )
    ((_table, officials), _identifiers) = mapping.apply(foreign)
    assert officials.rows == 3
    assert list(officials.chunks(2)) == [
        ([2, 4], [["a-b", "A B"], ["c", "C"]]),
        ([5], [["d", "D"]]),
    ]


def test_a_sheet_tells_which_foreign_column_feeds_ours_and_what_is_constant():
    mapping = Mapping.from_toml('name = "A test"\n' + PEOPLE)
    ((_o, officials), (_i, identifiers)) = mapping.apply(
        sheet("person id", ("A", "Q1"))
    )
    assert officials.foreign_column("name") == "person"
    assert identifiers.foreign_column("scheme") == ""
    assert identifiers.constants == {"scheme"}


# Finding


def test_an_official_is_found_by_an_identifier_whatever_the_name():
    official = make.an_official("Salvador Cienfuegos Zepeda", slug="cienfuegos")
    OfficialIdentifier.objects.create(
        official=official, scheme="wikidata", value="Q6117660"
    )
    rows = applied(PEOPLE, "person id", ("Salvador Cienfuegos", "Q6117660"))
    assert rows["official_identifiers"][0]["official"] == "cienfuegos"


def test_an_official_is_found_by_any_of_the_names_exactly():
    official = make.an_official("José Rafael Ojeda Durán", slug="ojeda")
    make.an_official_name(official, text="Rafael Ojeda")
    rows = applied(
        PEOPLE,
        "person id",
        ("Rafael Ojeda", "Q1"),
        ("rafael ojeda", "Q2"),
    )
    assert [row["official"] for row in rows["official_identifiers"]] == [
        "ojeda",
        "rafael-ojeda",
    ]


def test_a_namesake_with_another_identifier_is_another_person():
    official = make.an_official("Ana Núñez", slug="ana-nunez")
    OfficialIdentifier.objects.create(official=official, scheme="wikidata", value="Q1")
    rows = applied(PEOPLE, "person id", ("Ana Núñez", "Q2"), ("Ana Núñez", "Q3"))
    assert [row["official"] for row in rows["official_identifiers"]] == [
        "ana-nunez-2",
        "ana-nunez-3",
    ]


def test_a_name_that_several_bear_is_a_fault_that_names_them():
    make.an_official("Ana Núñez", slug="ana-of-the-navy")
    make.an_official("Ana Núñez", slug="ana-of-the-army")
    assert faults(PEOPLE, "person id", ("Ana Núñez", "")) == [
        (
            2,
            "person",
            "“Ana Núñez” matches several records: ana-of-the-army, "
            "ana-of-the-navy; name one of them.",
        )
    ]


def test_what_is_not_found_is_a_fault_where_the_mapping_creates_nothing():
    toml = PEOPLE.replace("name =", "create = false\nname =", 1)
    assert faults(toml, "person id", ("Ana Núñez", "Q1")) == [
        (
            2,
            "id",
            "no official matches “Q1, Ana Núñez”, and the mapping creates "
            "none; add it first.",
        )
    ]


def test_a_slug_that_a_record_bore_leads_to_the_record():
    make.an_agency(slug="defensa")
    Redirect.objects.create(type="agency", slug="sedena", target="defensa")
    rows = applied(
        '[agencies]\nslug = "sedena"\nname = {from = "n"}\nkind = "ministry"',
        "n",
        ("Defense",),
    )
    assert rows["agencies"][0]["slug"] == "defensa"


def test_a_record_that_is_kept_is_counted_and_has_no_row():
    make.an_official("Ana Núñez", slug="ana")
    mapping = Mapping.from_toml(
        'name = "A test"\n' + PEOPLE.replace("name =", 'found = "keep"\nname =', 1)
    )
    made = mapping.apply(sheet("person id", ("Ana Núñez", "Q1"), ("Eva", "Q2")))
    assert rows_of(made[0][1]) == [["eva", "Eva"]]
    assert list(made.told()) == ["officials: 1 on record is left as it is."]


def test_a_constant_takes_back_nothing_that_a_curator_has_written_since():
    make.a_place("Yuma", slug="yuma", kind="site", status="published")
    rows = applied(
        '[places]\nstatus = "draft"\nname = {from = "n"}\nkind = "city"',
        "n",
        ("Yuma",),
        ("Tecate",),
    )
    assert [(row["slug"], row["status"], row["kind"]) for row in rows["places"]] == [
        ("yuma", "published", "site"),
        ("tecate", "draft", "city"),
    ]


def test_a_record_is_found_by_what_its_columns_hold():
    appointment = make.an_appointment(start="2019-03", slug="as-recorded")
    official, post = appointment.official.slug, appointment.post.slug
    rows = applied(
        """
        [appointments]
        find = {by = ["official", "post", "kind", "start"]}
        slug = {template = "{official} {start}"}
        official = {from = "official"}
        post = {from = "post"}
        kind = "substantive"
        start = {from = "start", dates = "mdy"}
        """,
        "official post start",
        (official, post, "3/2019"),
        (official, post, "4/2019"),
    )
    assert [row["slug"] for row in rows["appointments"]] == [
        "as-recorded",
        f"{official}-4-2019",
    ]


def test_a_related_record_is_named_by_its_exact_name():
    make.a_country("Mexico", slug="mexico")
    make.a_place("Nogales", slug="nogales-sonora")
    make.a_place("Nogales", slug="nogales-arizona")
    toml = """
    [places]
    name = {from = "n"}
    kind = "city"
    parent = {from = "in", by = "name"}
    """
    rows = applied(toml, "n in", ("Tecate", "Mexico"), ("Yuma", ""))
    assert [row["parent"] for row in rows["places"]] == ["mexico", ""]
    assert faults(toml, "n in", ("a", "Nogales"), ("b", "Mejico")) == [
        (
            2,
            "in",
            "“Nogales” matches several records: nogales-arizona, "
            "nogales-sonora; name one of them.",
        ),
        (3, "in", "no record is named “Mejico”; add it first."),
    ]


# Files that do not fit


def test_columns_that_the_file_lacks_or_the_mapping_forgets_are_told_at_once():
    assert faults(PEOPLE, "persona id remark", ("A", "Q1", "")) == [
        (
            1,
            "person",
            "the mapping reads it (officials.name), and the file has none; did you "
            "mean persona?",
        ),
        (
            1,
            "persona",
            "the mapping does not use it; list it in “unused”, or say "
            "which column it goes into; did you mean person?",
        ),
        (
            1,
            "remark",
            "the mapping does not use it; list it in “unused”, or say "
            "which column it goes into.",
        ),
    ]


# Files that are no mappings


def test_everything_that_is_wrong_with_a_mapping_is_named_with_its_place():
    assert missteps(
        """
        unused = ["d", 3]
        colour = "red"
        empty = ["-"]
        [read]
        emtpy = ["N/A"]
        [sources]
        titel = {from = "t"}
        title = {from = "t", template = "{u}"}
        kind = {from = ""}
        language = {from = "l", dates = "ymd"}
        published = {from = "d", dates = "ydm", thousands = ","}
        url = 3.5
        publisher = {of = "agencies"}
        author = {template = "nobody"}
        found = "leave"
        [agency]
        name = "x"
        [official_identifiers]
        official = {from = "o"}
        scheme = {constant = 5}
        find = {by = "name", from = "x"}
        [appointments]
        find = {by = ["official", "pots"]}
        official = {of = "sources"}
        post = {of = "posts"}
        """
    ) == [
        "read.emtpy: unknown; did you mean empty?",
        "name: give the name of the mapping.",
        "unused[2]: write a text in quotes, not 3.",
        "colour: unknown.",
        "empty: unknown; did you mean read.empty?",
        "sources.titel: unknown; did you mean title?",
        "sources.title: give exactly one of: from, template, of, constant.",
        "sources.kind.from: name a column of the file.",
        "sources.publisher.of: the column names no other record.",
        "sources.author.template: it names no column; put one in braces: {name}.",
        "sources.url: write a text, or a table as {from = “column”}.",
        "sources.language.dates: “language” is no date.",
        "sources.published.thousands: “published” is a date, and no number.",
        "sources.published.dates: “ydm” is not a valid choice; choose "
        "one of: ymd, dmy, mdy.",
        "sources.found: “leave” is not a valid choice; choose one of: write, keep.",
        "agency: there is no table “agency”; did you mean agencies / agency_names?",
        "official_identifiers.scheme.constant: write a text in quotes, not 5.",
        "official_identifiers.find: only records can be looked up; "
        "rows of official_identifiers are identified by their "
        "official, scheme, value.",
        "official_identifiers.value: it is required, since it identifies the "
        "rows of official_identifiers; add value = {from = “…”}.",
        "appointments.find.by: the section has no column “pots”; did you mean post?",
        "appointments.slug: give a template for the slug, as {template = “…”}.",
        "sources.publisher.of: there is no section “agencies”.",
        "appointments.official.of: “official” names officials, and sources are "
        "sources.",
        "appointments.post.of: there is no section “posts”.",
        "unused: “d” is used in sources.published.",
    ]


def test_sections_that_refer_to_each_other_in_a_circle_are_refused():
    place = 'name = {{from = "n"}}\nkind = "city"\nparent = {{of = "{}"}}\n'
    toml = 'name = "A test"\n'
    for label, other in (("inner", "outer"), ("outer", "inner")):
        toml += f'[{label}]\ntable = "places"\n' + place.format(other)
    assert missteps(toml) == [
        "inner: it refers to itself through other sections.",
        "outer: it refers to itself through other sections.",
    ]


@pytest.mark.parametrize("text", ["name = ", "name = 'a'\nname = 'b'", "\x00"])
def test_what_is_no_toml_is_refused_with_its_place(text):
    (misstep,) = missteps(text)
    assert misstep.startswith("no TOML: ") and "(at" in misstep


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 50_000, "it is nested too deep."),
        ("a = " + "{a = " * 2000 + "1" + "}" * 2000, "it is nested too deep."),
        (".".join("a" * 30_000) + " = 1", "a name has more than 32 parts."),
        ("[" + " . ".join(['"a b"'] * 33) + "]", "a name has more than 32 parts."),
        ("a = {" + ".".join("a" * 40) + " = 1}", "a name has more than 32 parts."),
        ('"\\u0000" = "a"', "control character U+0000."),
        ('a = [{b = "a\\u0000"}]', "control character U+0000."),
        *(
            (
                f"a = [{number}]",
                "a number has more than 18 digits; write it as a text in quotes.",
            )
            for number in ("9" * 5000, "0x" + "f" * 6000, "-" + "1" * 19)
        ),
    ],
)
def test_what_no_mapping_needs_and_nothing_can_bear_is_no_toml(text, said):
    assert missteps(text) == [f"no TOML: {said}"]


def test_names_and_numbers_as_long_as_any_mapping_needs_are_read():
    long = ".".join("a" * 32)
    document = document_in(f"{long} = {'9' * 18}\nb = '{long}… {long}'")
    assert document["b"] == f"{long}… {long}"
    for _part in range(32):
        document = document["a"]
    assert document == 10**18 - 1


def test_marks_of_numbers_that_cannot_be_told_apart_are_refused():
    def said(marks):
        return missteps(
            f"""
            name = "T"
            [places]
            name = {{from = "n"}}
            latitude = {{from = "v", {marks}}}
            """
        )

    assert said('thousands = "."') == [
        "places.latitude.decimal: “.” is the thousands separator; "
        "choose another decimal separator."
    ]
    assert said('thousands = ",", decimal = ","') == [
        "places.latitude.decimal: “,” is the thousands separator; "
        "choose another decimal separator."
    ]
    assert said('thousands = "1", decimal = "-"') == [
        "places.latitude.thousands: a separator has no digits and no minus sign.",
        "places.latitude.decimal: a separator has no digits and no minus sign.",
    ]


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ("places", 'public_note = {template = "%s"}' % ("{n}" * 1000)),
        ("places", 'public_note = {from = "n", map = {"n*" = "%s"}}' % ("*" * 1000)),
        (
            "meetings",
            'themes = {from = "n", split = "n", map = {"x" = "%s"}}' % ("x" * 1000),
        ),
    ],
)
def test_a_cell_that_would_grow_too_long_is_refused_before_it_is_made(table, rule):
    label = "name" if table == "places" else "title"
    toml = f'[{table}]\nslug = "one"\n{label} = "One"\n{rule}'
    assert faults(toml, "n", ("nx" * 100,)) == [
        (
            2,
            "n",
            "with the mapping this cell is longer than 64 KiB; leave something out.",
        )
    ]


def test_what_is_like_an_unknown_word_is_only_sought_for_those_that_are_told(
    monkeypatch,
):
    sought = []
    monkeypatch.setattr(
        "provenance.imports.mapping.cells.close_to",
        lambda text, words: sought.append(len(words)) or "",
    )
    words = ", ".join(f'"word {n}" = "w"' for n in range(600))
    toml = f"""
    [places]
    name = {{from = "n"}}
    kind = {{from = "k", strict = true, map = {{{words}}}}}
    """
    rows = [(f"Place {n}", f"no word {n}") for n in range(MAX_FAULTS + 500)]
    told = [message for _line, _column, message in faults(toml, "n k", *rows)]
    assert told[-1] == f"the value map has no entry for “no word {len(rows) - 1}”."
    assert len(told) == len(rows)  # each says why it would be set aside
    assert sought == [500] * MAX_FAULTS


def test_namesakes_are_numbered_one_after_the_other():
    rows = applied(PEOPLE, "id person", *((f"Q{n}", "Ana") for n in range(1, 5)))
    slugs = [row["slug"] for row in rows["officials"]]
    assert slugs == ["ana", "ana-2", "ana-3", "ana-4"]


def test_a_namesake_is_numbered_without_trying_every_number_again(monkeypatch):
    fresh, begin = Counting(), Settling.__init__

    def counting(settling, *args):
        begin(settling, *args)
        if settling.section.label == "officials":
            settling._fresh = fresh

    monkeypatch.setattr(Settling, "__init__", counting)
    monkeypatch.setattr(Settling, "_is_taken", lambda *_of: False)
    rows = [(f"Q{n}", "Ana") for n in range(200)]
    assert len(applied(PEOPLE, "id person", *rows)["officials"]) == len(fresh) == 200
    assert fresh.asked < 5 * 200


class Counting(set):
    """A set that counts how often it is asked."""

    asked = 0

    def __contains__(self, item):
        self.asked += 1
        return super().__contains__(item)


# Records by the texts that their slugs were made of


def test_what_a_slug_was_made_of_finds_its_record_again():
    make.a_place("Nuevo León", slug="nuevo-leon", kind="state")
    make.an_agency("Guardia", slug="guardia-nacional")
    places = """
        [places]
        find = {by = "slug", from = "state"}
        name = {from = "state"}
        kind = "state"
        """
    agencies = """
        [agencies]
        name = {from = "name"}
        kind = "police"
        parent = {from = "of"}
        """
    found = applied(
        places + agencies,
        "state name of",
        *[
            ("NUEVO LEÓN", "Base", "Guardia Nacional"),
        ],
    )
    assert found["places"][0]["slug"] == "nuevo-leon"
    assert found["agencies"][0]["parent"] == "guardia-nacional"


def test_what_a_kind_of_row_leaves_empty_need_not_be_said():
    (row,) = applied(
        """
        [participations]
        event = {from = "event"}
        agency = {from = "agency"}
        role = "force"
        """,
        "event agency",
        ("ardent", "sedena"),
    )["participations"]
    assert row == {
        "event": "ardent",
        "official": "",
        "agency": "sedena",
        "role": "force",
    }
