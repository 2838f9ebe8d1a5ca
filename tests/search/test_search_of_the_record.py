"""What people type to find something in the curated record, at each of its doors."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.usefixtures("record")

# What is typed, and of which one is found first.
ASKED = {
    "human rights violations": {"human-rights"},
    "video conference": {"guillot-trevilla-call-2025-02"},
    "immediate communications": {"direct-communications"},
    "gsomia": {"gsomia-sedena", "gsomia-semar-2008"},
    "10,000": {"mexico-border-deployment-2025", "us-border-deployment-2025"},
    "secretaria de la defensa": {"sedena"},
    "sedena": {"sedena"},
    "Marina": {"semar"},
    "general guillot": {"guillot-commander-norad", "guillot-commander-usnorthcom"},
    "narcotráfico": {"drug-trafficking"},
    "ways to communicate": {"joint-statement-of-understanding-2025"},
}
asked = pytest.mark.parametrize(("typed", "first"), ASKED.items(), ids=list(ASKED))


@asked
def test_the_api_finds_it_first(api, typed, first):
    hit = api.get("/api/v1/search/", {"q": typed}).json()["results"][0]
    assert hit["slug"] in first


@asked
def test_the_page_shows_it_first(client, typed, first):
    groups = client.get("/search/", {"q": typed}).context["groups"]
    record, _match = groups[0].hits[0]
    assert record.slug in first


@asked
def test_the_admin_offers_it_first(curator, typed, first):
    query = {"s": typed, "extended": "1"}
    results = curator.get(reverse("admin:search"), query).context["results"]
    assert curator.get(results[0].link).context["original"].slug in first


def test_a_number_finds_all_that_have_it(api):
    answer = api.get("/api/v1/search/", {"q": "10,000", "type": "observation"}).json()
    assert [(hit["slug"], hit["matched"]) for hit in answer["results"]] == [
        (
            "mexican-troops-at-border-2025-02",
            "Mexican troops at the border with the United States: 10,000 persons "
            "(1–10 February 2025)",
        )
    ]


def test_the_list_of_an_admin_begins_with_what_is_called_so(curator):
    page = curator.get(reverse("admin:timeline_theme_changelist"), {"q": "migration"})
    names = [theme.name for theme in page.context["cl"].result_list]
    assert names == ["Migration", "Irregular migration"]
