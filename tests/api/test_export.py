"""Whole lists over the API: as CSV and as lines of JSON, for everybody to read."""

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from django.db import connection, connections
from django.utils import timezone
from openpyxl import load_workbook

from provenance.api import exports
from provenance.resources import export_queries
from provenance.tables import escaped, parquet, read_table, workbook
from provenance.values.dates import Spanned
from provenance.web.streaming import CSV_TYPE, NDJSON_TYPE, PARQUET_TYPE, XLSX_TYPE
from tests import make
from tests.folders import read_in
from tests.planting import public_record, secrets
from tests.streams import hang_up
from timeline.models import EventTheme
from timeline.records import TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.database]

COLLECTIONS = [*(kind.collection for kind in make.RECORDS), "timeline", "citations"]
COLLECTIONS += ["disputes", "search"]


def ask(api, collection, **query):
    if collection == "search":
        query = {"q": "a", **query}
    return api.get(f"/api/v1/{collection}/", query)


def results(api, collection, **query):
    """All objects of a list, from its pages."""
    shown = ask(api, collection, limit=500, **query).json()
    assert shown["next"] is None
    return shown["results"]


def rows(api, collection, **query):
    """The columns and the rows of a whole list as CSV."""
    answer = ask(api, collection, format="csv", **query)
    assert answer.status_code == 200, answer.content
    table = read_table(answer.getvalue())
    return [dict(zip(table.headers, cells, strict=True)) for cells in table.rows]


def lines(api, collection, **query):
    answer = ask(api, collection, format="ndjson", **query)
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in answer.getvalue().splitlines()]


def text_of(cell):
    """What a cell of a sheet says, as the text that stands for it in CSV."""
    if isinstance(cell.value, datetime):
        return f"{cell.value:%Y-%m-%d}"
    return "" if cell.value is None else str(cell.value)


def flat(value):
    """A member of an object as the text that stands for it in CSV."""
    if isinstance(value, dict):
        return value["slug"]
    if isinstance(value, list):
        return "|".join(item["slug"] for item in value)
    return "" if value is None else str(value)


@pytest.fixture
def planted(monkeypatch):
    """A public record with what is hidden behind it, read in chunks of two."""
    monkeypatch.setattr(exports, "MAX_LIMIT", 2)
    monkeypatch.setattr(export_queries, "CHUNK", 2)
    public = public_record()
    secrets(public)
    make.a_place("=1+1", slug="formula", latitude="31.5", longitude="-110")
    make.a_meeting(slug="a-visit", start="2025-02~", end="2025-03", format="visit")
    make.a_citation(public["agency"], field="name", stated="Another name")


class TestAWholeList:
    def test_has_a_line_and_a_row_for_each_object_of_its_pages(self, api, planted):
        for collection in COLLECTIONS:
            objects = results(api, collection)
            assert objects, collection
            assert lines(api, collection) == objects, collection
            for row, shown in zip(rows(api, collection), objects, strict=True):
                # What dimensions have is rows in an object: test_dimensions.py.
                names = [name for name in row if not name.startswith("dim:")]
                expected = {name: flat(shown.get(name)) for name in names}
                assert {name: row[name] for name in names} == expected

    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_says_what_it_is(self, api, collection):
        for name, kind in (("csv", CSV_TYPE), ("ndjson", NDJSON_TYPE)):
            answer = ask(api, collection, format=name)
            assert answer.streaming
            assert answer["Content-Type"] == kind
            file = f'attachment; filename="{collection}.{name}"'
            assert answer["Content-Disposition"] == file
            listed = ask(api, collection)
            for header in ("Vary", "Cache-Control", "Allow"):
                assert answer[header] == listed[header]
            hang_up(answer)

    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_is_not_asked_for_with_a_page_of_it(self, api, collection):
        for name, value in (("limit", "5"), ("cursor", "x")):
            answer = ask(api, collection, format="csv", **{name: value})
            assert answer.status_code == 400
            (error,) = answer.json()["errors"]
            assert error == {
                "parameter": name,
                "code": "not_with_format",
                "message": "It is for pages; with format, the whole list comes at "
                "once.",
            }

    def test_is_not_made_for_who_asks_for_its_head(self, api):
        for collection in COLLECTIONS:
            query = {"q": "a"} if collection == "search" else {}
            for name in ("csv", "ndjson", "xlsx"):
                address = f"/api/v1/{collection}/"
                answer = api.head(address, {**query, "format": name})
                assert answer.status_code == 200
                assert answer["Content-Disposition"].endswith(f'{collection}.{name}"')
                assert answer.getvalue() == b""


def test_the_columns_are_those_of_the_tables_but_for_what_is_for_curators(api):
    for maker in make.RECORDS.values():
        maker()
    for kind in make.RECORDS:
        (*_others, row) = rows(api, kind.collection)
        names = TABLES[kind.collection]().column_names(public=True)
        names += ["general_knowledge"] if issubclass(kind, Spanned) else []
        assert set(row) == set(names), kind
        own = [name for name in names if not name.startswith("dim:")]
        assert [name for name in row if name in own] == own


def test_a_meeting_is_one_flat_row(api):
    place, theme = make.a_place(slug="nogales"), make.a_theme(slug="border")
    hidden = make.a_theme(slug="hidden", status="draft")
    official = make.an_official(slug="ana", status="draft")
    meeting = make.a_meeting(
        "=1", slug="call", start="2025-02", place=place, requested_by=official
    )
    for one in (theme, make.a_theme(slug="arms"), hidden):
        EventTheme.objects.create(event=meeting, theme=one)
    answer = ask(api, "meetings", format="csv")
    assert answer.getvalue().decode() == (
        "slug,title,title_es,summary,summary_es,"
        "start,end,place,themes,format,requested_by,public_note,public_note_es,"
        "general_knowledge\r\n"
        "call,'=1,,,,2025-02,,nogales,arms|border,,,,,\r\n"
    )


def test_dates_that_no_source_states_are_named_in_a_column(api):
    make.a_citation(make.an_appointment(slug="both", start="2020", end="2021"))
    said = make.an_appointment(slug="said", start="2020", end="2021")
    for name in ("start", "end"):
        make.a_citation(said, field=name)
    half = make.an_appointment(slug="half", start="2020", end="2021")
    make.a_citation(half, field="end")
    make.an_appointment(slug="uncited", start="2020")
    for form in (rows, lines):
        found = form(api, "appointments", fields="slug,general_knowledge")
        told = {each["slug"]: each["general_knowledge"] for each in found}
        if form is lines:
            told = {slug: "|".join(sorted(names)) for slug, names in told.items()}
        assert told == {"both": "end|start", "said": "", "half": "start", "uncited": ""}


@pytest.mark.parametrize("collection", ["appointments", "observations", "timeline"])
def test_a_list_as_csv_comes_back_in_without_change(api, collection):
    """Bounds, and what held or rests on no source, follow from what is read."""
    make.a_citation(make.an_appointment(slug="held", start="2020", end="2021~"))
    make.an_observation(slug="seen", value="~5", start="2020")
    table = "meetings" if collection == "timeline" else collection
    make.a_citation(make.a_meeting(slug="call", start="2020"))
    derived = "general_knowledge,start_earliest,start_latest,holds"
    own = ",".join(TABLES[table]().column_names(public=True))
    asked = {"as_of": "2020", "fields": f"{own},{derived}"}
    answer = ask(api, table, format="csv", **asked)
    outcome = read_in(table, answer.getvalue().decode())
    assert not outcome.faults
    assert {kind: n for kind, n in outcome.counts.items() if n} == {"same": 1}


class TestQuestions:
    def test_narrow_a_whole_list_as_they_do_a_page(self, api):
        semar = make.an_agency("Marina", slug="semar")
        make.a_post("A", slug="a", agency=semar, start="2020", end="2021")
        make.a_post("B", slug="b", agency=semar, start="2020-01-01", end="..")
        make.a_post("C", slug="c")
        query = {"agency": "semar", "as_of": "2021-06-01", "ordering": "-slug"}
        assert [(r["slug"], r["holds"]) for r in rows(api, "posts", **query)] == [
            ("b", "yes"),
            ("a", "maybe"),
        ]
        assert lines(api, "posts", **query) == results(api, "posts", **query)
        assert len(rows(api, "posts", q="marina")) == 0
        assert len(rows(api, "agencies", q="marina")) == 1

    def test_of_fields_narrow_the_columns(self, api):
        make.a_place(slug="nogales", public_note="A note")
        assert rows(api, "places", fields="public_note,slug") == [
            {"slug": "nogales", "public_note": "A note"}
        ]
        answer = ask(api, "places", fields="public_note", format="csv")
        assert answer.getvalue() == b"public_note\r\nA note\r\n"
        assert lines(api, "places", fields="slug") == [{"slug": "nogales"}]
        for name in ("private_note", "status", "citations", "nmae"):
            answer = ask(api, "places", fields=name, format="csv")
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["code"] == "unknown"

    def test_for_another_format_are_told_which_there_are(self, api):
        for collection, forms in (
            ("places", "csv, ndjson, xlsx, parquet, geojson"),
            ("posts", "csv, ndjson, xlsx, parquet"),
            ("citations", "csv, ndjson, xlsx"),
        ):
            answer = ask(api, collection, format="ics")
            assert answer.json()["errors"] == [
                {
                    "parameter": "format",
                    "code": "invalid",
                    "message": f"It can be one of {forms}; without it, JSON comes page "
                    "by page.",
                }
            ]
        assert api.get("/api/v1/places/x/?format=csv").status_code == 400
        make.a_place(slug="nogales")
        assert api.get("/api/v1/places/nogales/?format=csv").status_code == 400

    def test_that_are_refused_are_so_before_anything_is_sent(self, api):
        for query in ({"record": "nobody"}, {"source": "nobody"}, {"nosuch": "1"}):
            assert ask(api, "citations", format="csv", **query).status_code == 400

    def test_may_name_the_format_in_what_they_accept(self, api):
        make.a_place(slug="nogales")
        for accept, kind in (
            ("text/csv", CSV_TYPE),
            ("text/csv, */*;q=0.1", CSV_TYPE),
            ("application/x-ndjson", NDJSON_TYPE),
            ("text/csv, application/json", "application/json"),
            ("text/html, */*", "application/json"),
        ):
            answer = api.get("/api/v1/places/", headers={"Accept": accept})
            assert (answer.status_code, answer["Content-Type"]) == (200, kind)
            assert "Accept" in answer["Vary"].split(", ")
        accepting = {"headers": {"Accept": "text/csv"}}
        answer = api.get("/api/v1/places/?format=ndjson", **accepting)
        assert answer["Content-Type"] == NDJSON_TYPE
        answer = api.get("/api/v1/places/?limit=5", **accepting)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"

    def test_are_told_in_which_forms_there_is_an_answer(self, api):
        make.a_place(slug="nogales")
        asked = {"headers": {"Accept": "text/html"}}
        one = "application/json"
        forms = f"{XLSX_TYPE}, {PARQUET_TYPE}, application/geo+json"
        for address, types in (
            ("places/", f"{one}, text/csv, application/x-ndjson, {forms}"),
            ("places/nogales/", one),
        ):
            answer = api.get(f"/api/v1/{address}", **asked)
            assert answer.json() == {
                "type": "about:blank",
                "title": "Not Acceptable",
                "status": 406,
                "detail": "Accept names none of the forms in which this can be had: "
                f"{types}.",
            }


class TestSpreadsheets:
    """What is opened in Excel says what the CSV says, and runs nothing."""

    def sheet(self, api, collection, **query):
        answer = ask(api, collection, format="xlsx", **query)
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == XLSX_TYPE
        (sheet,) = load_workbook(BytesIO(answer.getvalue()))
        return list(sheet.iter_rows())

    def test_a_byte_order_mark_tells_excel_that_csv_is_utf_8(self, api):
        make.a_place("Ciudad Juárez", slug="juarez")
        for collection in ("places", "citations"):
            plain = ask(api, collection, format="csv").getvalue()
            marked = ask(api, collection, format="csv", excel="1").getvalue()
            assert marked == b"\xef\xbb\xbf" + plain
        for query in ({"excel": "1"}, {"excel": "0", "format": "csv"}):
            assert ask(api, "places", **query).status_code == 400

    def test_a_sheet_has_the_rows_of_the_csv_of_every_list(self, api, planted):
        for collection in COLLECTIONS:
            header, *found = self.sheet(api, collection)
            names = [cell.value for cell in header]
            texts = rows(api, collection)
            assert names == list(texts[0])
            for row, expected in zip(found, texts, strict=True):
                cells = [escaped(text) for text in expected.values()]
                assert [text_of(cell) for cell in row] == cells

    def test_numbers_are_numbers_and_nothing_is_a_formula(self, api):
        make.a_place("=1+1", slug="a", latitude="31.5", longitude="-110")
        make.a_place("http://x.test", slug="b", public_note="+1")
        fields = "name,latitude,longitude,public_note"
        found = self.sheet(api, "places", fields=fields)
        assert [
            [(cell.value, cell.data_type) for cell in row] for row in found[1:]
        ] == [
            [("'=1+1", "s"), (31.5, "n"), (-110, "n"), (None, "n")],
            [("http://x.test", "s"), (None, "n"), (None, "n"), ("'+1", "s")],
        ]

    def test_exact_quantities_and_days_are_added_up_and_others_are_texts(self, api):
        metric = make.a_metric()
        for value, start in (
            ("~10", "1848-02-02"),
            ("12.5", "2024-05"),
            ("-3", "2025"),
        ):
            make.an_observation(metric, value, start=start)
        fields = "value,value_low,start,start_earliest"
        found = self.sheet(api, "observations", fields=fields)[1:]
        assert [[cell.value for cell in row] for row in found] == [
            ["~10", 9, "1848-02-02", "1848-02-02"],
            [12.5, 12.5, "2024-05", datetime(2024, 5, 1)],
            [-3, -3, "2025", datetime(2025, 1, 1)],
        ]
        assert found[1][3].number_format == "yyyy-mm-dd"

    def test_what_does_not_fit_is_refused_and_never_cut_off(self, api, monkeypatch):
        make.a_place("A", slug="a", public_note="é" * 32_767)
        assert len(self.sheet(api, "places")) == 2
        make.a_place("B", slug="b", public_note="é" * 32_768)
        answer = ask(api, "places", format="xlsx")
        assert answer.json()["errors"] == [
            {
                "parameter": "format",
                "code": "too_large",
                "message": "A cell of a sheet has at most 32,767 characters, and "
                "“public_note” of row 3 has more. Leave the column out with fields, or "
                "take the list as csv or ndjson.",
            }
        ]
        assert len(self.sheet(api, "places", fields="slug")) == 3
        monkeypatch.setattr(workbook, "MOST_ROWS", 2)
        monkeypatch.setattr(exports, "MOST_ROWS", 2)
        for collection in ("places", "search"):
            query = {"q": "a"} if collection == "search" else {"fields": "slug"}
            make.a_source("A")
            (error,) = ask(api, collection, format="xlsx", **query).json()["errors"]
            assert "1,048,576 rows" in error["message"]

    def test_it_can_be_of_the_past(self, api):
        place = make.a_place("Before", slug="a")
        then = timezone.now().isoformat().replace("+00:00", "Z")
        place.name = "After"
        place.save()
        _header, (cell,) = self.sheet(api, "places", known_at=then, fields="name")
        assert cell.value == "Before"


class TestParquet:
    def table(self, api, collection, **query):
        answer = ask(api, collection, format="parquet", **query)
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == PARQUET_TYPE
        return pq.read_table(BytesIO(answer.getvalue()))

    def test_an_observation_has_its_texts_and_their_bounds_with_types(self, api):
        metric = make.a_metric(slug="troops")
        make.an_observation(
            metric, "~10000", slug="about", start="2025-02", end="..", population=""
        )
        asked = "slug,metric,value,value_low,value_high,start,start_earliest"
        asked += ",end_latest,population"
        table = self.table(api, "observations", fields=asked)
        assert table.to_pylist() == [
            {
                "slug": "about",
                "metric": "troops",
                "value": "~10000",
                "value_low": Decimal(9000),
                "value_high": Decimal(11000),
                "start": "2025-02",
                "start_earliest": date(2025, 2, 1),
                "end_latest": None,
                "population": None,
            }
        ]
        bounds = {"value_low", "end_latest", "baseline_start_earliest"}
        assert bounds < set(self.table(api, "observations").column_names)

    def test_it_has_the_rows_of_the_csv(self, api, planted, monkeypatch):
        monkeypatch.setattr(parquet, "IN_A_GROUP", 2)
        for kind in make.RECORDS:
            found = self.table(api, kind.collection).to_pylist()
            for row, expected in zip(found, rows(api, kind.collection), strict=True):
                texts = {n: "" if row[n] is None else str(row[n]) for n in expected}
                for name in ("latitude", "longitude"):
                    if texts.get(name):
                        texts[name] = f"{row[name].normalize():f}"
                assert texts == expected

    def test_nothing_at_all_is_a_table_too(self, api):
        assert self.table(api, "observations").num_rows == 0

    def test_a_site_without_pyarrow_says_so(self, api, monkeypatch):
        monkeypatch.setattr(exports, "is_installed", lambda: False)
        for asked in ({"format": "parquet"}, {"HTTP_ACCEPT": PARQUET_TYPE}):
            answer = (
                api.get("/api/v1/observations/", asked)
                if "format" in asked
                else (api.get("/api/v1/observations/", **asked))
            )
            assert answer.status_code == 406
            assert answer.json()["detail"] == (
                "This site does not write Parquet: pyarrow is not installed. It has "
                "csv, ndjson and xlsx."
            )

    def test_bounds_are_columns_of_csv_for_who_asks(self, api):
        make.an_observation(slug="a", value=">0.5", start="2025")
        asked = {"fields": "value_low,value_high,start_latest"}
        assert rows(api, "observations", **asked) == [
            {"value_low": "0.5", "value_high": "", "start_latest": "2025-12-31"}
        ]

    def test_what_follows_from_columns_is_told_who_asks_and_is_not_read_back(self, api):
        make.an_agreement(slug="treaty", state="", entered_into_force="1999-05")
        call = make.a_deployment(slug="exercise", kind="exercise", start="2024-05")
        make.a_citation(call, source=make.a_source(published="2024-06"))
        for collection, name, said in (
            ("agreements", "current_state", "in-force"),
            ("deployments", "attested_until", "2024-06-30"),
        ):
            asked = {"fields": f"slug,{name}"}
            (told,), (shown,) = (of(api, collection, **asked) for of in (rows, results))
            assert told == shown == {"slug": told["slug"], name: said}
            assert name not in rows(api, collection)[0]
            (typed,) = self.table(api, collection).to_pylist()
            assert str(typed[name]) == said
            text = ask(api, collection, format="csv", **asked).getvalue().decode()
            outcome = read_in(collection, text)
            assert (outcome.counts["same"], outcome.faults) == (1, [])


class TestThePast:
    @pytest.fixture
    def then(self, monkeypatch):
        """A moment before everything changed; chunks are small."""
        monkeypatch.setattr(export_queries, "CHUNK", 2)
        monkeypatch.setattr(exports, "MAX_LIMIT", 2)
        places = [make.a_place("Before", slug=f"p-{number}") for number in range(5)]
        then = timezone.now()
        for place in places:
            place.name = "After"
            place.save()
        make.a_place("After", slug="p-5")
        return (then + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")

    def test_is_read_to_the_end(self, api, then):
        assert {row["name"] for row in rows(api, "places", known_at=then)} == {"Before"}
        past = lines(api, "places", known_at=then)
        assert [place["name"] for place in past] == ["Before"] * 5
        assert len(rows(api, "places")) == 6

    @pytest.mark.parametrize("form", ["csv", "ndjson"])
    @pytest.mark.parametrize("read", [0, 1, 2])
    def test_is_over_when_nobody_reads_on(self, api, then, form, read):
        answer = ask(api, "places", known_at=then, format=form)
        blocks = iter(answer)
        for _block in range(read):
            next(blocks)
        hang_up(answer)
        assert results(api, "places")[0]["name"] == "After"
        assert len(rows(api, "places", known_at=then)) == 5

    def test_is_over_for_who_asks_for_its_head(self, api, then):
        answer = api.head(f"/api/v1/places/?format=csv&known_at={then}")
        hang_up(answer)
        assert results(api, "places")[0]["name"] == "After"


@pytest.fixture
def second_connection(transactional_db, tmp_path):
    """Somebody else who writes to the same database meanwhile."""
    if connection.vendor == "postgresql":
        other = connection.copy()
        yield other
        other.close()
        return
    ours = connections["default"]  # its database is in memory, and locks as a whole
    path = tmp_path / "record.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        ours.ensure_connection()
        ours.connection.backup(file)
    pair = [ours.copy(), ours.copy()]
    for one in pair:
        one.settings_dict = {**one.settings_dict, "NAME": path}
    connections["default"] = pair[0]
    yield pair[1]
    connections["default"] = ours
    for one in pair:
        one.close()


@pytest.mark.django_db(transaction=True)
class TestWhileOthersWrite:
    @pytest.mark.parametrize("form", ["csv", "ndjson"])
    def test_a_whole_list_is_of_one_moment(
        self, api, monkeypatch, second_connection, form
    ):
        monkeypatch.setattr(export_queries, "CHUNK", 2)
        monkeypatch.setattr(exports, "MAX_LIMIT", 2)
        for number in range(5):
            make.a_place("Before", slug=f"p-{number}")
        answer = ask(api, "places", format=form)
        blocks = iter(answer)
        read = [next(blocks), next(blocks)]
        with second_connection.cursor() as cursor:
            cursor.execute("UPDATE entities_place SET name = 'After'")
        body = b"".join([*read, *blocks])
        hang_up(answer)
        assert (body.count(b"Before"), body.count(b"After")) == (5, 0)
        assert {place["name"] for place in results(api, "places")} == {"After"}
