"""Tables into the record and out of it through the admin."""

import os
import tempfile
import time

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from entities.models import Agency, AgencyName, Appointment, Place
from provenance.downloads import CSV_TYPE
from provenance.tables import MAX_BYTES, read_table
from tests import make
from tests.curating import address, listed, said, superuser
from timeline.models import Meeting

pytestmark = pytest.mark.django_db

PLACES = "slug,status,name,kind\r\n"
NOGALES = "nogales,draft,Nogales,city\r\n"


@pytest.fixture
def curator(client):
    """A browser in which a superuser is signed in."""
    return superuser(client)


@pytest.fixture(autouse=True)
def uploads(tmp_path, monkeypatch):
    """A folder of their own for uploads that wait for their confirmation."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def upload(client, text, model=Place, table=0, name="places.csv"):
    """The page that answers an upload."""
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(
        address(model, "import"),
        {
            "import_file": SimpleUploadedFile(name, data, "text/csv"),
            "format": "0",
            "resource": str(table),
        },
    )


def confirm(client, preview, model=Place, **changed):
    """What follows on the button of a preview."""
    form = preview.context["confirm_form"]
    return client.post(
        address(model, "process_import"), form.initial | changed, follow=True
    )


def faults(response):
    """Everything that a page finds wrong with a file."""
    if preview := response.context.get("preview"):
        return [str(fault) for fault in preview.faults]
    return list(response.context["form"].errors.get("import_file", []))


class TestImport:
    def test_warns_of_a_new_record_that_looks_like_one_on_record(self, curator):
        make.a_place("Tucson", slug="tucson", kind="city")
        page = upload(
            curator,
            "slug,status,name,kind\r\nnogales,draft,Nogales,city\r\n"
            "tuscon,draft,Tuscon,city\r\ntucson,published,Tucson,site\r\n",
        )
        preview = page.context["preview"]
        assert [str(warning) for warning in preview.warnings] == [
            'line 3, column "name": this would be new, but “tucson” is on record: '
            "“Tuscon” and “Tucson” are 83% alike."
        ]
        assert "“tucson” is on record" in page.content.decode()
        confirm(curator, page)
        assert Place.objects.count() == 3  # a warning, not a fault

    def test_shows_first_what_it_would_do(self, curator):
        make.a_place("Sonora", slug="sonora", kind="state")
        make.a_place("Tucson", slug="tucson", kind="city")
        page = upload(
            curator,
            "slug,status,name,kind\r\nnogales,draft,Nogales,city\r\n"
            "sonora,published,Sonora (Mexico),state\r\n"
            "tucson,published,Tucson,city\r\n",
        )
        preview = page.context["preview"]
        assert (preview.new, preview.changed, preview.same) == (1, 1, 1)
        html = page.content.decode()
        assert "<ins" in html
        assert "(Mexico)" in html
        assert "Tucson" not in html
        assert Place.objects.count() == 2

    def test_writes_after_the_confirmation_and_says_who_and_why(self, curator):
        page = upload(curator, PLACES + NOGALES, name="border.csv")
        done = confirm(curator, page)
        assert said(done) == ["Imported: 1 new, 0 changed, 0 the same as now."]
        (place,) = listed(done)
        written = place.history.get()
        assert written.history_user.username == "ana"
        assert written.history_change_reason == "import of border.csv"

    def test_keeps_of_the_name_of_a_file_one_short_line(self, curator):
        page = upload(curator, PLACES + NOGALES)
        name = "a\nb\x1b" + "c" * 100_000
        (place,) = listed(confirm(curator, page, original_file_name=name))
        reason = place.history.get().history_change_reason
        assert reason == "import of ab" + "c" * 198

    def test_leaves_no_file_behind(self, curator, uploads):
        page = upload(curator, PLACES + NOGALES)
        assert len(list(uploads.iterdir())) == 1
        confirm(curator, page)
        assert list(uploads.iterdir()) == []

    def test_removes_what_nobody_confirmed_for_a_day(self, curator, uploads):
        upload(curator, PLACES + NOGALES)
        (old,) = uploads.iterdir()
        long_ago = time.time() - 25 * 60 * 60
        os.utime(old, (long_ago, long_ago))
        upload(curator, PLACES + NOGALES)
        assert not old.exists()
        assert len(list(uploads.iterdir())) == 1

    def test_names_every_fault_with_its_line_and_column(self, curator):
        page = upload(
            curator,
            'slug,status,name,kind,parent\r\na,draft,"Two\nlines",city,\r\n'
            "b,draft,B,town,\r\nc,maybe,C,city,nowhere\r\n",
        )
        assert sorted(fault.split(":")[0] for fault in faults(page)) == [
            'line 2, column "name"',
            'line 4, column "kind"',
            'line 5, column "parent"',
            'line 5, column "status"',
        ]
        assert "confirm_form" not in page.context
        assert not Place.objects.exists()

    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("slug,titel\r\na,b\r\n", "unknown column “titel”"),
            ("status,name\r\ndraft,A\r\n", "the column “slug” is needed"),
            ("slug,name\r\na\r\n", "it has 1 cells, the header has 2"),
            ('slug,name\r\na,"b\r\n', "never closed"),
            ("slug,name\r\na,José\r\n".encode("latin-1"), "save the file as UTF-8"),
            (b"PK\x03\x04", "this is a spreadsheet"),
            ("slug,name\r\na,b\x00\r\n", "U+0000"),
            ("slug,slug\r\na,b\r\n", "stands there 2 times"),
            ("slug,name\r\n", "No valid data"),
            ("", "empty"),
        ],
    )
    def test_refuses_what_it_would_have_to_guess(self, curator, text, part):
        page = upload(curator, text)
        assert page.status_code == 200
        assert part in " ".join(faults(page))
        assert "confirm_form" not in page.context

    def test_reads_what_a_spreadsheet_writes(self, curator):
        text = "slug;status;name;kind\r\nnogales;draft;Nogales;city\r\n"
        for data in (text.encode("utf-8-sig"), text.encode("utf-16")):
            assert upload(curator, data).context["preview"].new == 1

    def test_refuses_a_file_that_is_too_large(self, curator):
        page = upload(curator, b"x" * (MAX_BYTES + 1))
        assert faults(page) == ["The file is larger than 20 MiB; split it."]

    def test_shows_the_words_of_a_file_as_words(self, curator):
        page = upload(
            curator,
            PLACES + "nogales,draft,<script>alert(1)</script>,city\r\n",
            name="<script>alert(2)</script>.csv",
        )
        html = page.content.decode()
        assert "<script>alert" not in html
        assert "<script>alert" not in confirm(curator, page).content.decode()

    def test_takes_the_rows_of_a_record_too(self, curator):
        make.an_agency(slug="semar")
        page = upload(
            curator,
            "agency,text,kind,language,start\r\nsemar,MARINA,acronym,es,1940\r\n",
            Agency,
            table=1,
        )
        done = confirm(curator, page, Agency)
        assert said(done) == ["Imported: 1 new, 0 changed, 0 the same as now."]
        assert AgencyName.objects.get().text == "MARINA"

    def test_takes_citations_of_the_field_of_a_kind_of_event(self, curator):
        meeting = make.a_meeting(slug="call")
        source = make.a_source(slug="article")
        page = upload(
            curator,
            "type,record,field,source,locator,stated\r\n"
            "meeting,call,format,article,para. 2,call\r\n",
            Meeting,
            table=3,
        )
        confirm(curator, page, Meeting)
        assert meeting.citations.get().source == source
        wrong = upload(
            curator,
            "type,record,field,source,locator\r\nplace,call,,article,para. 2\r\n",
            Meeting,
            table=3,
        )
        assert "none of the types" in faults(wrong)[0]


class TestConfirmation:
    def gone(self, response):
        (message,) = said(response)
        return message.startswith("This upload is not there any more")

    def test_is_taken_once(self, curator):
        page = upload(curator, PLACES + NOGALES)
        confirm(curator, page)
        assert self.gone(confirm(curator, page))
        assert Place.objects.get().history.count() == 1

    @pytest.mark.parametrize(
        "changed",
        [
            {"import_file_name": "bordersec-import-nothing"},
            {"import_file_name": "../../etc/passwd"},
            {"import_file_name": ""},
            {"import_file_name": "\x00"},
            {"format": "7"},
            {"format": "x"},
            {"resource": "9"},
            {"resource": "-1"},
        ],
    )
    def test_is_of_what_was_previewed(self, curator, changed):
        page = upload(curator, PLACES + NOGALES)
        assert self.gone(confirm(curator, page, **changed))
        assert not Place.objects.exists()

    def test_is_of_nobody_elses_upload(self, curator, client):
        page = upload(curator, PLACES + NOGALES)
        client.force_login(User.objects.create_superuser("eve"))
        assert self.gone(confirm(client, page))
        assert not Place.objects.exists()

    def test_reads_no_file_but_an_upload(self, curator, uploads):
        (uploads / "other.csv").write_text(PLACES + NOGALES)
        page = upload(curator, PLACES + "tucson,draft,Tucson,city\r\n")
        signed = page.context["confirm_form"].initial["import_file_name"]
        _name, _mark, signature = signed.partition(":")
        answer = confirm(curator, page, import_file_name=f"other.csv:{signature}")
        assert self.gone(answer)
        assert (uploads / "other.csv").exists()

    def test_writes_nothing_if_the_record_no_longer_takes_it(self, curator):
        country = make.a_country(slug="mexico")
        page = upload(
            curator,
            "slug,status,name,kind,parent\r\nnogales,draft,Nogales,city,mexico\r\n"
            "sonora,draft,Sonora,state,mexico\r\n",
        )
        country.delete()
        messages = said(confirm(curator, page))
        assert messages[-1] == (
            "Nothing was imported: the record has changed since the preview."
        )
        assert "There is no place “mexico”" in messages[0]
        assert not Place.objects.exists()


class TestExport:
    def exported(self, client, model, table=0, **query):
        answer = client.post(
            address(model, "export")
            + "?"
            + "&".join(f"{k}={v}" for k, v in query.items()),
            {"format": "0", "resource": str(table)},
        )
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == CSV_TYPE
        return answer, b"".join(answer.streaming_content)

    def test_gives_what_an_import_takes_back_without_a_change(self, curator):
        make.a_place(
            "=cmd|' /C calc'!A0", slug="formula", latitude="31.3", longitude="-1"
        )
        make.a_place("Zoë, “the” place", slug="quoted")
        answer, file = self.exported(curator, Place)
        assert 'filename="places.csv"' in answer.headers["Content-Disposition"]
        assert b"'=cmd" in file
        preview = upload(curator, file).context["preview"]
        assert (preview.new, preview.changed, preview.same) == (0, 0, 2)

    def test_gives_what_the_list_was_narrowed_down_to(self, curator):
        make.a_place("Nogales", slug="nogales")
        make.a_place("Sonora", slug="sonora", kind="state")
        for query in ({"kind__exact": "state"}, {"q": "sonora"}):
            _answer, file = self.exported(curator, Place, **query)
            table = read_table(file)
            assert [cells[0] for cells in table.rows] == ["sonora"]

    def test_gives_the_rows_of_the_records_in_the_list(self, curator):
        semar, sedena = make.an_agency("SEMAR"), make.an_agency("SEDENA")
        make.an_agency_name(semar, "Marina")
        make.an_agency_name(sedena, "Defensa")
        make.a_citation(semar)
        make.a_citation(sedena)
        answer, file = self.exported(curator, Agency, table=1, q="semar")
        assert 'filename="agency_names.csv"' in answer.headers["Content-Disposition"]
        assert [cells[1] for cells in read_table(file).rows] == ["Marina"]
        _answer, file = self.exported(curator, Agency, table=2, q="semar")
        assert [cells[:2] for cells in read_table(file).rows] == [
            ["agency", semar.slug]
        ]

    def test_takes_as_many_queries_for_ten_records_as_for_one(
        self, curator, django_assert_max_num_queries
    ):
        for _number in range(10):
            make.an_appointment()
        with django_assert_max_num_queries(8):
            self.exported(curator, Appointment)

    @pytest.mark.parametrize(
        "query",
        ["name__regex=(", "private_note__startswith=a", "parent__id__exact=abc"],
    )
    def test_takes_no_filter_that_the_list_does_not_offer(self, curator, query):
        make.a_place()
        answer = curator.post(
            f"{address(Place, 'export')}?{query}", {"format": "0", "resource": "0"}
        )
        assert answer.status_code in (302, 400)

    @pytest.mark.parametrize("data", [{"format": "9"}, {"resource": "9"}, {}])
    def test_asks_again_for_a_table_that_is_none(self, curator, data):
        answer = curator.post(address(Place, "export"), {"format": "0"} | data)
        assert answer.status_code == 200
