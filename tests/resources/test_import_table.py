"""The command that imports one file: what it prints, and when it fails."""

import pytest
from django.core.management import CommandError, call_command

from entities.models import Agency, Official, Place
from provenance.models import ChangeSet
from tests import make
from tests.recipes import read_in

pytestmark = pytest.mark.django_db

PEOPLE = """
name = "People"
[officials]
find = {by = "name", from = "person"}
name = {from = "person"}
[appointments]
slug = {template = "{person} {since}"}
official = {of = "officials"}
post = "secretary"
kind = "substantive"
start = {from = "since"}
"""


@pytest.fixture
def people(tmp_path):
    """Writes a file of people beside its mapping; gives the path of the file."""
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")

    def written(*lines):
        file = tmp_path / "people.csv"
        file.write_text("\n".join(("person,since", *lines)) + "\n", encoding="utf-8")
        return file

    return written


def failed(capsys, file, **options):
    """What the command prints before it fails, and what it fails with."""
    with pytest.raises(CommandError) as failure:
        call_command("import_table", str(file), **options)
    return capsys.readouterr().out.splitlines(), str(failure.value)


def test_a_file_with_our_headers_is_the_table_that_it_is_called_after(tmp_path):
    file = tmp_path / "agencies.csv"
    file.write_text("slug,name,kind\nsedena,SEDENA,ministry\n", encoding="utf-8")
    assert read_in(file, reason="first entry") == [
        "agencies: 1 new",
        "1 of 1 row was written, as change 1.",
    ]
    assert Agency.objects.get().name == "SEDENA"
    assert ChangeSet.objects.get().reason == "first entry"
    assert read_in(file)[-1] == (
        "Nothing has changed: the 1 row is on record as it is."
    )


def test_faults_of_the_import_name_the_foreign_line_and_column(people, capsys):
    make.a_post(slug="secretary")
    file = people("Ana Núñez,03/04/2024", "Eva,2001", "Ida,2001-13")
    told, failure = failed(capsys, file, mapping=str(file.with_suffix(".toml")))
    assert told == [
        "officials: 3 new",
        "appointments: 1 new, 2 invalid",
        f"{file}:2: since: “03/04/2024” is not a date; write 2024, 2024-04 or "
        "2024-04-03, with ? or ~ behind it if unsure, or [2024-04-01..2024-04-10] for "
        "one day in a range.",
        f"{file}:4: since: “2001-13” is not a day in the calendar; check its month "
        "and its day.",
    ]
    assert failure == f"2 faults in {file}; nothing was written."
    assert not Official.objects.exclude(appointments=None).exists()


def test_faults_of_the_mapping_name_the_line_and_the_column_too(people, capsys):
    make.a_post(slug="secretary")
    for slug in ("ana-one", "ana-two"):
        make.an_official("Ana", slug=slug)
    file = people("Eva,2001", "Ana,2002")
    told, failure = failed(capsys, file, mapping=str(file.with_suffix(".toml")))
    assert told == [
        "officials: 1 new, 1 invalid",
        f"{file}:3: person: “Ana” matches several records: ana-one, ana-two; name one "
        "of them.",
        "appointments: 1 new, 1 invalid",
    ]
    assert failure == f"1 fault in {file}; nothing was written."
    file = people("Eva,soon", "Ana,2002")
    told, failure = failed(capsys, file, mapping=str(file.with_suffix(".toml")))
    assert failure == f"2 faults in {file}; nothing was written."  # of both stages


def test_what_is_wrong_with_columns_form_and_cells_is_told_in_one_round(
    tmp_path, capsys
):
    file = tmp_path / "places.csv"
    file.write_text(
        "slug,status,name,kind,colour\n"
        "nogales,draft,Nogales,town,red\n"
        "sonora,draft,Sonora\n"
        "yuma,draft,Yuma,city,blue\n"
    )
    told, failure = failed(capsys, file)
    places = [line.partition(": ")[0].removeprefix(str(file)) for line in told[1:]]
    assert told[0] == "places: 1 new, 2 invalid"
    assert places == ["", ":2", ":3"]
    assert failure == f"3 faults in {file}; nothing was written."
    aside = tmp_path / "aside.csv"
    told, failure = failed(capsys, file, set_aside=aside)  # its columns are not ours
    assert failure == f"3 faults in {file}; nothing was written."
    assert not Place.objects.exists()


def test_the_same_is_told_in_one_round_by_a_mapping(people, tmp_path, capsys):
    make.a_post(slug="secretary")
    file = people("Ana,2001,red", "Eva,2001", "Leo,soon,", "Eva,2002,")
    file.write_text(file.read_text().replace("since", "since,colour", 1))
    mapping, aside = file.with_suffix(".toml"), tmp_path / "aside.csv"
    told, failure = failed(capsys, file, mapping=str(mapping), set_aside=aside)
    places = [line.split(": ")[0] for line in told if line.startswith(str(file))]
    assert places == [f"{file}:4", f"{file}:1", f"{file}:3"]
    assert failure == f"3 faults in {file}; nothing was written."
    assert not aside.exists()
    mapping.write_text(f'unused = ["colour"]\n{mapping.read_text()}')
    assert read_in(file, mapping=str(mapping), set_aside=aside)[-2:] == [
        f"5 of 8 rows were written, as change {ChangeSet.objects.count()}.",
        f"2 rows set aside in {aside}.",
    ]
    assert aside.read_text().splitlines()[1] == (
        'Eva,2001,,"it has 2 cells, the header has 3."'
    )


def test_says_how_far_it_is_with_each_work(people, capsys):
    make.a_post(slug="secretary")
    file = people("Ana,2001")
    call_command("import_table", str(file), mapping=str(file.with_suffix(".toml")))
    assert capsys.readouterr().err.splitlines() == [
        "Rows matched: 1 of 1",
        "Rows done: 1 of 2",
        "Rows done: 2 of 2",
    ]


def test_rows_that_support_what_is_recorded_are_counted_as_claims(tmp_path):
    make.a_source(slug="sheet")
    for slug in ("army", "navy"):
        make.an_agency(slug.title(), slug=slug)
    file = tmp_path / "agencies.csv"
    file.write_text("slug,name\nnavy,Navy\n", encoding="utf-8")
    assert read_in(file, source="sheet")[0] == "agencies: 1 claim"
    file.write_text("slug,name\nnavy,Navy\narmy,Army\n", encoding="utf-8")
    make.a_source(slug="book")
    assert read_in(file, source="book")[0] == "agencies: 2 claims"


def test_a_dry_run_writes_nothing(people):
    make.a_post(slug="secretary")
    before = ChangeSet.objects.count()
    file = people("Ana,2001")
    told = read_in(file, mapping=str(file.with_suffix(".toml")), dry_run=True)
    assert told[-1] == "2 of 2 rows would be written; nothing was."
    assert ChangeSet.objects.count() == before


def test_a_mapping_is_taken_by_the_name_under_which_it_is_saved(people):
    make.a_post(slug="secretary")
    make.a_mapping("People of the ministry", PEOPLE)
    told = read_in(people("Ana,2001"), mapping="People of the ministry")
    assert told[:2] == ["officials: 1 new", "appointments: 1 new"]


def test_the_reading_of_a_source_is_cited_with_its_place_and_its_date(people):
    make.a_post(slug="secretary")
    source = make.a_source(slug="gazette")
    file = people("Ana,2001")
    read_in(
        file,
        mapping=str(file.with_suffix(".toml")),
        source="gazette",
        locator="p. 3",
        as_of="2002",
    )
    cited = Official.objects.get(slug="ana").citations
    assert list(cited.values_list("source", "field", "locator", "as_of")) == [
        (source.pk, "", "p. 3", "2002"),
        (source.pk, "name", "p. 3", "2002"),
    ]


@pytest.mark.parametrize(
    ("options", "failure"),
    [
        (
            {"table": "plases"},
            "There is no table “plases”; did you mean places?",
        ),
        ({}, "There is no table “people”; name it with --table."),
        ({"source": "gazete"}, "There is no source “gazete”; did you mean gazette?"),
        ({"locator": "p. 3"}, "Name the --source that this is said of."),
        (
            {"table": "officials", "mapping": "x.toml"},
            "The mapping says the table; leave --table out.",
        ),
        (
            {"source": "gazette", "as_of": "03/04/2024"},
            "“03/04/2024” is not a date; write 2024, 2024-04 or 2024-04-03, with ? or "
            "~ behind it if unsure, or [2024-04-01..2024-04-10] for one day in a "
            "range.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_remedy(
    people, capsys, options, failure
):
    make.a_source(slug="gazette")
    assert failed(capsys, people("Ana,2001"), **options) == ([], failure)


def test_all_that_is_wrong_with_a_mapping_is_told(people, capsys):
    file = people("Ana,2001")
    toml = file.with_suffix(".toml")
    toml.write_text('[officials]\nnam = "x"\n', encoding="utf-8")
    told, failure = failed(capsys, file, mapping=str(toml))
    assert told == []
    assert failure.splitlines() == [
        f"{toml}: name: give the name of the mapping.",
        f"{toml}: officials.nam: unknown; did you mean name?",
        f"{toml}: officials.slug: give a template for the slug, as {{template = “…”}}.",
    ]


def test_a_file_or_a_mapping_that_is_not_there_is_named(people, capsys, tmp_path):
    absent = tmp_path / "absent.csv"
    _told, failure = failed(capsys, absent, table="officials")
    assert failure == f"{absent}: No such file or directory."
    make.a_mapping("People of the ministry", PEOPLE)
    _told, failure = failed(capsys, people("Ana,2001"), mapping="People of a ministry")
    assert failure.startswith("“People of a ministry” is no mapping that is saved")
    assert failure.endswith("; did you mean People of the ministry?")
