"""The curated record as one data package, as programs read it that do not know us."""

from io import StringIO

from django.core.management import call_command
from frictionless import Package

from provenance.values.stated_values import recorded_text
from tests.folders import FIXTURES, files_of, load
from tests.packages import COMPLETE, claims_in, made, unpacked
from timeline.records import CITED


def test_it_is_valid_to_others_with_all_that_it_refers_to(record, tmp_path):
    for options in ({}, COMPLETE, {"public": True, **COMPLETE}):
        path = tmp_path / "package.zip"
        path.write_bytes(made(**options))
        report = Package(str(path)).validate()
        assert report.valid, report.flatten(["title", "row", "field", "message"])
        assert len(report.tasks) >= 23


def test_it_is_invalid_to_others_where_a_reference_leads_nowhere(record, tmp_path):
    """That the test above can fail."""
    files = unpacked(made())
    files["posts.csv"] = files["posts.csv"].replace(b",sedena,", b",nobody,")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    types = {error for (error,) in report.flatten(["type"])}
    assert "foreign-key" in types


def test_it_has_the_files_of_a_dump(record, tmp_path):
    call_command("dump", str(tmp_path), stderr=StringIO(), stdout=StringIO())
    files = unpacked(made())
    assert files == {
        **files_of(tmp_path),
        "datapackage.json": (tmp_path / "datapackage.json").read_bytes(),
    }


def test_it_is_the_same_bytes_again(record):
    assert made(**COMPLETE) == made(**COMPLETE)


def test_it_is_loaded_without_a_change(record, tmp_path):
    for name, content in unpacked(made()).items():
        (tmp_path / name).write_bytes(content)
    out, _err, failure = load(tmp_path)
    assert failure is None
    assert out.startswith("Nothing has changed")


def test_it_is_described_in_the_fixtures(record, tmp_path):
    call_command("dump", str(tmp_path), stderr=StringIO(), stdout=StringIO())
    described = (tmp_path / "datapackage.json").read_bytes()
    assert described == (FIXTURES / "datapackage.json").read_bytes()


def test_it_says_who_says_so_of_every_value(record):
    claims = claims_in(made(**COMPLETE))
    told = {}
    for claim in claims:
        place = claim["type"], claim["record"], claim["field"]
        told.setdefault(place, []).append(claim)
    statements = 0
    for model in CITED:
        for one in model.objects.all():
            for field in ("", *model.citable):
                recorded = field and recorded_text(one, field)
                cited = one.citations.filter(field=field).select_related("source")
                found = told.pop((model.type_name(), one.slug, field), [])
                assert {claim["recorded"] for claim in found} <= {recorded}
                stood = sorted(
                    (c.source.slug, c.locator, c.stated, c.agreement, c.note)
                    for c in cited
                )
                statements += len(stood)
                if not stood and recorded:
                    stood = [("", "", "", "", "")]
                names = ("source", "locator", "stated", "agreement", "note")
                said = [tuple(claim[n] for n in names) for claim in found]
                assert sorted(said) == stood
    assert not told
    assert statements > 1000
