"""Titles, summaries and other texts in Spanish, as the editors translate them."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from entities.models import Agency
from provenance.evidence.settling import settle
from provenance.merging import merge
from provenance.registry.kinds import record_types
from provenance.resources import tables
from provenance.values.translations import translations_of
from tests import make
from timeline.models import Event, Meeting
from timeline.records import RULES

pytestmark = pytest.mark.django_db

(STALE,) = (rule for rule in RULES if rule.name == "stale-translations")


def page(address):
    answer = Client().get(address)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def the_call():
    """A meeting in both languages, at a place that nobody has translated."""
    call = make.a_meeting(
        "Call about patrols",
        slug="call",
        title_es="Llamada sobre patrullajes",
        summary="They spoke.",
        summary_es="Conversaron.",
        start="2025",
        place=make.a_place("The Pentagon", slug="pentagon"),
    )
    make.a_citation(call)
    return call


def test_a_page_in_spanish_tells_what_is_translated_and_what_is_recorded():
    the_call()
    shown = page("/es/meetings/call/")
    assert "<h1>Llamada sobre patrullajes</h1>" in shown
    assert "Conversaron." in shown
    assert '<p lang="en">Call about patrols</p><p lang="en">They spoke.</p>' in shown
    assert "<title>Llamada sobre patrullajes · bordersec</title>" in shown


def test_what_is_not_translated_is_told_in_english_that_says_so():
    the_call()
    assert '<h1 lang="en">The Pentagon</h1>' in page("/es/places/pentagon/")
    assert 'lang="en">The Pentagon</a>' in page("/es/meetings/call/")


def test_a_page_in_english_tells_what_is_recorded():
    the_call()
    shown = page("/meetings/call/")
    assert "<h1>Call about patrols</h1>" in shown
    assert "Llamada" not in shown.partition("<body>")[2]


def test_what_is_told_to_search_engines_is_in_both_languages():
    the_call()
    assert '"@value": "Llamada sobre patrullajes", "@language": "es"' in page(
        "/meetings/call/"
    )


def test_lists_drawings_and_files_are_in_the_language_of_their_address():
    call = the_call()
    ana = make.an_official("Ana", slug="ana")
    make.a_participation(call, official=ana)
    for address in ("officials/ana/", "places/pentagon/", "timeline.ics", ""):
        assert "Llamada sobre patrullajes" in page(f"/es/{address}"), address
        assert "Call about patrols" in page(f"/{address}"), address


def test_lists_are_in_the_order_of_the_names_that_are_told():
    make.a_place("United States", slug="us", name_es="Estados Unidos")
    make.a_place("New Orleans", slug="new-orleans", name_es="Nueva Orleans")
    make.a_place("Arizona", slug="arizona", name_es="Árizona")
    orders = {
        language: re.findall(r'href="[^"]*/places/([a-z-]+)/"', page(address))
        for language, address in (("en", "/places/"), ("es", "/es/places/"))
    }
    assert orders == {
        "en": ["arizona", "new-orleans", "us"],
        "es": ["arizona", "us", "new-orleans"],
    }


def test_the_api_gives_both_whatever_language_is_asked_for():
    the_call()
    answers = [
        Client().get("/api/v1/meetings/", headers={"accept-language": language})
        for language in ("en", "es")
    ]
    bodies = [answer.json()["results"][0] for answer in answers]
    assert bodies[0] == bodies[1]
    assert {name: bodies[0][name] for name in ("title", "title_es")} == {
        "title": "Call about patrols",
        "title_es": "Llamada sobre patrullajes",
    }


def test_the_spanish_words_are_found():
    the_call()
    found = Client().get("/api/v1/search/", {"q": "patrullajes"}).json()["results"]
    assert [hit["slug"] for hit in found] == ["call"]
    shown = page("/es/search/?q=patrullajes")
    assert shown.count("Llamada sobre patrullajes") == 1  # no excerpt repeats it
    found = 'Spanish title: <span lang="es">Llamada sobre patrullajes</span>'
    assert found in page("/search/?q=patrullajes")


def test_a_provision_is_told_in_spanish_too():
    pact = make.an_agreement(slug="pact")
    provision = make.a_provision(pact)
    provision.text_es = "Comparten lo que ven."
    provision.save()
    assert "Comparten lo que ven." in page("/es/agreements/pact/")
    assert "They share what they see." in page("/agreements/pact/")


def test_notes_ranks_and_reasons_of_disputes_are_told_in_spanish_too():
    note = {"public_note": "By night.", "public_note_es": "De noche."}
    ana = make.an_official("Ana", slug="ana", **note)
    rank = {"rank": "Admiral", "rank_es": "Almirante"}
    make.an_appointment(ana, make.a_post("Head"), start="2020", end="..", **rank)
    why = {"note": "A slip.", "note_es": "Un desliz."}
    make.a_citation(ana, field="name", stated="Eva", assessment="mistaken", **why)
    (dispute,) = ana.disputes.all()
    for words, prefix in (
        (("De noche.", "Almirante", "Un desliz."), "/es"),
        (("By night.", "Admiral", "A slip."), ""),
    ):
        shown = page(f"{prefix}/officials/ana/")
        assert all(word in shown for word in words), prefix
        for address in ("/disputes/", f"/disputes/{dispute.key}/"):
            assert words[-1] in page(prefix + address), address
    shown = page("/es/officials/ana/")
    assert '<p lang="en">By night.</p>' in shown
    said = Client().get(f"/api/v1/disputes/{dispute.key}/").json()["statements"]
    assert {name: said[0][name] for name in why} == why


def test_a_note_without_a_translation_is_told_in_english_that_says_so():
    make.a_place("Nogales", slug="nogales", public_note="On the river.")
    shown = page("/es/places/nogales/")
    assert '<span lang="en">On the river.</span>' in shown
    assert "en inglés" in shown


def test_settling_a_dispute_anew_leaves_no_translation_of_the_former_reason():
    navy = make.an_agency("Navy")
    citation = make.a_citation(navy, field="name", stated="Fleet")
    settle(citation, "translation", "The short name.", "El nombre corto.")
    settle(citation, "mistaken", "A slip.")
    citation.refresh_from_db()
    assert (citation.note, citation.note_es) == ("A slip.", "")


def test_a_translation_stands_beside_its_original_in_every_table():
    for name, kind in record_types().items():
        columns = tables()[kind.collection]().column_names()
        for original, translation in translations_of(kind).items():
            place = columns.index(original)
            assert columns[place + 1] == translation, name


def test_no_source_is_cited_for_a_translation():
    call = the_call()
    for kind in record_types().values():
        own = set(translations_of(kind).values())
        assert not own & set(getattr(kind, "citable", ()))
    assert (
        not Meeting.objects.filter(pk=call.pk).with_uncited_values().filter(title_es="")
    )


def test_a_text_that_was_reworded_after_its_translation_is_found():
    call = the_call()
    agency = make.an_agency("Navy", slug="navy", name_es="Marina")
    call.title = "Talk about patrols"
    call.save()
    call.summary, call.summary_es = "They talked.", "Hablaron."
    call.save()
    agency.name = "The Navy"
    agency.save()
    agency.name = "Navy"
    agency.save()
    assert [str(finding) for finding in STALE.findings()] == [
        "warning meeting call title_es: It was translated when the text read “Call "
        "about patrols”; translate it anew."
    ]
    call.title_es = "Conversación sobre patrullajes"
    call.save()
    assert not STALE.findings()


def test_a_merge_takes_no_translation_of_another_text():
    kept = make.an_agency("Navy", slug="navy")
    lost = make.an_agency("Marine", slug="marine", name_es="Marina")
    merge(kept, lost, "One body.")
    assert Agency.objects.get(slug="navy").name_es == ""


def test_a_merge_takes_the_translation_of_a_text_that_both_have():
    kept = make.an_agency("Navy", slug="navy")
    lost = make.an_agency("Navy", slug="marine", name_es="Marina")
    merge(kept, lost, "One body.")
    assert Agency.objects.get(slug="navy").name_es == "Marina"


def test_what_an_event_is_called_does_not_follow_the_language_of_who_asks():
    call = the_call()
    with override("es"):
        assert str(call) == Event.objects.get(pk=call.pk).label == "Call about patrols"
        assert call.in_words == "Llamada sobre patrullajes"


def test_notes_and_unusual_places_in_sources_are_marked_as_english(client):
    call = the_call()
    call.public_note = "Undated."
    call.save()
    for locator in ("para. 4", "middle of the line"):
        make.a_citation(call, locator=locator)
    page = client.get("/es/meetings/call/").content.decode()
    assert 'Nota <span class="quiet">en inglés</span>' in page
    assert '<span lang="en">Undated.</span>' in page
    assert ", párr. 4" in page
    assert '<span lang="en">middle of the line</span>' in page
    assert "para. 4" in client.get("/meetings/call/").content.decode()
