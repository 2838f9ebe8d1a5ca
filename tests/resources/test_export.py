"""Tables out: the bytes of the one writer of CSV, whoever makes them."""

import io
import json
from dataclasses import replace
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from entities.models import Official
from provenance.tables import write_table
from provenance.values.stated_values import join_list, text_of
from tests import make
from tests.depth import examples
from timeline.records import TABLES
from timeline.resources import A_DIMENSION

pytestmark = pytest.mark.django_db

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "==1+1",
    "+1",
    "-1",
    "-5",
    "-1.50",
    "-",
    "--1",
    "-1.",
    "-.5",
    "-1.5.2",
    "-1,5",
    "-1\n",
    "-\uff11",
    "-5..5",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "'",
    "''",
    "'=1",
    "''=1",
    "'a",
    '"',
    'a "quoted" word',
    '="a","b"',
    "a, b",
    "a\r\nb",
    "a\rb",
    "a\nb",
    " a ",
    "a|b",
    "[a]",
    "%s %% {0}",
    "\\",
    "עברית \u202e",
    "\U0001f6c2",
    "n\u0303",
    "ñ",
    "",
    "0",
    "NULL",
]


def told(record, name):
    """What a cell must hold, read off the record."""
    if name.startswith(A_DIMENSION):
        codes = record.codes.filter(dimension__slug=name.removeprefix(A_DIMENSION))
        return "".join(code.notation for code in codes)
    field = record._meta.get_field(name)
    if field.many_to_many:
        return join_list(item.slug for item in getattr(record, name).all())
    text = text_of(getattr(record, name))
    if name == "checked_against":
        now = record.against if hasattr(record, "against") else record.recorded
        return "" if text == now else text
    return text


def file_of(resource, records):
    """The file that must come out for records in the right order."""
    names = resource.get_export_headers()
    return write_table(names, [[told(r, n) for n in names] for r in records]).encode()


def place_of(key, record):
    """Where a record stands among others: its cells of the key, numbers as numbers."""
    cells = [told(record, column) for column in key]
    return [int(cell) if cell.isdigit() else cell for cell in cells]


def bytes_of(resource, among=None):
    return b"".join(resource.csv(among))


def test_a_table_has_the_text_of_every_record_in_the_order_of_its_key():
    for maker in make.EACH_KIND.values():
        maker()
    make.a_place("Nowhere", slug="nowhere", latitude="-31.50", longitude="0.00001")
    make.a_post(slug="seats", seats=12)
    make.a_source(slug="read", accessed_on="0999-01-02")
    meeting, agreement = make.a_meeting(slug="a"), make.an_agreement()
    meeting.themes.set([make.a_theme(slug="b"), make.a_theme(slug="a")])
    for position in (10, 9):
        make.a_provision(agreement, position)
    for name in TABLES.keys() - {"citations", "disputes"}:  # they are of many tables
        resource = TABLES[name]()
        by_key = partial(place_of, resource.key_columns())
        records = sorted(resource._meta.model.objects.all(), key=by_key)
        assert records, name
        assert bytes_of(resource) == file_of(resource, records), name


@settings(
    max_examples=examples(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8"))))
@example(HOSTILE)
def test_any_text_comes_out_as_the_one_writer_writes_it(texts):
    slugs = [f"o-{place:04}" for place in range(len(texts))]
    with transaction.atomic():
        Official.objects.bulk_create([Official(name="A", slug=slug) for slug in slugs])
        # Not through the columns, which would put a text into its one form.
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE entities_official SET public_note = %s, private_note = %s "
                "WHERE slug = %s",
                list(zip(texts, reversed(texts), slugs, strict=True)),
            )
        resource = TABLES["officials"]()
        out = bytes_of(resource)
        expected = file_of(resource, Official.objects.order_by("slug"))
        transaction.set_rollback(True)
    assert out == expected
    assert all(
        cell in out for cell in (text.encode() for text in texts if text.isalnum())
    )


@pytest.mark.parametrize(
    "quantity", ["-5", "-1.5", "-5..5", "-5..-1", "~-5", ">-5", ""]
)
def test_a_number_stays_one_and_a_range_below_zero_is_no_formula(quantity):
    observation = make.an_observation(
        value=quantity, value_missing="" if quantity else "withheld"
    )
    resource = TABLES["observations"]()
    assert bytes_of(resource) == file_of(resource, [observation])
    assert (b",'-5..5," in bytes_of(resource)) == (quantity == "-5..5")


def test_a_column_alone_has_a_line_for_every_row():
    make.a_place("A", slug="a", public_note="")
    make.a_place("B", slug="b", public_note="=1")
    (extract,) = TABLES["places"]().extracts()
    (note,) = [column for column in extract.columns if column.name == "public_note"]
    lines = [*replace(extract, columns=(note,)).chunks_of_lines()]
    text = write_table(["public_note"], [[""], ["=1"]])
    assert lines == [text.splitlines()[1:]]


def test_citations_say_what_they_were_checked_against_unless_it_is_so_still():
    meeting = make.a_meeting(slug="call", format="call", title="A", start="2020")
    meeting.themes.set([make.a_theme(slug="b"), make.a_theme(slug="a")])
    make.a_participation(meeting, official=make.an_official(slug="o"))
    make.a_participation(meeting, agency=make.an_agency(slug="agency"), role="host")
    agreement = make.an_agreement(slug="deal")
    make.a_provision(agreement, 2, "B"), make.a_provision(agreement, 1, "A, b")
    place = make.a_place(
        slug="p", latitude="31.33", longitude="-1", parent=make.a_country(slug="m")
    )
    agency = make.an_agency(slug="semar", country=place.parent)
    make.an_agency_name(agency, "MARINA")
    post = make.a_post(slug="post", seats=2, agency=agency)
    records = [meeting, agreement, place, agency, post]
    records += [make.an_observation(), make.a_deployment(personnel="15000")]
    for record in records:
        for field in ("", *type(record).citable):
            citation = make.a_citation(record, field=field)
            assert citation.checked_against == citation.recorded
    for citation in [*meeting.citations.all(), *place.citations.all()][::2]:
        citation.checked_against, citation.note = f"{citation.recorded}, once", "x"
        citation.save()
    resource = TABLES["citations"]()
    rows = []
    for table in resource.parts().values():
        names = table.get_export_order()
        word = table.owners().model.type_name()
        rows += [
            [word, *(told(citation, name) for name in names)]
            for citation in table.exported()
        ]
    rows.sort(key=lambda row: row[:5])
    once = sum(row[-1].endswith(", once") for row in rows)
    assert (len(rows) > 60, once > 7) == (True, True)
    assert sum(row[-1] != "" for row in rows) == once
    assert sorted(resource.text_rows()) == sorted(map(tuple, rows))
    names = ["type", *names]
    assert bytes_of(resource) == write_table(names, rows).encode()


def exported(*arguments, **options):
    """What the command writes to its output."""
    out = io.StringIO()
    call_command(
        "export_table", *arguments, stdout=out, stderr=io.StringIO(), **options
    )
    return out.getvalue()


class TestTheCommand:
    def test_writes_a_table_with_drafts_and_private_notes(self, tmp_path):
        make.a_place("A", slug="a", status="draft", private_note="call her")
        expected = bytes_of(TABLES["places"]()).decode()
        assert exported("places") == expected
        assert "a,draft,A," in expected and ",call her\r\n" in expected
        exported("places", str(tmp_path / "places.csv"))
        assert [path.name for path in tmp_path.iterdir()] == ["places.csv"]
        assert (tmp_path / "places.csv").read_bytes() == expected.encode()

    def test_writes_a_line_for_each_row(self):
        event, agency = make.a_meeting(slug="call"), make.an_agency(slug="semar")
        make.a_participation(event, agency=agency, role="host")
        assert json.loads(exported("participations", format="ndjson")) == {
            "event": "call",
            "official": "",
            "agency": "semar",
            "role": "host",
            "date": "",
            "effective": "",
            "appointments": "",
        }

    def test_writes_what_filters_and_words_leave(self):
        draft = make.an_agency("Marina", slug="semar", status="draft")
        make.a_post("Head", slug="head", agency=draft, start="2020", end="2021")
        make.a_post("Deputy", slug="deputy", agency=draft, start="2024")
        make.a_post("Head", slug="other", start="2020", end="2021")

        def slugs(*filters, **options):
            out = exported("posts", filter=list(filters), format="ndjson", **options)
            return [json.loads(line)["slug"] for line in out.splitlines()]

        assert slugs("agency=semar") == ["deputy", "head"]
        assert slugs("agency=semar", "as_of=2021") == ["head"]
        assert slugs(search="head") == ["head", "other"]
        assert slugs("agency=semar", search="head") == ["head"]

    @pytest.mark.parametrize("words", ["!!!", "%", " ", "\0", "\udcff"])
    def test_words_without_a_letter_leave_the_header_alone(self, words):
        make.a_place()
        assert exported("places", search=words).startswith(
            "slug,status,name,name_es,kind"
        )
        assert exported("places", search=words).count("\r\n") == 1
        assert exported("places", search=words, format="ndjson") == ""

    def test_finds_what_lies_below_a_draft(self):
        above = make.a_country(slug="mexico", status="draft")
        make.a_meeting(slug="call", place=make.a_place(parent=above, status="draft"))
        assert exported("meetings", filter=["place=mexico"]).count("\r\n") == 2

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["agencis"], "There is no table “agencis”; did you mean agencies"),
            (["posts", "-", "--filter", "agency"], "Write a filter as name=value, not"),
            (
                ["posts", "-", "--filter", "agenci=a"],
                "There is no filter “agenci”; did",
            ),
            (["posts", "-", "--filter", "agency=a"], "agency: There is no agency “a”"),
            (["posts", "-", "--filter", "as_of=May"], "as_of: “May” is not a date"),
            (["provisions", "-", "--search", "a"], "“provisions” takes no filter and"),
            (["posts", "/nowhere/posts.csv"], "No such file or directory"),
        ],
    )
    def test_says_what_is_wrong(self, arguments, said):
        with pytest.raises(CommandError, match=said):
            exported(*arguments)
