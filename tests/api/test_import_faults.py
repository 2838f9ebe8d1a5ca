"""Tables over the API that are refused: by name, and with nothing written."""

import gzip
import io
import zipfile
from functools import cache

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test.client import FakePayload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from entities.models import Place
from provenance.models import ChangeSet
from provenance.resources.importing import tables
from provenance.review.roles import CURATOR
from provenance.tables import UPLOAD
from tests import make
from tests.depth import PROVE, examples, times
from tests.replaying import tables as rows_on_record
from tests.roles import somebody
from tests.sending import IMPORTS, NOGALES, PLACES, fault, problem, send
from tests.writing import program

pytestmark = pytest.mark.django_db


def a_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("places.csv", NOGALES)
    return file.getvalue()


SAVE = "save the file as UTF-8, or name its encoding in a mapping."


WRONG = {
    "nothing": (b"", fault("it is empty.")),
    "an archive": (
        a_zip(),
        fault("this is an archive (ZIP) and no workbook (XLSX, ODS); unpack it first."),
    ),
    "a packed table": (
        gzip.compress(NOGALES.encode()),
        fault("this is compressed (gzip); unpack it first."),
    ),
    "JSON": (
        b'[{"slug": "a"}]',
        fault("this is JSON; save the table as CSV, UTF-8."),
    ),
    "Latin-1": (
        (PLACES + "jose,draft,José,city\r\n").encode("latin-1"),
        fault(f"byte 0xE9 at place 15 is not UTF-8; {SAVE}", 2, "name"),
    ),
    "NUL": (
        PLACES + "a,draft,A\0,city\r\n",
        fault("control character U+0000; is this CSV, saved as UTF-8?", 2),
    ),
    "a short row": (
        PLACES + "a,draft\r\n",
        fault("it has 2 cells, the header has 4.", 2),
    ),
    "an open quote": (
        PLACES + 'a,draft,"A,city\r\n',
        fault("a quote that is opened here is never closed.", 2),
    ),
    "an unknown column": (
        "slug,kind,nam\r\na,city,A\r\n",
        fault("unknown column “nam”; did you mean name / name_es?"),
    ),
    "a column twice": (
        "slug,slug\r\na,b\r\n",
        fault("the column “slug” stands there 2 times, in places 1, 2.", 1),
    ),
    "no key": (
        "name\r\nA\r\n",
        fault("the column “slug” is required; it identifies the rows."),
    ),
    "a row twice": (
        NOGALES + "nogales,draft,Nogales,city\r\n",
        fault("Line 2 has the same key; keep one of the two.", 3),
    ),
}


class TestFaults:
    @pytest.mark.parametrize("case", WRONG)
    def test_a_wrong_file_is_refused_by_place_and_writes_nothing(self, manager, case):
        body, found = WRONG[case]
        before = rows_on_record()
        assert problem(send(manager, body), 400) == {
            "detail": "The file is not accepted. Nothing was written.",
            "faults": 1,
            "errors": [found],
        }
        assert rows_on_record() == before
        assert not ChangeSet.objects.exists()

    def test_every_cell_that_is_wrong_is_named(self, manager):
        make.a_place(slug="mexico", kind="country")
        text = (
            'slug,status,name,kind,parent,latitude\r\na,draft,"Two\nlines",city,,\r\n'
            "b,draft,B,town,,1e9\r\nc,maybe,C,city,mexicoo,\r\n"
        )
        body = problem(send(manager, text), 400)
        assert body["faults"] == 5
        assert [(e["line"], e["column"], e["value"]) for e in body["errors"]] == [
            (2, "name", "Two\\nlines"),
            (4, "kind", "town"),
            (4, "latitude", "1e9"),
            (5, "status", "maybe"),
            (5, "parent", "mexicoo"),
        ]
        assert "did you mean mexico?" in body["errors"][-1]["message"]
        assert Place.objects.count() == 1

    def test_of_many_faults_a_hundred_are_told_and_all_are_counted(self, manager):
        lines = [f"p{n},draft,P {n},town" for n in range(1234)]
        body = problem(send(manager, PLACES + "\r\n".join(lines)), 400)
        assert (body["faults"], len(body["errors"])) == (1234, 100)
        assert [error["line"] for error in body["errors"]] == list(range(2, 102))

    def test_a_dry_run_refuses_the_same(self, manager):
        text = PLACES + "a,draft,A,town\r\n"
        dry = send(manager, text, dry_run="true")
        assert problem(dry, 400) == problem(send(manager, text), 400)

    def test_right_rows_beside_a_wrong_one_are_not_written(self, manager):
        lines = [f"p{n},draft,P {n},city" for n in range(6000)]
        text = PLACES + "\r\n".join([*lines, "last,draft,Last,town"])
        assert problem(send(manager, text), 400)["faults"] == 1
        assert not Place.history.exists()

    def test_what_keeps_a_record_from_being_public_is_told_by_line(self, manager):
        text = NOGALES + "tucson,published,Tucson,city\r\n"
        said = "“Tucson”: it has no citation; name a source for it."
        for dry_run in ("true", "false"):
            answer = send(manager, text, dry_run=dry_run)
            assert problem(answer, 400)["errors"] == [fault(said, 3, code="missing")]
        assert not Place.objects.exists()

    def test_a_change_that_is_refused_as_a_whole_is_a_conflict(self, manager, settings):
        settings.CLOSING_A_CHANGE = [
            *settings.CLOSING_A_CHANGE,
            "tests.api.test_import_faults.refuse",
        ]
        assert problem(send(manager, NOGALES), 409) == {
            "detail": "The request would leave the record in an invalid state.",
            "faults": 1,
            "errors": [fault("not today.", code="closed")],
        }
        assert not Place.objects.exists()
        assert not ChangeSet.objects.exists()


def refuse(change):
    """Refuses every change that writes something."""
    if change.touched:
        raise ValidationError("not today.", "closed")


class Untouched(FakePayload):
    """A body that nobody may read."""

    def read(self, *args):
        raise AssertionError("the body was read")


class TestBodies:
    @pytest.mark.parametrize(
        ("kind", "headers"),
        [
            ("application/json", {}),
            ("multipart/form-data; boundary=x", {}),
            ("application/x-www-form-urlencoded", {}),
            ("text/plain", {}),
            ("text/csv; charset=latin-1", {}),
            ("text/csv; charset=windows-1252", {}),
            ("text/csv; charset=utf-32", {}),
            ("text/csv", {"Content-Encoding": "gzip"}),
        ],
    )
    def test_only_plain_csv_is_taken(self, manager, kind, headers):
        answer = send(manager, NOGALES, content_type=kind, headers=headers)
        assert problem(answer, 415)
        assert not Place.objects.exists()

    def test_the_largest_is_read_and_what_is_larger_is_not(self, manager):
        answer = send(manager, b"x" * UPLOAD.bytes)
        assert problem(answer, 400)
        asked = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": IMPORTS,
            "QUERY_STRING": "table=places",
            "CONTENT_TYPE": "text/csv",
            "CONTENT_LENGTH": str(UPLOAD.bytes + 1),
            "wsgi.input": Untouched(),
        }
        answer = manager.request(**asked)
        assert problem(answer, 413) == {
            "detail": "The request is larger than is accepted."
        }

    def test_nothing_is_read_of_who_may_not_import(self):
        asked = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": IMPORTS,
            "QUERY_STRING": "table=places",
            "CONTENT_TYPE": "text/csv",
            "CONTENT_LENGTH": "1000000",
            "wsgi.input": Untouched(),
        }
        assert problem(program(somebody(CURATOR)).request(**asked), 403)
        assert problem(APIClient().request(**asked), 401)

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_tables_are_only_posted(self, manager, method):
        asked = {"HTTP_IF_MATCH": '"1"'}
        assert problem(getattr(manager, method)(IMPORTS, **asked), 405)


CELLS = st.sampled_from(
    ["", "a", "nogales", "draft", "published", "city", "mexico", "'=1", '"', '""', "\0"]
) | st.text(max_size=8)


TEXTS = st.lists(st.lists(CELLS, max_size=6).map(",".join), max_size=4).map("\n".join)


@cache
def columns(table):
    """The headers of a table."""
    return tables()[table]().get_export_headers()


@st.composite
def bodies(draw):
    """A table, and what is sent for it: bytes, a text, or some of its columns."""
    table = draw(st.sampled_from(list(tables())))
    some = st.lists(st.sampled_from(columns(table)), max_size=6, unique=True)
    heads = st.just("") | st.just(PLACES) | some.map(",".join).map("{}\n".format)
    text = draw(heads) + draw(TEXTS)
    return table, draw(st.binary(max_size=60) | st.just(text.encode()))


@pytest.mark.proves("whatever is asked of the API or sent to it")
@settings(
    max_examples=times(examples(150), 150, 300),
    deadline=None,
    derandomize=not PROVE,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sent=bodies(), dry_run=st.sampled_from(["true", "false"]))
def test_no_body_breaks_anything(admin_user, counted, sent, dry_run):
    table, body = sent
    counted()
    client = APIClient()
    client.force_authenticate(admin_user)
    with transaction.atomic():
        answer = send(client, body, table, dry_run=dry_run)
        assert answer.status_code in (200, 201, 400), answer.content
        transaction.set_rollback(True)
