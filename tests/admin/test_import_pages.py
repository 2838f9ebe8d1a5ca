"""Uploads in the admin: which files are taken, and what an import of them would do."""

import csv
import io
import re

import pytest
from django.contrib.auth.models import User

from entities.models import Agency, Place
from provenance.models import Upload
from provenance.resources.outcome import SHOWN
from provenance.tables import MAX_BYTES
from tests import make
from tests.curating import address
from tests.importing import (
    NOGALES,
    PLACES,
    at,
    buttons,
    confirm,
    counts,
    faults,
    imported,
    upload,
)

pytestmark = pytest.mark.django_db


def rows(page, kind):
    """The rows of one kind on a page: the line and the key of each."""
    return [(row["line"], row["key"]) for row in page.context["report"]["rows"][kind]]


def table_in(answer):
    """The rows of a CSV file, each by its columns."""
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


class TestPreview:
    def test_shows_first_what_an_import_would_do(self, curator):
        make.a_place("Sonora", slug="sonora", kind="state")
        make.a_place("Tucson", slug="tucson", kind="city")
        page = upload(
            curator,
            "slug,status,name,kind\r\nnogales,draft,Nogales,city\r\n"
            "sonora,published,Sonora (Mexico),state\r\n"
            "tucson,published,Tucson,city\r\n",
        )
        assert counts(page) == {"new": 1, "changed": 1, "same": 1}
        assert rows(page, "new") == [(2, "nogales")]
        assert rows(page, "changed") == [(3, "sonora")]
        assert rows(page, "same") == [(4, "tucson")]
        html = page.content.decode()
        assert re.search(
            r'<code>name</code>\s+<span class="said">Sonora</span>\s+→ '
            r'<span class="said">Sonora<ins> \(Mexico\)</ins></span>',
            html,
        )
        assert Place.objects.count() == 2

    def test_waits_in_the_database_and_says_how_it_was_read(self, curator):
        text = "slug;status;name;kind\r\nnogales;draft;Nogales;city\r\n"
        page = upload(curator, text.encode("utf-16"), name="a.csv", reason="because")
        kept = Upload.objects.get()
        assert (kept.user.username, kept.table) == ("ana", "places")
        assert bytes(kept.data) == text.encode("utf-16")
        facts = dict(page.context["facts"])
        assert facts["Format"] == "UTF-16, delimiter: semicolon"
        assert (facts["Rows"], facts["Reason"]) == (1, "because")
        assert facts["SHA-256"] == kept.sha256[:12]
        assert counts(page) == {"new": 1}

    def test_warns_of_a_new_record_that_looks_like_one_on_record(self, curator):
        make.a_place("Tucson", slug="tucson", kind="city")
        page = upload(curator, f"{PLACES}tuscon,draft,Tuscon,city\r\n")
        (warning,) = page.context["report"]["warnings"]
        assert warning == {
            "line": 2,
            "column": "name",
            "value": "",
            "message": "this would create a record that may be a duplicate of "
            "“tucson”: “Tuscon” and “Tucson” are 83% alike.",
        }
        assert warning["message"] in page.content.decode()
        confirm(curator, page)
        assert Place.objects.count() == 2  # a warning, not a fault

    def test_names_every_fault_with_its_line_and_column(self, curator):
        page = upload(
            curator,
            'slug,status,name,kind,parent\r\na,draft,"Two\nlines",city,\r\n'
            "b,draft,B,town,\r\nc,maybe,C,city,nowhere\r\n",
        )
        assert sorted(fault.split(":")[0] for fault in faults(page)) == [
            "2, name",
            "4, kind",
            "5, parent",
            "5, status",
        ]
        assert "confirm" not in buttons(page)
        assert not Place.objects.exists()

    def test_of_a_header_alone_has_nothing_to_confirm(self, curator):
        page = upload(curator, PLACES)
        assert counts(page) == {}
        assert (
            "Nothing to import: no row would change the record."
            in page.content.decode()
        )
        assert "confirm" not in buttons(page)

    def test_shows_the_words_of_a_file_as_words(self, curator):
        page = upload(
            curator,
            f"{PLACES}nogales,draft,<script>alert(1)</script>,city\r\n",
            name="<script>alert(2).csv",
        )
        assert "<script>alert" not in page.content.decode()
        assert "<script>alert" not in confirm(curator, page).content.decode()
        upload(curator, PLACES, name="<script>alert(2).csv")
        listed = curator.get(address(Place, "import")).content.decode()
        assert "alert(2)" in listed
        assert "<script>alert" not in listed

    def test_shows_a_hundred_rows_of_a_kind_and_gives_all_of_them(self, curator):
        numbers = range(SHOWN + 1)
        text = "".join(f"p{n},draft,=P{n},city\r\n" for n in numbers)
        page = upload(curator, PLACES + text)
        assert counts(page) == {"new": SHOWN + 1}
        assert len(rows(page, "new")) == SHOWN
        assert f"All {SHOWN + 1} as CSV" in page.content.decode()
        answer = curator.get(at(page, "rows"), {"kind": "new"})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        names = [row for row in table_in(answer) if row["column"] == "name"]
        assert [row["key"] for row in names] == [f"p{n}" for n in numbers]
        assert names[0] == {
            "line": "2",
            "key": "p0",
            "column": "name",
            "before": "",
            "after": "'=P0",
            "what": "written",
        }
        assert not Place.objects.exists()

    def test_shows_which_rows_are_the_same_as_now_and_gives_all_of_them(self, curator):
        for number in range(SHOWN + 1):
            make.a_place("P", slug=f"p{number}", kind="city")
        text = "".join(f"p{n},published,P,city\r\n" for n in range(SHOWN + 1))
        page = upload(curator, PLACES + text)
        assert counts(page) == {"same": SHOWN + 1}
        assert len(rows(page, "same")) == SHOWN
        assert (
            "Nothing to import: no row would change the record."
            in page.content.decode()
        )
        assert "confirm" not in buttons(page)
        told = table_in(curator.get(at(page, "rows"), {"kind": "same"}))
        assert {row["what"] for row in told} == {"unchanged"}
        keys = [(row["line"], row["key"]) for row in told]
        assert keys == [(str(n + 2), f"p{n}") for n in range(SHOWN + 1)]

    def test_shows_rows_that_only_look_different_as_the_same_in_their_order(
        self, curator
    ):
        for slug, name in (("a", "A"), ("b", "Nogales"), ("c", "C")):
            make.a_place(name, slug=slug, kind="city")
        page = upload(
            curator,
            f"{PLACES}a,published,A,city\r\nb,published, Nogales ,city\r\n"
            "c,published,C,city\r\n",
        )
        assert counts(page) == {"same": 3}
        assert rows(page, "same") == [(2, "a"), (3, "b"), (4, "c")]
        told = table_in(curator.get(at(page, "rows"), {"kind": "same"}))
        assert [row["key"] for row in told] == ["a", "b", "c"]

    def test_shows_which_rows_say_nothing_that_the_source_has_not_said(self, curator):
        asked = {"source": make.a_source(slug="sheet").pk}
        for slug in ("navy", "army"):
            make.an_agency(slug.title(), slug=slug, kind="military")
        text = "slug,name,kind\r\nnavy,Navy,\r\n"
        imported(curator, text, Agency, "agencies", **asked)
        text += "army,Army,\r\n"
        page = upload(curator, text, Agency, "agencies", **asked)
        assert counts(page) == {"same": 1, "claim": 1}
        assert rows(page, "same") == [(2, "navy")]
        assert rows(page, "claim") == [(3, "army")]
        assert "<strong>1</strong> claim<" in page.content.decode()
        listed = curator.get(address(Agency, "import")).content.decode()
        assert "0 new, 0 changed, 1 claim, 1 unchanged" in listed

    def test_gives_all_faults_as_csv(self, curator):
        page = upload(curator, f"{PLACES}a,draft,A,town\r\nb,maybe,B,city\r\n")
        answer = curator.get(at(page, "rows"), {"kind": "wrong"})
        told = [(row["line"], row["column"]) for row in table_in(answer)]
        assert told == [("2", "kind"), ("3", "status")]

    @pytest.mark.parametrize("kind", ["", "nothing", "SAME", "new\0"])
    def test_gives_no_rows_of_a_kind_that_is_none(self, curator, kind):
        page = upload(curator, PLACES + NOGALES)
        assert curator.get(at(page, "rows"), {"kind": kind}).status_code == 404

    def test_of_a_long_text_keeps_what_differs_in_sight(self, curator):
        long = "word " * 2_000
        make.a_place("Nogales", slug="nogales", public_note=f"{long}old {long}end")
        page = upload(curator, f"slug,public_note\r\nnogales,{long}new {long}end\r\n")
        (row,) = page.context["report"]["rows"]["changed"]
        (cell,) = row["cells"]
        assert len(cell["before"]) < 1_000
        html = page.content.decode()
        assert "<del>old</del>" in html
        assert "<ins>new</ins>" in html


class TestForm:
    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("slug,titel\r\na,b\r\n", "unknown column “titel”"),
            ("status,name\r\ndraft,A\r\n", "the column “slug” is required"),
            ("slug,name\r\na\r\n", "it has 1 cell, the header has 2"),
            ('slug,name\r\na,"b\r\n', "never closed"),
            ("slug,name\r\na,José\r\n".encode("latin-1"), "save the file as UTF-8"),
            (b"PK\x03\x04", "this is an archive (ZIP) and no workbook"),
            ("slug,name\r\na,b\x00\r\n", "U+0000"),
            ("slug,slug\r\na,b\r\n", "stands there 2 times"),
            ("", "empty"),
        ],
    )
    def test_refuses_what_an_import_would_have_to_guess(self, curator, text, part):
        page = upload(curator, text)
        assert page.status_code == 200
        assert part in " ".join(faults(page))
        if "at" in page.context:
            assert "confirm" not in buttons(page)

    def test_reads_what_a_spreadsheet_writes(self, curator):
        text = "slug;status;name;kind\r\nnogales;draft;Nogales;city\r\n"
        for data in (text.encode("utf-8-sig"), text.encode("utf-16")):
            assert counts(upload(curator, data)) == {"new": 1}

    def test_refuses_a_file_that_is_too_large_and_keeps_nothing_of_it(self, curator):
        page = upload(curator, b"x" * (MAX_BYTES + 1))
        assert page.status_code == 413
        assert faults(page) == ["The file is larger than 20 MiB; split it."]
        assert not Upload.objects.exists()

    @pytest.mark.parametrize("asked", [{"table": "officials"}, {"table": "x"}])
    def test_takes_no_table_of_other_lists(self, curator, asked):
        page = curator.post(address(Place, "import"), asked)
        assert page.status_code == 200
        assert set(page.context["form"].errors) == {"table", "file"}

    def test_keeps_of_the_name_of_a_file_one_short_line(self, curator):
        name = "../../a\nb\x1b" + "c" * 300 + ".csv"
        done = imported(curator, PLACES + NOGALES, name=name)
        kept = done.context["upload"].file_name
        assert len(kept) <= 200
        assert kept.isprintable()
        assert "/" not in kept

    def test_lists_the_uploads_of_ones_own_that_wait(self, curator, client):
        page = upload(curator, PLACES + NOGALES, name="mine.csv")
        listed = curator.get(address(Place, "import"))
        assert [str(each) for each, *_rest in listed.context["waiting"]] == ["mine.csv"]
        assert "1 new, 0 changed, 0 claims, 0 unchanged" in listed.content.decode()
        confirm(curator, page)
        assert not curator.get(address(Place, "import")).context["waiting"]
        upload(curator, PLACES + NOGALES)
        client.force_login(User.objects.create_superuser("eve"))
        assert not client.get(address(Place, "import")).context["waiting"]

    def test_asks_for_a_source_only_where_rows_are_cited(self, curator):
        source = make.a_source(slug="sheet")
        form = curator.get(address(Place, "import")).context["form"]
        assert list(form.fields) == [
            *("table", "file", "sheet", "source", "locator", "as_of", "reason")
        ]
        make.an_agency(slug="semar")
        page = upload(
            curator,
            "agency,text,kind\r\nsemar,MARINA,acronym\r\n",
            Agency,
            "agency_names",
            source=source.pk,
        )
        assert "leave it empty" in page.context["form"].errors["source"][0]
        page = upload(curator, PLACES + NOGALES, locator="p. 2", as_of="2024")
        assert set(page.context["form"].errors) == {"locator", "as_of"}
        asked = {"source": source.pk, "locator": "p.\u202e2", "as_of": "2024-13"}
        page = upload(curator, PLACES + NOGALES, **asked)
        assert set(page.context["form"].errors) == {"locator", "as_of"}
        assert not Upload.objects.exists()
