"""What parties did to agreements and when; how agreements stand; registers of both."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError

from provenance.history.undo import undo
from provenance.merging import merge
from provenance.models import ChangeSet
from tests import make
from tests.both_ways import written_both_ways
from tests.folders import faults_in, read_in
from tests.recipes import RECIPES
from tests.recipes import read_in as read_foreign
from tests.walking import text_of
from timeline.models import Agreement, Participation
from timeline.records import RULES
from timeline.treaties import parties_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LONG_AGO, TO_COME = "1999-05", str(date.today() + timedelta(days=400))


def found(rule):
    """What breaks the rule of this name, as the command tells it."""
    (rule,) = (each for each in RULES if each.name == rule)
    return [str(finding) for finding in rule.findings()]


def a_treaty(**values):
    return make.an_agreement(slug="treaty", kind="treaty", state="", **values)


def acts(treaty, party, *actions):
    """Has a party do this: each a role, a date and from when it has effect."""
    for role, day, effective in actions:
        make.a_participation(treaty, role, agency=party, date=day, effective=effective)


def forces(treaty):
    """For whom it is in force and when, in words."""
    treaty = Agreement.objects.get(pk=treaty.pk)
    return {
        str(party.record): [force.readable for force in party.in_force]
        for party in parties_of(treaty)
    }


# What parties do --------------------------------------------------------------


def test_a_party_does_several_things_and_some_again_at_another_date():
    treaty, party = a_treaty(), make.an_agency("Arcadia")
    acts(
        treaty,
        party,
        ("signatory", "2000-12-13", ""),
        ("accession", "2003", ""),
        ("denunciation", "2010", ""),
        ("accession", "2015-02", ""),
    )
    twin = Participation(event=treaty, agency=party, role="accession", date="2003")
    with pytest.raises(ValidationError, match="already has this role in it at this"):
        twin.full_clean()


def test_only_an_agreement_is_ratified_or_denounced():
    row = Participation(
        event=make.a_meeting(), agency=make.an_agency(), role="ratification"
    )
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert refused.value.message_dict == {
        "role": [
            "“ratification” is an action on an agreement; this event is a meeting."
        ]
    }
    row.event = a_treaty()
    row.full_clean()


def test_an_action_has_the_bounds_of_its_dates_whatever_writes_it():
    treaty, party = a_treaty(), make.an_agency(slug="arcadia")
    read_in(
        "participations",
        "event,official,agency,role,date,effective\n"
        "treaty,,arcadia,accession,2004-11,[..2005]\n",
    )
    row = Participation.objects.get(event=treaty, agency=party)
    assert (row.date_earliest, row.date_latest) == (
        date(2004, 11, 1),
        date(2004, 11, 30),
    )
    stored = Participation.objects.values_list("effective_latest", flat=True)
    assert list(stored) == [date(2005, 12, 31)]


# How an agreement stands --------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({}, ""),
        ({"adopted": LONG_AGO}, "adopted"),
        ({"adopted": LONG_AGO, "signed": "2000-12-13"}, "signed"),
        ({"signed": LONG_AGO, "entered_into_force": TO_COME}, "signed"),
        ({"entered_into_force": "2003~", "terminated": TO_COME}, "in-force"),
        ({"entered_into_force": "2003", "terminated": "[..2010]"}, "terminated"),
        ({"signed": TO_COME}, "expected"),
        ({"terminated": LONG_AGO, "state": "expired"}, "expired"),
    ],
)
def test_a_state_that_nobody_states_follows_from_the_dates(api, dates, state):
    make.an_agreement(slug="treaty", **{"state": "", **dates})
    treaty = Agreement.objects.get()
    assert treaty.current_state == state
    ours, pythons = written_both_ways("agreement")
    assert ours == pythons
    body = api.get("/api/v1/agreements/treaty/").json()
    assert (body["state"], body["current_state"]) == (dates.get("state", ""), state)
    if state:
        asked = (
            (f"state={state}", 1),
            (f"state=proposed,{state}", 1),
            ("state=proposed", 0),
        )
        for query, number in (*asked, (f"state__n={state}", 0)):
            answer = api.get(f"/api/v1/agreements/?{query}").json()
            assert len(answer["results"]) == number


def test_it_is_in_force_for_each_party_from_when_its_consent_has_effect_to_its_exit():
    treaty = a_treaty(entered_into_force="2003-09-29")
    for name, *actions in (
        ("Told", ("ratification", "2003-03-04", "2003-10-29")),
        ("First", ("signatory", "2000", ""), ("ratification", "2003-03", "")),
        ("Later", ("accession", "2005-12-03", "")),
        ("Undated", ("approval", "", "")),
        ("Signed", ("signatory", "2000-12-13", "")),
        (
            "Came back",
            ("accession", "2004", "2004-06"),
            ("denunciation", "2009-01", "2010"),
            ("reservation", "2015", ""),
            ("accession", "2015", "2015-08"),
        ),
        ("Left", ("accession", "2004", "2004-06"), ("withdrawal", "2009-01", "")),
    ):
        acts(treaty, make.an_agency(name), *actions)
    assert forces(treaty) == {
        "Told": ["since 29 October 2003"],
        "First": ["since 29 September 2003"],
        "Later": ["since not before 3 December 2005"],
        "Undated": ["since 29 September 2003"],
        "Signed": [],
        "Came back": ["June 2004 → 2010", "since August 2015"],
        "Left": ["June 2004 → not before 1 January 2009"],
    }
    treaty.terminated = "2020"
    treaty.save()
    assert forces(treaty)["Told"] == ["29 October 2003 → 2020"]
    assert forces(treaty)["Came back"][1] == "August 2015 → 2020"


def test_who_left_on_a_vague_or_unknown_day_has_left():
    treaty = a_treaty(entered_into_force="2003")
    for name, *actions in (
        ("Undated", ("ratification", "2002", ""), ("denunciation", "", "")),
        ("Vague", ("ratification", "2005-03", ""), ("denunciation", "2005", "")),
        ("Same day", ("accession", "2006-01-02", ""), ("withdrawal", "2006-01-02", "")),
        (
            "Came back",
            ("accession", "2003", "2003-06"),
            ("denunciation", "2005", "2006"),
            ("accession", "2006-01", "2006-02"),
        ),
        ("Told by effect", ("accession", "2002", ""), ("denunciation", "", "2010")),
    ):
        acts(treaty, make.an_agency(name), *actions)
    assert forces(treaty) == {
        "Undated": ["2003 → an unknown day"],
        "Vague": ["not before 1 March 2005 → not before 1 March 2005"],
        "Same day": ["not before 2 January 2006 → not before 2 January 2006"],
        "Came back": ["June 2003 → 2006", "since February 2006"],
        "Told by effect": ["2003 → 2010"],
    }


def test_what_a_party_says_of_an_agreement_does_not_bind_it():
    treaty = a_treaty(entered_into_force="2003")
    roles = ("reservation", "declaration", "objection", "observer", "party")
    for role in (*roles, "signatory"):
        acts(treaty, make.an_agency(role), (role, "2002", "2004"))
    bound = {"party": ["since 2004"], "signatory": ["since 2004"]}
    assert forces(treaty) == {role: bound.get(role, []) for role in (*roles, *bound)}


def test_it_is_in_force_for_nobody_once_it_has_ended_and_who_acts_then_is_found():
    treaty = a_treaty(entered_into_force="2000", terminated="2004")
    for name, *actions in (
        ("Too late", ("accession", "2010", "2010-06")),
        ("Left later", ("accession", "2001", "2001"), ("withdrawal", "2010", "")),
        ("Left before", ("accession", "2001", "2001"), ("withdrawal", "2002", "2003")),
        ("Left some day", ("accession", "2001", "2001"), ("withdrawal", "", "")),
        ("Either", ("accession", "2001", "2001"), ("withdrawal", "2002-02", "")),
        ("In its year", ("accession", "2001", "2001"), ("withdrawal", "2003", "2004")),
    ):
        acts(treaty, make.an_agency(name), *actions)
    assert forces(treaty) == {
        "Too late": [],
        "Left later": ["2001 → 2004"],
        "Left before": ["2001 → 2003"],
        "Left some day": ["2001 → by 31 December 2004"],
        "Either": ["2001 → 1 February 2002–31 December 2004"],
        "In its year": ["2001 → 2004"],
    }
    told = "error agreement treaty participations.{}: The {} of a party has “{}” as {}"
    ended = ", after the agreement was terminated, “2004”; correct one of the two."
    assert found("treaty-dates") == [
        told.format("date", "accession", "2010", "date") + ended,
        told.format("date", "withdrawal", "2010", "date") + ended,
        told.format("effective", "accession", "2010-06", "effective") + ended,
    ]


# Where it is shown -------------------------------------------------------------


def test_the_api_tells_what_each_party_did_and_takes_it_back_as_it_was(writer):
    treaty = a_treaty(signed="2000-12", depositary=make.an_agency("Keeper", slug="k"))
    acts(treaty, make.an_agency(slug="arcadia"), ("accession", "2004-11", "2005"))
    answer = writer.get("/api/v1/agreements/treaty/")
    body = answer.json()
    (row,) = body["participations"]
    assert {name: row[name] for name in row if name not in ("official", "agency")} == {
        "role": "accession",
        "date": "2004-11",
        "date_earliest": "2004-11-01",
        "date_latest": "2004-11-30",
        "effective": "2005",
        "effective_earliest": "2005-01-01",
        "effective_latest": "2005-12-31",
        "appointments": [],
    }
    assert body["depositary"]["slug"] == "k"
    rows = [
        {"role": role, "agency": "arcadia", "date": day}
        for role, day in (("accession", "2004-11"), ("denunciation", "2010"))
    ]
    etag = answer["ETag"]
    address = "/api/v1/agreements/treaty/"
    twice = writer.patch(
        address, {"participations": rows * 2}, format="json", headers={"if-match": etag}
    )
    assert twice.status_code == 400
    written = writer.patch(
        address, {"participations": rows}, format="json", headers={"if-match": etag}
    ).json()
    assert [one["date"] for one in written["participations"]] == ["2004-11", "2010"]
    ours, pythons = written_both_ways("agreement")
    assert ours == pythons


def test_the_page_has_a_table_of_parties_with_their_actions_and_dates(client):
    treaty = a_treaty(entered_into_force="2003", registration_number="I-1")
    mexico, hidden = make.an_agency("Mexico"), make.an_agency("Own", status="draft")
    acts(
        treaty,
        mexico,
        ("signatory", "2000-12-13", ""),
        ("ratification", "2003-03-04", "2003-09-29"),
    )
    acts(treaty, hidden, ("ratification", "2001-03-04", ""))
    page = text_of(client.get("/agreements/treaty/"))
    assert "Agreement · treaty · date not known · in force" in page
    assert (
        "Mexico signatory 13 December 2000 – since 29 September 2003 ratification "
        "4 March 2003 29 September 2003"
    ) in page
    assert "Own" not in page
    treaty.depositary = mexico
    treaty.save()
    page = text_of(client.get(f"/agencies/{mexico.slug}/"))
    assert "Agreements deposited" in page


def test_a_table_of_actions_goes_out_and_comes_back_and_may_lack_dates():
    treaty, party = a_treaty(), make.an_agency(slug="arcadia")
    acts(treaty, party, ("accession", "2004~", "2005"), ("denunciation", "", ""))
    table = (
        "event,official,agency,role,date,effective\n"
        "treaty,,arcadia,accession,2004~,2005\n"
        "treaty,,arcadia,denunciation,,\n"
    )
    assert read_in("participations", table).counts["same"] == 2
    without = "event,official,agency,role\ntreaty,,arcadia,denunciation\n"
    assert read_in("participations", without).counts["same"] == 1
    twice = table + "treaty,,arcadia,denunciation,,2010\n"
    assert faults_in(read_in("participations", twice)) == [
        "line 4: Line 3 has the same key; keep one of the two."
    ]


# Changes -----------------------------------------------------------------------


def test_a_merge_keeps_every_action_of_both_and_one_of_what_both_did():
    treaty = a_treaty()
    winner, loser = (make.an_agency("Mexico", status="draft") for _number in range(2))
    acts(treaty, winner, ("ratification", "2003-03-04", ""))
    acts(
        treaty,
        loser,
        ("ratification", "2003-03-04", "2003-09-29"),
        ("denunciation", "2010", ""),
    )
    winner.refresh_from_db(), loser.refresh_from_db()
    merge(winner, loser)
    rows = treaty.participations.values_list("role", "date", "effective")
    assert list(rows) == [
        ("denunciation", "2010", ""),
        ("ratification", "2003-03-04", "2003-09-29"),
    ]
    undo(ChangeSet.objects.first())
    assert treaty.participations.count() == 3


# What contradicts itself ------------------------------------------------------


def test_a_state_that_the_dates_contradict_is_found():
    make.an_agreement(slug="right", state="in-force", entered_into_force="2003")
    make.an_agreement(slug="vague", state="signed", entered_into_force="2003~")
    make.an_agreement(slug="over", state="in-force", terminated="2010")
    make.an_agreement(slug="early", state="in-force", entered_into_force=TO_COME)
    assert found("state-against-dates") == [
        "error agreement early state: Its state is “in-force”, and "
        f"“entered_into_force” says “{TO_COME}”; correct one of the two, or empty the "
        "state, which follows from the dates.",
        "error agreement over state: Its state is “in-force”, and “terminated” says "
        "“2010”; correct one of the two, or empty the state, which follows from the "
        "dates.",
    ]


def test_dates_out_of_order_are_found():
    make.an_agreement(slug="ok", start="2001", adopted="2000", signed="2001")
    make.an_agreement(slug="a", adopted="2001", signed="2000")
    make.an_agreement(slug="b", start="1999", signed="2000", adopted="2000")
    treaty = a_treaty(adopted="2000", entered_into_force="2003-09-29")
    party = make.an_agency(slug="arcadia")
    acts(
        treaty,
        party,
        ("ratification", "1999", "2003-09-28"),
        ("succession", "2005", "1980"),
    )
    assert found("treaty-dates") == [
        "error agreement a signed: “signed” is “2000”, before “adopted”, “2001”; "
        "correct one of the two.",
        "error agreement b start: It is dated “1999”, and it was adopted “2000” and "
        "signed “2000”; its date is the one or the other.",
        "error agreement treaty participations.date: The ratification of a party has "
        "“1999” as date, before “adopted” of the agreement, “2000”; correct one of "
        "the two.",
        "error agreement treaty participations.effective: The ratification of a party "
        "has “2003-09-28” as effective, before “entered_into_force” of the agreement, "
        "“2003-09-29”; correct one of the two.",
    ]


def test_an_action_that_may_be_told_twice_is_found():
    treaty, party = a_treaty(), make.an_agency(slug="arcadia")
    acts(
        treaty,
        party,
        ("reservation", "2003-03", ""),
        ("reservation", "2004", ""),
        ("accession", "", ""),
    )
    assert found("repeated-actions") == []
    acts(treaty, party, ("accession", "2003", ""))
    assert found("repeated-actions") == [
        "warning agreement treaty participations: “arcadia” has the role “accession” "
        "twice, dated “” and “2003”, which may be the same; remove one of the two, or "
        "make both dates exact."
    ]


# A register -------------------------------------------------------------------


def test_a_register_of_treaties_is_loaded_by_its_recipe(tmp_path):
    recipe = str(RECIPES / "treaty-register.toml")
    told = read_foreign(RECIPES / "treaty-register.csv", mapping=recipe)
    assert told == [
        "3 rows are left out by signatures, column “signed”.",
        "1 row is left out by actions, column “action”.",
        "agencies: 4 new",
        "agreements: 2 new",
        "participations (signatures): 3 new",
        "participations (actions): 5 new",
        "14 of 14 rows were written, as change 1.",
    ]
    treaty = Agreement.objects.get(registration_number="RT-101")
    assert forces(treaty) == {
        "Government of Arcadia": ["2005 → 1 March 2012"],
        "Government of Mexico": ["since 1 August 2002"],
        "Government of Ruritania": [],
        "Government of the United States": ["since 8 August 2003"],
    }
    again = tmp_path / "again.csv"
    text = (RECIPES / "treaty-register.csv").read_text()
    again.write_text(f"{text}{text.splitlines()[1]}\n")
    told = read_foreign(again, mapping=recipe)
    assert told[2] == (
        "1 row only repeats what another row says, and is not written twice: line 8."
    )
    assert told[-1] == "Nothing has changed: all 8 rows are on record as they are."


def test_a_register_is_read_as_a_source_that_adds_actions_and_overwrites_none(tmp_path):
    register = make.a_source(slug="register", kind="dataset")
    mexico = make.an_agency("Government of Mexico", kind="government", slug="mexico")
    treaty = make.an_agreement(
        "Extradition", slug="extradition", kind="treaty", registration_number="RT-101"
    )
    acts(treaty, mexico, ("ratification", "2002-02-20", "2002-08-01"))
    options = {
        "mapping": str(RECIPES / "treaty-register.toml"),
        "source": register.slug,
    }
    text = (RECIPES / "treaty-register.csv").read_text()
    other = tmp_path / "other.csv"
    other.write_text(text.replace("2002-08-01", "2002-09-01"))
    with pytest.raises(CommandError, match="1 fault"):
        read_foreign(other, **options)
    assert treaty.participations.count() == 1
    told = read_foreign(RECIPES / "treaty-register.csv", **options)
    assert told[-3:-1] == [
        "participations (signatures): 3 new",
        "participations (actions): 4 new, 1 unchanged",
    ]
    made = Agreement.objects.get(registration_number="RT-102")
    assert made.citations.filter(source=register).exists()
