"""Uploads with other people's columns: looked at and confirmed by a saved mapping."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission

from entities.models import Agency, Appointment, Official, Place, Post
from provenance.models import SavedMapping, Upload
from provenance.review.roles import DATA_MANAGER
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.curating import address, somebody_of_staff
from tests.importing import (
    NOGALES,
    PLACES,
    at,
    buttons,
    confirm,
    counts,
    faults,
    sealed,
    sent,
    upload,
)
from tests.recipes import RECIPES
from tests.roles import somebody
from tests.workbooks import xlsx

pytestmark = pytest.mark.django_db

PEOPLE = """\
name = "People of a ministry"
unused = ["remarks"]
[read]
skip = {person = ["Total"]}
[officials]
find = {by = "name", from = "person"}
name = {from = "person"}
[appointments]
slug = {template = "{person} {since}"}
official = {of = "officials"}
post = "secretary"
kind = "substantive"
start = {from = "since"}"""
HEADER = "person;since;remarks\r\n"
ANA, EVA = "Ana;2001;first\r\n", "Eva;2004-02;\r\n"
CITIES = 'name = "Cities"\n[places]\nname = {from = "City"}\nkind = "city"\n'
CABINET_HEADER = (
    "external_id,person,wikidata_id,post,start,start_precision,end,end_precision,"
    "source_url\r\n"
)


@pytest.fixture
def people():
    """A saved mapping of people and of the post that each held."""
    make.a_post(slug="secretary")
    return make.a_mapping("The ministry", PEOPLE)


def mapped(client, text, saved, **asked):
    """The page that an upload of people leads to, with a mapping chosen."""
    form = {"table": "officials", "name": "people.csv", "mapping": saved.pk, **asked}
    return upload(client, text, Official, **form)


def sections(page):
    """The sections of a preview: what each is of, how many rows, and their keys."""
    return {
        (one.title, one.table): (one.number, [row["key"] for row in one.rows])
        for one in page.context["sections"]
    }


def table_in(answer):
    """The rows of a CSV file, as they are."""
    return list(csv.reader(io.StringIO(answer.getvalue().decode(), newline="")))


class TestPreview:
    def test_names_the_table_of_what_it_shows_and_counts_all_of_them(
        self, curator, people
    ):
        make.an_official("Ana", slug="ana")
        page = mapped(curator, HEADER + ANA + EVA, people)
        assert counts(page) == {"new": 3, "same": 1}
        assert sections(page) == {
            ("New", "officials"): (1, ["eva"]),
            ("New", "appointments"): (2, ["ana-2001", "eva-2004-02"]),
            ("Unchanged", "officials"): (1, ["ana"]),
        }
        html = page.content.decode()
        assert "New (2): <code>appointments</code>" in html
        assert html.count("All 3 of these tables as CSV") == 1
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert {"new", "new-2"} <= set(ids)
        assert not Appointment.objects.exists()

    def test_says_by_which_mapping_into_which_tables(self, curator, people):
        page = mapped(curator, HEADER + ANA, people)
        facts = dict(page.context["facts"])
        assert facts["Mapping"] == "The ministry"
        assert facts["Tables"] == "Officials, appointments"
        assert facts["Format"] == "UTF-8, delimiter: semicolon"
        assert facts["Rows"] == 1

    def test_says_which_sheet_of_a_workbook_was_read(self, curator, people):
        rows = [HEADER.strip().split(";"), ["Ana", date(2001, 3, 4), ""]]
        book = xlsx(Notas=[["nothing"]], Datos=rows)
        page = mapped(curator, book, people, sheet="Datos")
        assert dict(page.context["facts"])["Format"] == "XLSX"
        assert page.context["report"]["told"] == ["Read from the sheet “Datos”."]
        confirm(curator, page)
        assert Appointment.objects.get().start == "2001-03-04"
        page = mapped(curator, book, people)
        assert "it has several sheets; name one of them" in str(faults(page))

    def test_says_what_the_mapping_has_left_out(self, curator, people):
        keeping = PEOPLE.replace("[officials]\n", '[officials]\nfound = "keep"\n')
        make.an_official("Ana", slug="ana")
        saved = make.a_mapping("Keeping", keeping)
        page = mapped(curator, f"{HEADER}{ANA}Total;;\r\n", saved)
        told = [
            "1 row is left out by read, column “person”.",
            "officials: 1 on record is left as it is.",
        ]
        assert page.context["report"]["told"] == told
        assert all(f"<li>{sentence}</li>" in page.content.decode() for sentence in told)

    def test_names_the_table_and_the_foreign_column_of_each_fault(
        self, curator, people
    ):
        page = mapped(curator, f"{HEADER}{ANA}Eva;03/04/2024;\r\n", people)
        (fault,) = page.context["report"]["faults"]
        assert (fault["table"], fault["line"], fault["column"]) == (
            *("appointments", 3, "since"),
        )
        assert "“03/04/2024” is not a date" in fault["message"]
        assert "confirm" not in buttons(page)
        assert "<td><code>appointments</code>: since</td>" in page.content.decode()
        answer = curator.get(at(page, "rows"), {"kind": "wrong"})
        told = [row[:4] for row in table_in(answer)]
        assert told == [
            ["table", "line", "key", "column"],
            ["appointments", "3", "", "since"],
        ]

    def test_names_the_foreign_column_of_what_the_mapping_cannot_read(
        self, curator, people
    ):
        for slug in ("ana-one", "ana-two"):
            make.an_official("Ana", slug=slug)
        assert faults(mapped(curator, HEADER + ANA, people)) == [
            "2, person: “Ana” matches several records: ana-one, ana-two; "
            "name one of them."
        ]
        page = mapped(curator, "person;since;remark\r\nAna;2001;\r\n", people)
        remark, *others = faults(page)
        assert remark.startswith("1, remark: the mapping does not use it")
        assert others == faults(mapped(curator, HEADER + ANA, people))

    def test_names_the_table_and_the_foreign_column_of_each_warning(
        self, curator, people
    ):
        make.an_official("Claudia Sheinbaum Pardo", slug="claudia")
        page = mapped(curator, f"{HEADER}Claudia Sheinbaun Pardo;2001;\r\n", people)
        (warning,) = page.context["report"]["warnings"]
        assert (warning["table"], warning["line"], warning["column"]) == (
            *("officials", 2, "person"),
        )
        assert "a duplicate of “claudia”" in warning["message"]

    def test_gives_the_rows_of_all_tables_as_csv(self, curator, people):
        page = mapped(curator, HEADER + ANA, people)
        answer = curator.get(at(page, "rows"), {"kind": "new"})
        assert table_in(answer) == [
            ["table", "line", "key", "column", "before", "after", "what"],
            ["officials", "2", "ana", "slug", "", "ana", "written"],
            ["officials", "2", "ana", "name", "", "Ana", "written"],
            ["appointments", "2", "ana-2001", "slug", "", "ana-2001", "written"],
            ["appointments", "2", "ana-2001", "official", "", "ana", "written"],
            ["appointments", "2", "ana-2001", "post", "", "secretary", "written"],
            ["appointments", "2", "ana-2001", "kind", "", "substantive", "written"],
            ["appointments", "2", "ana-2001", "start", "", "2001", "written"],
        ]

    def test_tells_two_sections_of_one_table_apart(self, curator):
        saved = make.a_mapping(
            "Cities and states",
            'name = "x"\n[places]\nname = {from = "City"}\nkind = "city"\n'
            '[states]\ntable = "places"\nname = {from = "State"}\nkind = "state"\n',
        )
        page = upload(curator, "City,State\r\nNogales,Sonora\r\n", mapping=saved.pk)
        assert sections(page) == {
            ("New", "places"): (1, ["nogales"]),
            ("New", "places (states)"): (1, ["sonora"]),
        }


class TestProgress:
    def test_is_told_while_rows_are_looked_up_and_while_they_are_written(
        self, curator, people, monkeypatch
    ):
        monkeypatch.setattr("provenance.admin.importing.LONG", 0)
        page = mapped(curator, HEADER + ANA + EVA, people)
        told = told_of(curator, at(page, "read"))
        looked_up = {"done": 2, "rows": 2, "work": "Rows matched"}
        assert told[0] == looked_up
        checked = [line["done"] for line in told if line["work"] == "Rows checked"]
        assert checked == [2, 4]
        page = curator.get(at(page, "upload"))
        told = told_of(curator, at(page, "confirm"), sealed(page))
        assert told == [
            looked_up,
            {"done": 2, "rows": 4, "work": "Rows done"},
            {"done": 4, "rows": 4, "work": "Rows done"},
        ]
        assert Official.objects.count() == 2

    def test_counts_the_rows_that_the_mapping_leaves_out(
        self, curator, people, monkeypatch
    ):
        monkeypatch.setattr("provenance.admin.importing.LONG", 0)
        page = mapped(curator, f"{HEADER}{ANA}Total;;\r\n{EVA}", people)
        told = told_of(curator, at(page, "read"))
        assert told[0] == {"done": 3, "rows": 3, "work": "Rows matched"}


def told_of(curator, address, form=None):
    """How far some work was, line by line, until it came to its end."""
    answer = curator.post(address, form, headers={"Accept": "application/x-ndjson"})
    *told, end = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert "address" in end
    return told


class TestConfirmation:
    def test_writes_all_tables_as_one_change_and_reports_it(self, curator, people):
        done = confirm(curator, mapped(curator, HEADER + ANA + EVA, people))
        assert counts(done) == {"new": 4}
        assert dict(done.context["facts"])["Mapping"] == "The ministry"
        change = ChangeSet.objects.latest("number")
        assert change.reason == "import of people.csv"
        written = {
            row.change_set_id
            for model in (Official, Appointment)
            for row in model.history.filter(change_set=change)
        }
        assert written == {change.pk}
        assert Appointment.objects.get(slug="eva-2004-02").official.name == "Eva"
        report = curator.get(at(done, "report")).json()
        assert report["change"] == change.pk
        assert (report["mapping_name"], report["mapping"]) == ("The ministry", PEOPLE)
        assert [
            (table["table"], table["title"], table["counts"]["new"])
            for table in report["report"]["tables"]
        ] == [("officials", "officials", 2), ("appointments", "appointments", 2)]

    def test_is_by_the_mapping_that_was_seen_whatever_becomes_of_it(
        self, curator, people
    ):
        pages = [mapped(curator, HEADER + row, people) for row in (ANA, EVA)]
        people.toml = PEOPLE.replace("substantive", "acting")
        people.save()
        confirm(curator, pages[0])
        people.delete()
        confirm(curator, pages[1])
        kinds = Appointment.objects.values_list("kind", flat=True)
        assert list(kinds) == ["substantive", "substantive"]

    def test_says_what_was_written_in_any_of_its_tables_since(self, curator, people):
        official = make.an_official("Ana", slug="ana")
        held = make.an_appointment(
            slug="ana-2001", official=official, post=Post.objects.get(), start="2000"
        )
        page = mapped(curator, HEADER + ANA, people)
        assert counts(page) == {"changed": 1, "same": 1}
        with changing("form", reason="by hand"):
            held.start = "1999"
            held.save()
        refused = confirm(curator, page)
        assert refused.status_code == 409
        (since,) = refused.context["since"]
        assert [record.slug for record, *_rest in since["records"]] == ["ana-2001"]
        held.refresh_from_db()
        assert held.start == "1999"

    def test_says_so_if_the_mapping_finds_no_more_what_it_found(self, curator, people):
        official = make.an_official("Ana", slug="ana")
        page = mapped(curator, HEADER + ANA, people)
        with changing("form", reason="by hand"):
            make.an_official("Ana", slug="another-ana", status="draft")
        refused = confirm(curator, page)
        assert refused.status_code == 409
        assert "“Ana” matches several records: ana, another-ana" in faults(refused)[0]
        assert len(refused.context["since"]) == 1
        assert not official.appointments.exists()

    def test_says_what_became_of_a_record_that_it_finds_no_more(self, curator):
        official = make.an_official("Ana", slug="ana")
        saved = make.a_mapping(
            "Titles",
            'name = "x"\n[officials]\nfind = {by = "name", from = "person"}\n'
            'name = {from = "person"}\nhonorific = {from = "title"}\n',
        )
        page = mapped(curator, "person,title\r\nAna,Dr.\r\n", saved)
        assert counts(page) == {"changed": 1}
        with changing("form", reason="by hand"):
            official.name = "Anna"
            official.save()
        refused = confirm(curator, page)
        assert sections(refused) == {("New", "officials"): (1, ["ana-2"])}
        (since,) = refused.context["since"]
        assert [record.slug for record, *_rest in since["records"]] == ["ana"]

    def test_of_a_file_without_a_mapping_has_a_report_of_its_one_table(self, curator):
        done = confirm(curator, upload(curator, PLACES + NOGALES))
        report = curator.get(at(done, "report")).json()
        assert "mapping" not in report
        assert set(report["report"]) == {
            *("columns", "counts", "rows", "faults", "more_faults", "warnings"),
            *("more_warnings", "since", "told", "aside"),
        }


class TestReadingOfASource:
    def test_cites_it_in_every_table_and_reads_identifiers_along(self, curator):
        make.a_post(slug="secretary")
        source = make.a_source(slug="gazette")
        with_identifiers = PEOPLE.replace('unused = ["remarks"]\n', "") + (
            '\n[official_identifiers]\nofficial = {of = "officials"}\n'
            'scheme = "gazette"\nvalue = {from = "remarks"}\n'
        )
        saved = make.a_mapping("The gazette", with_identifiers)
        page = mapped(curator, HEADER + ANA, saved, source=source.pk, locator="p. 3")
        assert counts(page) == {"new": 3}
        confirm(curator, page)
        official = Official.objects.get()
        assert official.identifiers.get().value == "first"
        cited = Appointment.objects.get().citations.values_list("field", "locator")
        assert set(cited) == {("", "p. 3"), ("official", "p. 3"), ("start", "p. 3")}
        assert set(official.citations.values_list("field", flat=True)) == {"", "name"}

    def test_is_refused_where_no_table_of_the_mapping_is_cited(self, curator):
        saved = make.a_mapping(
            "Names",
            'name = "Names"\n[agency_names]\nagency = {from = "of"}\n'
            'text = {from = "called"}\nkind = "acronym"\nlanguage = "es"\n',
        )
        source = make.a_source()
        asked = {"mapping": saved.pk, "source": source.pk}
        page = upload(curator, "of,called\r\na,b\r\n", Agency, "agencies", **asked)
        said = "No source is cited for agency names; leave it empty."
        assert page.context["form"].errors == {"source": [said]}


class TestForm:
    def test_offers_the_mappings_that_feed_a_table_of_the_page(self, curator, people):
        cities = make.a_mapping("Cities", CITIES)
        make.a_mapping("Broken", 'name = "x"\n[places]\nnom = "y"')

        def offered(model):
            form = curator.get(address(model, "import")).context["form"]
            return [name for _key, name in form.fields["mapping"].choices]

        none = "none: the columns have our names"
        assert offered(Place) == [none, cities.name]
        assert offered(Official) == [none, people.name]
        assert offered(Appointment) == [none, people.name]

    def test_does_not_ask_for_a_mapping_if_there_is_none(self, curator):
        form = curator.get(address(Place, "import")).context["form"]
        assert "mapping" not in form.fields

    def test_leads_to_where_columns_are_matched(self, curator):
        html = curator.get(address(Place, "import")).content.decode()
        assert f'href="{address(SavedMapping, "match_columns")}"' in html
        assert f'href="{address(SavedMapping, "changelist")}"' in html

    @pytest.mark.parametrize(
        ("text", "is_foreign"),
        [
            ("City,Country\r\nYuma,US\r\n", True),
            ("name,kind\r\nYuma,city\r\n", True),
            ("City,Country\r\nYuma\r\n", True),
            ("slug,name\r\nyuma,Yu\x00ma\r\n", False),
            ("", False),
        ],
    )
    def test_says_of_a_table_with_other_columns_that_they_can_be_matched(
        self, curator, text, is_foreign
    ):
        page = upload(curator, text)
        match = f'href="{address(SavedMapping, "match_columns")}"'
        said = " ".join(faults(page))
        assert ("have other names than ours" in said) == is_foreign
        assert (match in said) == is_foreign
        assert not Upload.objects.filter(report=None).exists()

    @pytest.mark.parametrize(
        ("text", "is_read"),
        [
            ("City,Country\r\nYuma,US\r\n", False),
            ("slug,status,name,type\r\nyuma,draft,Yuma,city\r\n", True),
            ("slug,status,name,kind\r\nyuma,draft,Yuma,town\r\n", None),
        ],
    )
    def test_says_so_of_a_long_one_too(self, curator, text, is_read, monkeypatch):
        monkeypatch.setattr("provenance.imports.uploads.LONG", 0)
        page = upload(curator, text)
        assert ("report" in page.context) == (is_read is not False)
        html = page.content.decode()
        assert ("have other names than ours" in html) == (is_read is not None)
        found = html.count(f'href="{address(SavedMapping, "match_columns")}"')
        assert bool(found) == (is_read is not None)

    def test_leads_nobody_to_a_page_that_is_closed_to_them(self, client):
        user = somebody_of_staff(
            "ana",
            *("provenance.import_tables", "entities.view_place", "entities.add_place"),
        )
        client.force_login(user)
        page = upload(client, "City,Country\r\nYuma,US\r\n")
        assert "have other names than ours" in faults(page)[-1]
        assert "/match/" not in page.content.decode()

    def test_lists_what_waits_with_the_tables_that_it_feeds(self, curator, people):
        mapped(curator, HEADER + ANA, people)
        listed = curator.get(address(Official, "import"))
        ((waits, goes_into, _at),) = listed.context["waiting"]
        assert (str(waits), goes_into) == ("people.csv", "officials, appointments")
        assert "2 new, 0 changed, 0 claims, 0 unchanged" in listed.content.decode()

    def test_takes_a_mapping_from_the_list_of_any_table_that_it_feeds(
        self, curator, people
    ):
        asked = {"table": "appointments", "mapping": people.pk}
        page = upload(curator, HEADER + ANA, Appointment, **asked)
        assert counts(page) == {"new": 2}
        assert confirm(curator, page).context["upload"].change
        assert Official.objects.get().name == "Ana"


class TestRights:
    def someone(self):
        """Somebody who may import officials, and neither see nor write appointments."""
        return somebody_of_staff(
            "ana",
            *("provenance.import_tables", "entities.view_official"),
            *("entities.add_official", "entities.change_official"),
        )

    def test_are_asked_for_every_table_that_a_mapping_feeds(self, client, people):
        names = make.a_mapping(
            "Names", 'name = "x"\n[officials]\nname = {from = "person"}\n'
        )
        client.force_login(self.someone())
        form = client.get(address(Official, "import")).context["form"]
        offered = [key for key, _name in form.fields["mapping"].choices]
        assert offered == ["", str(names.pk)]
        asked = {"table": "officials", "mapping": people.pk}
        answer = sent(client, HEADER + ANA, Official, **asked)
        assert set(answer.context["form"].errors) == {"mapping"}
        names.delete()  # now none is offered, and none is taken either
        answer = sent(client, HEADER + ANA, Official, **asked)
        assert set(answer.context["form"].errors) == {"mapping"}
        assert not Upload.objects.exists()

    def test_are_asked_again_at_each_step(self, client, people):
        user = somebody(DATA_MANAGER)
        client.force_login(user)
        page = mapped(client, HEADER + ANA, people)
        assert "confirm" in buttons(page)
        user.groups.clear()
        user.user_permissions.set(
            Permission.objects.filter(
                codename__in=["import_tables", "view_official", "add_official"]
            )
        )
        assert client.get(at(page, "upload")).status_code == 404
        for step in ("read", "confirm", "cancel"):
            assert client.post(at(page, step)).status_code == 404
        for step in ("rows", "report"):
            assert client.get(at(page, step), {"kind": "new"}).status_code == 404
        assert not client.get(address(Official, "import")).context["waiting"]
        assert not Official.objects.exists()

    def test_are_nobodys_once_a_column_that_is_fed_is_gone(self, curator, people):
        page = mapped(curator, HEADER + ANA, people)
        gone = PEOPLE.replace("start =", "began =")
        Upload.objects.update(mapping=gone)
        assert curator.get(at(page, "upload")).status_code == 404
        assert not curator.get(address(Official, "import")).context["waiting"]


class TestTheCabinet:
    ROWS = (
        "1,Ana Núñez,Q1000001,Secretary of Navy,2012-12-01,day,2018-11-30,day,x\r\n"
        "2,Eva Ríos,Q1000002,Secretary of Energy,2018-12-01,month,,open,x\r\n"
    )

    @pytest.fixture
    def cabinet(self):
        """The recipe for Mexican cabinets, saved."""
        toml = (RECIPES / "mx-cabinet.toml").read_text(encoding="utf-8")
        return make.a_mapping("Mexican cabinet", toml)

    def test_feeds_six_tables_from_one_row_each(self, curator, cabinet):
        page = mapped(curator, CABINET_HEADER + self.ROWS, cabinet)
        assert sections(page) == {
            ("New", "places (mexico)"): (1, ["mexico"]),
            ("New", "agencies"): (2, ["semar", "government-of-mexico"]),
            ("New", "officials"): (2, ["ana-nunez", "eva-rios"]),
            ("New", "official_identifiers"): (
                *(2, ["ana-nunez wikidata Q1000001", "eva-rios wikidata Q1000002"]),
            ),
            ("New", "posts"): (2, ["secretary-of-the-navy", "secretary-of-energy"]),
            ("New", "appointments"): (
                2,
                [
                    "ana-nunez-secretary-of-navy-2012-12-01",
                    "eva-rios-secretary-of-energy-2018-12-01",
                ],
            ),
        }
        confirm(curator, page)
        held = Appointment.objects.order_by("slug").values_list("start", "end")
        assert [tuple(map(str, span)) for span in held] == [
            ("2012-12-01", "2018-11-30"),
            ("2018-12", ".."),
        ]
        again = mapped(curator, CABINET_HEADER + self.ROWS, cabinet)
        assert set(counts(again)) == {"same"}
        assert "confirm" not in buttons(again)

    def test_refuses_a_post_that_it_does_not_foresee(self, curator, cabinet):
        row = "1,Ana Núñez,Q1000001,Jester,2012,year,,open,x\r\n"
        page = mapped(curator, CABINET_HEADER + row, cabinet)
        (said,) = faults(page)
        assert said.startswith("2, post: ")
        assert "Jester" in said
