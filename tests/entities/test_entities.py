"""Who and where: names through time, trees without circles, posts and their holders."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.models import (
    Agency,
    AgencyName,
    Appointment,
    Official,
    OfficialIdentifier,
    Place,
    Post,
)
from provenance.models import Source, SourceReport
from tests import make
from tests.depth import examples
from timeline.models import Theme

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def refusal(record):
    """What the whole record is refused with, field by field."""
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def refuses(record, message, field="__all__"):
    """Forms and imports refuse the record with this message, and so does the table."""
    assert refusal(record) == {field: [message]}
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


# Names through time ---------------------------------------------------------


@pytest.fixture
def defense():
    """The ministry that was SEDENA, and was renamed on a day late in 2024."""
    agency = make.an_agency(slug="defensa", name="Ministry of Defense")
    for text, kind, start, end in (
        ("Secretaría de la Defensa Nacional", "official", "1937", "2024-11-28"),
        ("Secretaría de la Defensa", "official", "2024-11-29", ".."),
        ("SEDENA", "acronym", "1937", "2024-11-28"),
        ("DEFENSA", "acronym", "2024-11-29", ".."),
        ("Secretariat of Defence", "translation", "", ""),
        ("SEDEMA", "misspelling", "1900", ".."),
    ):
        make.an_agency_name(agency, text=text, kind=kind, start=start, end=end)
    return agency


@pytest.mark.parametrize(
    ("when", "name"),
    [
        ("2009-03-16", "Secretaría de la Defensa Nacional"),
        ("2024-11-28", "Secretaría de la Defensa Nacional"),
        ("2024-11-29", "Secretaría de la Defensa"),
        ("2025-04-16", "Secretaría de la Defensa"),
        ("2025", "Secretaría de la Defensa"),
        ("1900", "Ministry of Defense"),
    ],
)
def test_an_agency_bears_the_name_of_its_time(defense, when, name):
    assert defense.name_on(when) == name


def test_of_two_names_of_one_time_the_official_one_is_borne():
    agency = make.an_agency()
    for kind in ("acronym", "short", "official"):
        make.an_agency_name(agency, text=kind, kind=kind, start="2009", end="..")
        assert agency.name_on("2010") == kind


def test_a_name_that_certainly_held_is_preferred_to_one_that_may_have():
    agency = make.an_agency()
    make.an_agency_name(agency, text="may", kind="official", start="2009", end="")
    make.an_agency_name(agency, text="did", kind="acronym", start="2009", end="..")
    assert agency.name_on("2010") == "did"
    undated = make.an_agency()
    make.an_agency_name(undated, text="undated", kind="official")
    make.an_agency_name(undated, text="dated", kind="official", start="2009?")
    assert undated.name_on("2010") == "dated"


def test_the_listed_name_stands_where_no_name_is_on_record():
    agency = make.an_agency(name="Coast Guard")
    assert agency.name_on("2009") == "Coast Guard"
    make.an_agency_name(agency, text="CG", kind="misspelling")
    assert agency.name_on("2009") == "Coast Guard"


def test_renamed_it_stays_one_agency_and_is_found_by_each_name(defense):
    for typed in ("sedena", "DEFENSA", "defensa nacional", "sedema", "defence"):
        assert list(Agency.objects.named(typed)) == [defense]


def test_names_are_asked_for_by_the_date_on_which_they_held(defense):
    held = AgencyName.objects.as_of("2009", certainty="definite")
    assert {name.text for name in held} == {
        "SEDENA",
        "Secretaría de la Defensa Nacional",
        "SEDEMA",
    }


def test_a_name_in_other_capitals_is_the_same_unless_it_is_of_another_kind():
    agency = make.an_agency()
    make.an_agency_name(agency, "Sedena", kind="short", language="es")
    make.an_agency_name(agency, "SEDENA", kind="acronym", language="es")
    make.an_agency_name(make.an_agency(), "SEDENA", kind="short", language="es")
    for text in ("SEDENA", "sedena"):
        name = AgencyName(agency=agency, text=text, kind="short", language="es")
        with pytest.raises(ValidationError) as refused:
            name.full_clean()
        assert refused.value.message_dict == {
            "text": [
                "“Sedena” is on record already, and differs in capital letters alone; "
                "keep one of them."
            ]
        }
    recorded = AgencyName.objects.get(agency=agency, text="Sedena")
    recorded.text = "SeDeNa"  # the row itself may be written otherwise
    recorded.full_clean()


def test_a_name_is_recorded_once_for_its_owner():
    name = make.an_agency_name(text="SEMAR")
    again = AgencyName(agency=name.agency, text="SEMAR", kind=name.kind)
    refuses(again, "This name is already on record.")
    AgencyName(agency=make.an_agency(), text="SEMAR", kind=name.kind).full_clean()


# Trees ----------------------------------------------------------------------

TREES = [
    pytest.param(make.a_place, id="place"),
    pytest.param(make.an_agency, id="agency"),
    pytest.param(make.a_theme, id="theme"),
]


@pytest.mark.parametrize("maker", TREES)
def test_nothing_stands_above_itself(maker):
    record = maker(slug="a")
    setattr(record, record.above, record)
    messages = refusal(record)
    assert messages[record.above] == ["This is a circular reference: a → a."]
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()
    new = type(record)(slug="new", name="New")
    setattr(new, new.above, new)
    assert "circular reference" in refusal(new)[new.above][0]


@pytest.mark.parametrize("maker", TREES)
def test_a_circle_is_refused_and_named(maker):
    top = maker(slug="top")
    middle = maker(slug="middle", **{top.above: top})
    bottom = maker(slug="bottom", **{top.above: middle})
    setattr(top, top.above, bottom)
    assert refusal(top)[top.above] == [
        "This is a circular reference: top → bottom → middle → top."
    ]
    setattr(middle, top.above, bottom)
    assert refusal(middle)[top.above] == [
        "This is a circular reference: middle → bottom → middle."
    ]


@pytest.mark.parametrize("maker", TREES)
def test_a_circle_that_two_writers_made_together_is_seen_and_nothing_hangs(maker):
    one, other, below = maker(slug="one"), maker(slug="other"), maker(slug="below")
    setattr(one, one.above, other)
    one.save()
    setattr(other, one.above, one)
    other.save()  # neither saw the other's
    setattr(below, one.above, one)
    assert "circular reference" in refusal(below)[one.above][0]
    below.save()
    keys = type(one).and_below(one)
    assert set(keys) == {one.pk, other.pk, below.pk}


@pytest.mark.parametrize("maker", TREES)
def test_what_stands_below_a_record_is_found_at_any_depth(maker):
    top, apart = maker(), maker()
    middle = maker(**{top.above: top})
    bottom = maker(**{top.above: middle})
    with CaptureQueriesContext(connection) as queries:
        assert set(type(top).and_below(top)) == {top.pk, middle.pk, bottom.pk}
    assert len(queries) == 3  # one a level, whatever else there is
    assert type(top).and_below(apart) == [apart.pk]


@settings(max_examples=examples(40))
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 4)), max_size=20))
def test_whatever_is_put_below_whatever_it_stays_a_forest(edits):
    with transaction.atomic():
        keys = [make.a_place().pk for _ in range(5)]
        for lower, upper in edits:
            place = Place.objects.get(pk=keys[lower])
            place.parent = Place.objects.get(pk=keys[upper]) if upper >= 0 else None
            try:
                place.full_clean()
            except ValidationError:
                continue
            place.save()
        above = dict(Place.objects.values_list("pk", "parent"))
        for key in keys:
            steps = 0
            while key is not None:
                key, steps = above[key], steps + 1
                assert steps <= len(keys)
        transaction.set_rollback(True)


# Places ---------------------------------------------------------------------


def test_an_iso_code_names_one_place():
    make.a_country(iso_code="MX")
    make.a_place(iso_code="")
    make.a_place(iso_code="")
    refuses(
        Place(slug="x", name="X", kind="country", iso_code="MX"),
        "Another place has this ISO code.",
    )


@pytest.mark.parametrize("code", ["mx", "MEX", "MX-", "MX-SONO", "M", "MX\n"])
def test_what_is_no_iso_code_is_refused(code):
    place = Place(slug="x", name="X", kind="state", iso_code=code)
    assert refusal(place) == {"iso_code": ["Write MX or MX-SON, ISO 3166."]} or (
        "at most 6 characters" in str(refusal(place)["iso_code"])
    )


@pytest.mark.parametrize(
    "values",
    [
        {"latitude": "31.33"},
        {"longitude": "-110.94"},
        {"latitude": "90.1", "longitude": "0"},
        {"latitude": "0", "longitude": "-180.1"},
    ],
)
def test_a_place_is_on_the_globe_with_both_coordinates_or_none(values):
    place = Place(slug="x", name="X", kind="city", **values)
    assert refusal(place)
    with pytest.raises(IntegrityError), transaction.atomic():
        place.save()
    with pytest.raises(ValidationError, match="Give both a latitude from -90 to 90"):
        place.validate_constraints()


def test_coordinates_are_kept_as_they_were_given():
    make.a_place(latitude="31.33333", longitude="-110.94")
    place = Place.objects.get()
    place.full_clean()
    assert (str(place.latitude), str(place.longitude)) == ("31.33333", "-110.94000")


# Officials, posts, appointments ---------------------------------------------


def test_an_identifier_is_of_one_official():
    make.an_official(slug="a")
    identifier = OfficialIdentifier.objects.create(
        official=make.an_official(), scheme="wikidata", value="Q1"
    )
    again = OfficialIdentifier(
        official=make.an_official(), scheme=identifier.scheme, value=identifier.value
    )
    refuses(again, "This identifier is already on record.")


def test_a_post_has_at_least_one_seat_or_any_number():
    post = Post(slug="x", title="X", agency=make.an_agency(), seats=0)
    assert list(refusal(post)) == ["seats"]
    with pytest.raises(ValidationError, match="A post has at least one seat"):
        post.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        post.save()
    post.seats = None
    post.full_clean()


def test_an_appointment_is_recorded_once():
    first = make.an_appointment(start="2009")
    again = Appointment(
        slug="again",
        official=first.official,
        post=first.post,
        kind=first.kind,
        start="2009",
    )
    refuses(again, "This appointment is already on record.")
    again.start = "2009-03"
    again.full_clean()
    again.start, again.kind = "2009", "acting"
    again.full_clean()


def test_two_unknown_starts_are_one_appointment_too():
    first = make.an_appointment()
    again = Appointment(
        slug="again", official=first.official, post=first.post, kind=first.kind
    )
    refuses(again, "This appointment is already on record.")


def test_appointments_are_asked_for_in_the_words_of_a_curator():
    navy, army = make.an_agency(), make.an_agency()
    admiral = make.an_appointment(
        post=make.a_post(agency=navy), start="2018-12", end="2024"
    )
    make.an_appointment(post=make.a_post(agency=army), start="2018-12", end="2024")
    make.an_appointment(post=make.a_post(agency=navy), start="2024-10", end="..")
    at_navy = Appointment.objects.at(navy)
    assert list(at_navy.during("2019-03").uncited()) == [admiral]
    assert list(at_navy.as_of("2020", certainty="definite").published()) == [admiral]
    assert at_navy.as_of("2024-12").count() == 2
    make.a_citation(admiral)
    assert not at_navy.during("2019-03").uncited().exists()


def test_a_slug_is_of_one_record():
    make.an_official(slug="ana-nunez")
    again = Official(slug="ana-nunez", name="Ana")
    assert refusal(again) == {"slug": ["Official with this Slug already exists."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


@pytest.mark.parametrize(
    "values",
    [{"status": "secret"}, {"status": ""}, {"name": ""}, {"name": "a\u202eb"}],
)
def test_an_official_without_a_name_or_of_an_unknown_status_is_refused(values):
    official = Official(**{"slug": "x", "name": "X"} | values)
    assert set(refusal(official)) == set(values)


# Sources --------------------------------------------------------------------


def test_a_source_repeats_others_and_each_of_them_once():
    source, release = make.a_source(), make.a_source()
    source.reports.add(release)
    source.reports.add(release)
    assert list(source.reports.all()) == [release]
    assert list(release.reported_in.all()) == [source]
    assert not release.reports.exists()
    refuses(
        SourceReport(source=source, reported=release),
        "It is already named as repeated.",
    )
    refuses(
        SourceReport(source=source, reported=source),
        "A source does not repeat itself.",
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/x",
        "//example.org",
        "http://a\nb.example.org",
        "example.org",
        "https://example.org/" + "x" * 500,
    ],
)
def test_only_an_address_of_the_web_is_one(url):
    source = Source(slug="x", title="X", kind="law", url=url, archived_url=url)
    assert set(refusal(source)) == {"url", "archived_url"}


def test_a_source_may_have_no_address():
    Source(slug="x", title="X", kind="law").full_clean()


# The tables keep their rules against any writer -----------------------------


@pytest.mark.parametrize("model", [Place, Agency, Theme])
def test_sql_that_puts_a_record_above_itself_is_refused(model):
    record = make.RECORDS[model]()
    quote = connection.ops.quote_name
    table, upper = quote(model._meta.db_table), quote(f"{model.above}_id")
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE {table} SET {upper} = id WHERE id = %s",  # noqa: S608  names of models
            [record.pk],
        )
