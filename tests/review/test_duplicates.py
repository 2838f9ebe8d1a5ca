"""Records that may be the same: which are found, which are not, and why."""

import pytest

from entities.models import Agency, Official, Place, Post
from provenance.models import Distinction, Source
from provenance.review.duplicates import Names, distinguish, duplicates
from tests import make
from tests.folders import load, write
from timeline.models import Agreement, Meeting, Observation

pytestmark = pytest.mark.django_db


def found(model):
    return [(pair.one.slug, pair.other.slug, pair.score) for pair in duplicates(model)]


def scored(maker, one, other, **values):
    """How alike two records of these names are found; None if they are no pair."""
    first, _second = maker(one, **values), maker(other, **values)
    pairs = duplicates(type(first))
    return pairs[0].score if pairs else None


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("José Núñez Pérez", "Jose Nunez Perez", 100),
        ("Ana Núñez", "Ana Núñez", 100),
        ("Núñez Ana", "Ana Núñez", 98),
        ("Ana Núñez", "Ana M. Núñez", 95),
        ("A. Núñez", "Ana Núñez", 95),
        ("Ana Núñez", "Ana Núñez Ortega", 88),
        ("Ana Núñez", "Ana Nuñes", 88),
        ("AnaNúñez", "Ana Núñez", 99),
        ("NÚÑEZ ORTEGA, Ana María", "Ana María Núñez Ortega", 99),
        ("Núñez Ana", "Ana Núñez Ortega", 88),
        ("María Núñez Ortega", "Ana María Núñez Ortega", 88),
        ("Gral. Ana Núñez", "Ana Núñez", 99),
        ("AM Núñez", "Ana María Núñez", 95),
        ("Volodymyr Zelensky", "Wolodymyr Selenskyj", 84),
        ("Vladimir Putin", "Владимир Путин", 99),
        ("John A. Smith", "John B. Smith", None),
        ("Guillot", "Gregory Guillot", None),
        ("John Smith", "John Smith Jr.", None),
        ("Julio Núñez", "Julia Núñez", None),
        ("José Hernández", "José Fernández", None),
        ("Don Johnson", "Dan Johnson", None),
        ("Núñez", "Núñez", None),
        ("Ana Núñez", "Eva Núñez", None),
        ("Ana Núñez Ortega", "Ana Núñez Prieto", None),
    ],
)
def test_people_are_known_by_more_than_a_family_name(one, other, score):
    assert scored(make.an_official, one, other) == score


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("SEDENA", "Sedena", 100),
        ("The Ministry of War", "Ministry of the War", 99),
        ("U.S. Navy", "US Navy", 99),
        ("National Defense Secretariat", "Secretariat of National Defense", 98),
        ("UNAM", "Universidad Nacional Autónoma de México", 90),
        ("Siemens AG", "Siemens Aktiengesellschaft", 99),
        ("Siemens AG", "Siemens", 96),
        ("Siemens AG", "Siemens GmbH", None),
        ("Aeroméxico, S.A. de C.V.", "Aeroméxico Sociedad Anónima de C.V.", 99),
        ("Газпром", "Gazprom", 99),
        ("Coast Guard", "Coats Guard", 90),
        ("U.S. Northern Command", "U.S. Southern Command", None),
        ("65 Battalion", "66 Battalion", None),
        ("CBP", "CBO", None),
    ],
)
def test_agencies_are_known_by_their_words_or_initials(one, other, score):
    assert scored(make.an_agency, one, other) == score


def test_a_name_of_one_that_the_other_is_listed_under_makes_a_pair():
    army = make.an_agency("Secretariat of National Defense", slug="army")
    make.an_agency_name(army, "SEDENA")
    make.an_agency("Sedena", slug="sedena")
    (pair,) = duplicates(Agency)
    assert (pair.one.slug, pair.other.slug, pair.score) == ("army", "sedena", 100)
    assert pair.reason == "“SEDENA” and “Sedena”: the same but for accents or case"


def test_a_name_that_the_other_is_translated_to_makes_a_pair():
    make.an_agency("Army of Mexico", name_es="Ejército Mexicano", slug="army")
    make.an_agency("Ejercito Mexicano", slug="ejercito")
    assert found(Agency) == [("army", "ejercito", 100)]


def test_what_is_called_alike_but_told_apart_is_no_pair():
    mexico, belize = make.a_country("Mexico"), make.a_country("Belize")
    make.an_agency("Navy", country=mexico)
    make.an_agency("Navy", country=belize)
    make.an_agency("Army", founded="2003", slug="new")
    make.an_agency("Army", dissolved="2002", slug="old")
    make.a_place("Sonora", kind="state")
    make.a_place("Sonora", kind="city")
    for agency in Agency.objects.filter(name="Army"):
        make.a_post("Commander", agency)
    make.a_source("Fact sheet", published="2009")
    make.a_source("Fact sheet", published="2010")
    assert [found(model) for model in (Agency, Place, Post, Source)] == [[]] * 4


def test_events_are_one_only_if_time_and_company_may_be_the_same():
    ana, eva = make.an_official("Ana Núñez"), make.an_official("Eva Ortiz")
    common = make.an_official("Gregory Guillot")
    for slug, start, other in (
        ("a", "2025-02", ana),
        ("b", "2025-02-05", ana),
        ("c", "2025-02", eva),
        ("d", "2025-04", ana),
    ):
        call = make.a_meeting("Call of two commanders", slug=slug, start=start)
        make.a_participation(call, official=common)
        make.a_participation(call, official=other)
    make.a_milestone("Call of two commanders", start="2025-02")
    assert found(Meeting) == [("a", "b", 100)]


def test_what_is_numbered_otherwise_is_another_one():
    party = make.an_agency()
    for number in ("RT-101", "RT-102"):
        treaty = make.an_agreement(f"Treaty {number}", slug=number.lower())
        make.a_participation(treaty, agency=party)
    assert found(Agreement) == []
    one, other = Agreement.objects.order_by("slug")
    one.title, one.registration_number = other.title, "RT-101"
    one.save()
    assert found(Agreement) == [("rt-101", "rt-102", 100)]
    other.registration_number = "RT-102"
    other.save()
    assert found(Agreement) == []


def test_what_has_no_name_of_its_own_is_not_compared():
    metric = make.a_metric()
    make.an_observation(metric)
    make.an_observation(metric)
    assert found(Observation) == []


def test_two_judged_not_to_be_the_same_are_no_pair_any_more():
    one, other = make.an_agency("Navy", slug="b"), make.an_agency("Navy", slug="a")
    distinguish(one, other, "of two states")
    assert found(Agency) == []
    distinguish(other, one, "of two provinces")
    row = Distinction.objects.get()
    assert (row.type, row.one, row.other, row.note) == (
        "agency",
        "a",
        "b",
        "of two provinces",
    )


def test_ten_thousand_names_are_not_each_compared_with_each(monkeypatch):
    given = [f"Given{chr(97 + n % 26)}{chr(97 + n // 26)}on" for n in range(100)]
    family = [f"{chr(97 + n % 26)}{chr(97 + n // 26)}ortez" for n in range(100)]
    Official.objects.bulk_create(
        Official(slug=f"o-{n}", name=f"{given[n % 100]} {family[n // 100]}")
        for n in range(2000)
    )
    names, compared = Names(Official), []
    monkeypatch.setattr(
        names, "_compare", lambda one, other: compared.append((one, other))
    )
    for record in names.records.values():
        names.like(record)
    assert len(compared) < 2000 * 2000 / 8


class TestALoadedFolder:
    def test_warns_of_what_looks_like_something_on_record(self, tmp_path):
        make.an_official("José Rafael Ojeda", slug="ojeda")
        make.a_meeting("Call of two commanders", slug="call", start="2025-02")
        make.an_agency("Navy", slug="navy")
        write(
            tmp_path,
            officials=["slug,name", "ana,Ana Núñez", "jose,Jose Rafael Ojeda Durán"],
            meetings=["slug,title,start", "two,A call of two commanders,2025-02-05"],
            agencies=["slug,name,kind", "navy,The Navy,ministry"],
        )
        for options in ({"dry_run": True}, {}):
            _out, err, failure = load(tmp_path, **options)
            assert failure is None
            assert [
                line.removeprefix(f"{tmp_path}/")
                for line in err.splitlines()
                if "would create" in line
            ] == [
                'officials.csv: line 3, column "name": this would create a '
                "record that may be a duplicate of “ojeda”: “Jose Rafael Ojeda "
                "Durán” and “José Rafael Ojeda”: one is a part of the other.",
                'meetings.csv: line 2, column "title": this would create a '
                "record that may be a duplicate of “call”: “A call of two "
                "commanders” and “Call of two commanders”: the same but for "
                "small words.",
            ]
        assert Official.objects.count() == 3

    @pytest.mark.parametrize("few", [0, 10_000])
    def test_is_compared_with_what_could_be_of_its_time(
        self, tmp_path, monkeypatch, few
    ):
        monkeypatch.setattr("provenance.resources.lookalikes.FEW", few)
        compared = []
        monkeypatch.setattr(
            "provenance.resources.lookalikes.Names",
            lambda *given, **more: (
                compared.append(Names(*given, **more)) or compared[-1]
            ),
        )
        for slug, start in {
            "same": "2025-02-05",
            "month": "2025-02",
            "undated": "",
            "before": "2025-01",
            "after": "2025-02-08",
        }.items():
            make.a_meeting("Call of two", slug=slug, start=start)
        write(
            tmp_path,
            meetings=[
                "slug,title,start",
                "a,Call of two,2025-02-05",
                "b,Call of two,2025-02-07",
            ],
        )
        _out, err, _failure = load(tmp_path, dry_run=True)
        assert err.count("a duplicate of “month”") == 2
        (names,) = compared
        looked_at = {record.slug for record in names.records.values()}
        near = {"same", "month", "undated"}
        assert looked_at == (near if few else {*near, "before", "after"})

    def test_is_not_compared_with_itself(self, tmp_path):
        write(tmp_path, officials=["slug,name", "a,Ana Núñez", "b,Ana Nunez"])
        _out, err, _failure = load(tmp_path)
        assert "on record" not in err
        assert found(Official) == [("a", "b", 100)]
