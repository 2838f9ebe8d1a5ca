"""The whole record as a folder of CSV files: in, out, and never half."""

import shutil
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from entities.models import Agency, AgencyName, Official, Place
from provenance.models import Source
from provenance.models.renaming import rename
from provenance.resources import Kind, of_kind
from provenance.tables import write_table
from tests import make
from tests.folders import FIXTURES, faults_in, load, read_in, write
from timeline.models import EventCitation, Meeting, Observation, Participation
from timeline.records import RECORDS, TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AGENCIES = [
    "slug,status,name,kind,country,parent,founded,dissolved,public_note,private_note"
]


def counts(**given):
    """How many rows became what."""
    return {kind: given.get(kind, 0) for kind in Kind}


def test_a_folder_with_one_wrong_row_writes_nothing_and_names_every_fault(tmp_path):
    folder = write(
        tmp_path / "in",
        places=[
            "slug,status,name,kind,parent",
            "mexico,published,Mexico,country,",
            "sonora,published,Sonora,province,mexico",
        ],
        agencies=[
            *AGENCIES,
            "sedena,published,SEDENA,ministry,mexcio,,,,,",
            "semar,published,SEMAR,ministry,mexico,,03/04/2024,,,",
            "navy,published,,ministry,,semra,,,,",
        ],
        posts=[
            "slug,status,title,agency,seats,start,end",
            "head,published,Head,semar,1.9,2020,2019",
        ],
    )
    out, err, failure = load(folder)
    assert (out, failure) == ("", f"8 faults in {folder}; nothing was written.")
    assert [line.removeprefix(f"{folder}/") for line in err.splitlines()[3:]] == [
        "places.csv: line 2: “Mexico”: it has no citation; name a source for it.",
        'places.csv: line 3, column "kind": “province” is not a valid '
        "choice; choose one of: country, state, sector, city, site, "
        "sea-area, region.",
        'agencies.csv: line 2, column "country": There is no place “mexcio”; did you '
        "mean mexico?",
        'agencies.csv: line 3, column "founded": “03/04/2024” is not a date; write '
        "2024, 2024-04 or 2024-04-03, with ? or ~ behind it if unsure, or "
        "[2024-04-01..2024-04-10] for one day in a range.",
        'agencies.csv: line 4, column "name": This field cannot be blank.',
        'agencies.csv: line 4, column "parent": There is no agency “semra”; did you '
        "mean semar?",
        'posts.csv: line 2, column "seats": “1.9”: write a whole number, in at most 18 '
        "digits.",
        "posts.csv: line 2: It cannot end before it starts (start “2020”, end “2019”).",
    ]
    assert not Place.objects.exists()
    assert not Place.history.exists()


def test_rows_that_stand_before_the_ones_they_refer_to_are_read(tmp_path):
    folder = write(
        tmp_path / "in",
        agencies=[
            *AGENCIES,
            "a-office,draft,Office,ministry,,b-ministry,,,,",
            "b-ministry,draft,Ministry,ministry,,c-government,,,,",
            "c-government,draft,Government,government,,,,,,",
        ],
    )
    assert load(folder)[2] is None
    assert Agency.objects.get(slug="a-office").parent.parent.slug == "c-government"


def test_records_that_stand_above_each_other_in_a_circle_are_refused(tmp_path):
    folder = write(
        tmp_path / "in",
        agencies=[
            *AGENCIES,
            "a,published,A,ministry,,b,,,,",
            "b,published,B,ministry,,a,,,,",
        ],
    )
    _out, err, failure = load(folder)
    assert failure
    assert "line 2: This is a circular reference: a → b → a." in err
    assert not Agency.objects.exists()
    a = make.an_agency(slug="a")
    make.an_agency(slug="b", parent=a)
    _out, err, failure = load(folder)
    assert "This is a circular reference: a → b → a." in err


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "slug,nmae,status,kind",
            "the file: unknown column “nmae”; did you mean name?",
        ),
        ("slug,Name ,kind", "the file: unknown column “Name ”; did you mean name?"),
        (
            "name,kind",
            "the file: the column “slug” is required; it identifies the rows.",
        ),
        ("slug,name,name", "line 1: the column “name” stands there 2 times"),
        ("slug,name,version", "the file: unknown column “version”"),
    ],
)
def test_headers_are_read_strictly(tmp_path, header, said):
    cells = ",".join("x" for _ in header.split(","))
    folder = write(tmp_path / "in", places=[header, cells])
    _out, err, failure = load(folder)
    assert failure
    assert said in err
    assert not Place.objects.exists()


def test_two_rows_with_one_key_are_refused_and_both_lines_named(tmp_path):
    folder = write(
        tmp_path / "in",
        places=[
            "slug,status,name,kind",
            "mexico,published,Mexico,country",
            "canada,published,Canada,country",
            "mexico,published,México,country",
        ],
    )
    _out, err, _failure = load(folder)
    assert "places.csv: line 4: Line 2 has the same key; keep one of the two." in err


def test_a_file_that_is_no_table_is_refused_with_close_names(tmp_path):
    folder = write(tmp_path / "in", agncies=["slug,name", "a,b"])
    _out, err, failure = load(folder)
    assert failure
    assert (
        "agncies.csv: the file: it is none of the tables; did you mean agencies" in err
    )


def test_an_empty_folder_and_a_missing_one_are_errors(tmp_path):
    assert load(tmp_path)[2]
    assert load(tmp_path / "none")[2] == f"There is no folder {tmp_path / 'none'}."


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(tmp_path):
    folder = write(
        tmp_path / "in", places=["slug,status,name,kind", "mexico,draft,Mexico,country"]
    )
    out, _err, failure = load(folder, dry_run=True)
    assert (out, failure) == ("1 of 1 row would be written; nothing was.\n", None)
    assert not Place.objects.exists()


def test_a_load_into_an_empty_database_only_leaves_records_that_exist_alone():
    source = make.a_source(title="A curator's own")
    out, _err, failure = load(FIXTURES, if_empty=True)
    assert (out, failure) == ("There are records already; nothing was loaded.\n", None)
    assert list(Source.objects.all()) == [source]


def test_an_import_changes_only_the_columns_that_it_brings():
    agency = make.an_agency(slug="sedena", public_note="Keep me", founded="1937")
    outcome = read_in("agencies", "slug,name\r\nsedena,New name\r\n")
    agency.refresh_from_db()
    assert outcome.counts == counts(changed=1)
    assert (agency.name, agency.public_note, agency.founded) == (
        "New name",
        "Keep me",
        "1937",
    )
    assert agency.version == 2


def test_an_import_of_names_changes_the_one_name_and_adds_the_other():
    agency = make.an_agency(slug="sedena")
    AgencyName.objects.create(agency=agency, text="SEDENA", kind="acronym")
    outcome = read_in(
        "agency_names",
        "agency,text,kind,language,start,end\r\n"
        "sedena,SEDENA,acronym,,,2024\r\n"
        "sedena,DEFENSA,short,es,2024,..\r\n",
    )
    assert outcome.counts == counts(changed=1, new=1)
    assert list(agency.names.values_list("text", "start", "end")) == [
        ("DEFENSA", "2024", ".."),
        ("SEDENA", "", "2024"),
    ]


def test_the_themes_of_an_event_become_those_of_the_cell_each_with_its_history():
    meeting = make.a_meeting(slug="a-meeting")
    themes = {slug: make.a_theme(slug=slug) for slug in ("arms", "drugs", "trade")}

    read_in("meetings", "slug,themes\r\na-meeting,arms|drugs\r\n")
    read_in("meetings", "slug,themes\r\na-meeting,drugs|trade\r\n")

    assert sorted(theme.slug for theme in meeting.themes.all()) == ["drugs", "trade"]
    history = meeting.theme_rows.model.history.order_by("history_id")
    assert [(row.theme, row.history_type) for row in history] == [
        (themes["arms"], "+"),
        (themes["drugs"], "+"),
        (themes["arms"], "-"),
        (themes["trade"], "+"),
    ]
    again = read_in("meetings", "slug,themes\r\na-meeting,trade|drugs\r\n")
    assert again.counts == counts(same=1)


def test_a_citation_is_read_onto_the_kind_of_record_that_its_type_names():
    make.a_meeting(slug="a-call")
    make.a_source(slug="a-source")
    table = write_table(
        ["type", "record", "field", "source", "locator", "stated"],
        [
            ["meeting", "a-call", "format", "a-source", "para. 1", "call"],
            ["deployment", "a-call", "", "a-source", "para. 2", ""],
            ["meting", "a-call", "", "a-source", "para. 3", ""],
            ["meeting", "a-call", "personnel", "a-source", "para. 4", "5"],
            ["meeting", "a-call", "start", "a-source", "para. 5", "May"],
        ],
    )
    outcome = read_in("citations", table)
    said = {fault.line: fault.message for fault in outcome.faults}
    assert said[3] == "There is no deployment “a-call”."
    assert said[4].startswith(
        "“meting” is not a valid type; choose one of: place, agency,"
    )
    assert said[5].startswith("“personnel” is no citable field here; choose one of")
    assert said[6].startswith("“May” is not a date")
    assert not EventCitation.objects.exists()


def test_a_participation_in_somebody_elses_office_is_refused():
    meeting = make.a_meeting()
    official, stranger = make.an_official(), make.an_official()
    appointment = make.an_appointment(official=stranger)
    table = write_table(
        ["event", "official", "agency", "role", "appointments"],
        [[meeting.slug, official.slug, "", "participant", appointment.slug]],
    )
    assert faults_in(read_in("participations", table)) == [
        f'line 2, column "appointments": “{appointment.slug}” is an appointment of '
        f"{stranger}."
    ]
    assert not Participation.objects.exists()


def test_hostile_text_goes_out_and_comes_back_as_it_was(tmp_path):
    names = ["=cmd|' /C calc'!A0", "'=1", '"quoted", and | piped', "Ñandú ½ 🛂 עברית"]
    for name in names:
        note = f"{name}\nsecond line\n\n\tthird"
        make.an_official(name=name, public_note=note, status="draft")
    before = sorted(Official.objects.values_list("slug", "name", "public_note"))
    call_command("dump", str(tmp_path), stderr=StringIO())
    Official.objects.all().delete()
    assert load(tmp_path)[2] is None
    assert sorted(Official.objects.values_list("slug", "name", "public_note")) == before


def test_the_fixtures_can_be_broken_in_the_middle_and_leave_nothing(tmp_path):
    folder = tmp_path / "broken"
    shutil.copytree(FIXTURES, folder)
    file = folder / "observations.csv"
    file.write_bytes(file.read_bytes().replace(b",15000,", b',"15,000",'))
    _out, err, failure = load(folder)
    assert failure == f"1 fault in {folder}; nothing was written."
    assert (
        'observations.csv: line 15, column "value": “15,000” is not a quantity' in err
    )
    assert not any(model.objects.exists() for model in RECORDS)


def test_a_value_read_from_a_file_has_the_bounds_of_its_text():
    make.a_metric(slug="troops")
    table = (
        "slug,status,metric,value,start,end,modality\r\n"
        "o,draft,troops,~10000,2025-02,[..2025-04],actual\r\n"
    )
    read_in("observations", table)
    stored = Observation.objects.values("value_low", "value_high", "end_latest").get()
    assert [str(value).removesuffix(".000000") for value in stored.values()] == [
        "9000",
        "11000",
        "2025-04-30",
    ]


def test_what_only_follows_from_a_wrong_row_is_not_a_fault_of_its_own(tmp_path):
    folder = write(
        tmp_path / "in",
        agencies=[
            *AGENCIES,
            "parent,published,Parent,minstry,,,,,,",
            "child,published,Child,ministry,,parent,,,,",
        ],
    )
    _out, err, failure = load(folder)
    assert failure == f"1 fault in {folder}; nothing was written."
    assert 'agencies.csv: line 2, column "kind": “minstry” is not a valid choice' in err


def test_a_file_may_name_a_record_by_the_slug_that_it_bore_before(tmp_path):
    rename(make.an_agency(slug="sedena"), "defensa")
    rename(make.a_meeting(slug="a-call"), "the-call")
    folder = write(
        tmp_path / "in",
        posts=["slug,status,title,agency", "head,draft,Head,sedena"],
        participations=[
            "event,official,agency,role,appointments",
            "a-call,,sedena,host,",
        ],
    )
    assert load(folder)[2] is None
    assert Participation.objects.get().agency.slug == "defensa"
    folder = write(
        tmp_path / "old", agencies=["slug,status,name,kind", "sedena,draft,X,ministry"]
    )
    _out, err, _failure = load(folder)
    assert "“sedena” is the former slug of “defensa”; write that, or choose" in err


@pytest.mark.parametrize("command", ["load", "dump"])
def test_a_folder_that_is_a_file_is_an_error_and_no_traceback(command, tmp_path):
    file = tmp_path / "agencies.csv"
    file.write_text("slug\r\n")
    with pytest.raises(CommandError, match=str(file)):
        call_command(command, str(file), stdout=StringIO(), stderr=StringIO())
    (tmp_path / "in" / "agencies.csv").mkdir(parents=True)
    if command == "load":
        with pytest.raises(CommandError, match="Is a directory"):
            call_command(command, str(tmp_path / "in"), stderr=StringIO())


def test_what_stands_above_itself_in_a_file_is_refused(tmp_path):
    folder = write(
        tmp_path / "in", agencies=[*AGENCIES, "a,published,A,ministry,,a,,,,"]
    )
    _out, err, failure = load(folder)
    assert failure == f"1 fault in {folder}; nothing was written."
    assert "line 2: This is a circular reference: a → a." in err


def test_no_chain_of_records_is_longer_than_any_true_one(tmp_path):
    rows = [
        f"p-{number},draft,P,city,{f'p-{number - 1}' if number else ''}"
        for number in range(60)
    ]
    folder = write(tmp_path / "in", places=["slug,status,name,kind,parent", *rows])
    _out, err, failure = load(folder)
    assert failure == f"1 fault in {folder}; nothing was written."
    assert (
        "line 52" in err and "The hierarchy would be more than 50 levels deep." in err
    )


def test_rows_of_one_kind_of_event_are_not_read_onto_another(tmp_path):
    agreement, agency = make.an_agreement(), make.an_agency()
    table = write_table(
        ["event", "official", "agency", "role", "appointments"],
        [[agreement.slug, "", agency.slug, "host", ""]],
    )
    assert faults_in(read_in(of_kind(TABLES["participations"], Meeting), table)) == [
        f'line 2, column "event": There is no meeting “{agreement.slug}”.'
    ]
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://user:pass@example.org/",
        "https://example.org\\@evil.example/",
        "https://example.org/\u202egnp",
        "//example.org/",
    ],
)
def test_an_address_that_hides_where_it_leads_is_refused(url):
    with pytest.raises(ValidationError) as refused:
        make.a_source(url=url).full_clean()
    assert set(refused.value.message_dict) == {"url"}


def test_an_address_with_letters_of_any_language_is_kept_as_it_was_given():
    source = make.a_source(url="https://müller.example/año?q=1#x", language="es-MX")
    source.full_clean()
    source.language = "<script>"
    with pytest.raises(ValidationError, match="Write the code of a language"):
        source.full_clean()


@pytest.mark.parametrize("command", ["load", "check_data"])
def test_a_database_that_is_not_as_expected_is_told_in_one_line(command):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE timeline_provision")
        with pytest.raises(CommandError) as refused:
            call_command(command)
        transaction.set_rollback(True)
    assert "timeline_provision" in str(refused.value)
    assert "manage.py migrate" in str(refused.value)
