"""What pages say to readers: in their language, and nothing that only programs know."""

import re

import pytest

from entities.models import AgencyName
from provenance.models import Source
from provenance.pages.addresses import page_of
from provenance.registry.kinds import record_types
from provenance.values.translations import translations_of
from tests.depth import cases
from tests.messages import translated
from tests.walking import spoken_on
from timeline.models import Theme

pytestmark = pytest.mark.django_db

TELLING = (
    "/disputes/",
    "/compare/?from=2009-10&to=2025-04",
    "/observations/aggregate/?by=metric&measure=max",
    "/search/?q=joint+understanding",
    "/agreements/joint-statement-of-understanding-2025/",
)
ADDRESSES = (
    *TELLING,
    "/",
    "/timeline/?lanes=compared&agency=sedena,usnorthcom",
    "/timeline/?from=2025&to=2025&type=meeting&certainty=definite&in_dispute=open",
    "/timeline/?q=nothing-of-the-sort",
    "/timeline/?agency=nobody",
    "/timeline/aggregate/?by=theme&period=month",
    "/officials/",
    "/officials/nobody/",
    "/officials/gregory-guillot/network/",
    "/officials/pairs/",
    "/connection/?one=gregory-guillot&other=rafael-barcelo",
    "/map/",
    "/sources/",
    "/sources/watch-usnorthcom-mexican-leaders/compare/"
    "?with=growing-security-challenges",
    "/disputes/deployment-2/",
    "/search/?q=border",
    "/search/?q=nothing-of-the-sort",
    "/changes/",
    "/agencies/sedena/",
    "/deployments/mexico-border-deployment-2025/",
    "/meetings/guillot-trevilla-call-2025-02/",
    "/meetings/guillot-sandoval-ojeda-call/",
    "/metrics/us-troops-at-border/",
    "/observations/us-troops-at-border-2025-01/",
    "/officials/raymundo-morales/",
    "/sources/watch-usnorthcom-mexican-leaders/",
)
EDTF = re.compile(
    r"\b\d{4}-\d\d(-\d\d)?\b|\[\S*\.\.|\.\.\S*\]|\b\d{4}-\d\d[?~%]|^\d{4}[?~%]$"
)
COLUMN = re.compile(r"\b[a-z]+_[a-z_]+\b")
SLUG = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b")
ADDRESS = re.compile(r"https?://\S+")
NAMED = {"from", "to", "agency"}  # parameters, as the address has them
EXACT = ("title", "placeholder")  # a date as it is recorded, and how one is written


def addresses():
    """Pages on which much is said; in the deep run of all sorts, and all records."""
    yield from cases(TELLING, ADDRESSES)
    for model in record_types().values():
        records = model.objects.published().order_by("slug")
        yield from map(page_of, records[: cases(0, 200)])


def pages(client, language=""):
    """What each of them says, by its address, in a language."""
    for address in addresses():
        address = f"/{language}{address}" if language else address
        yield address, spoken_on(client.get(address, follow=True))


def in_english():
    """The messages that have other words in Spanish."""
    found = set()
    for message in translated("es"):
        forms = zip(_forms(message.id), _forms(message.string), strict=False)
        found |= {one.strip() for one, other in forms if one and one != other}
    spanish = (text for message in translated("es") for text in _forms(message.string))
    return found - set(spanish)


def _forms(message):
    return [message] if isinstance(message, str) else message


def recorded_in_english():
    """The texts of the record that are told otherwise in Spanish, but for names that
    sources and agencies bear.
    """
    found = set()
    for model in record_types().values():
        for column, translation in translations_of(model).items():
            rows = model.objects.published().values_list(column, translation)
            found |= {one for one, other in rows if one and one != other}
    borne = Source.objects.values_list("title", "publisher")
    names = AgencyName.objects.values_list("text", flat=True)
    return found.difference(*borne, names)


@pytest.mark.parametrize("language", cases(["es"], ["", "es"]))
def test_name_no_slug_no_exact_form_and_no_column(record, client, language):
    slugs = {
        slug
        for model in record_types().values()
        if model is not Theme  # as drug-trafficking, which is a word as well
        for slug in model.objects.values_list("slug", flat=True)
        if "-" in slug
    }
    found = []
    for address, said in pages(client, language):
        for _language, attribute, text in said:
            text = ADDRESS.sub("", text)
            is_exact = attribute not in EXACT and EDTF.search(text)
            named = slugs.intersection(SLUG.findall(text))
            if is_exact or named or COLUMN.search(text):
                found.append((address, attribute, text[:100]))
    assert found == []


def test_in_spanish_say_nothing_of_ours_in_english(record, client):
    messages, texts = in_english(), recorded_in_english()
    found = []
    for address, said in pages(client, "es"):
        for language, attribute, text in said:
            of_ours = text in messages or text.partition(": ")[0] in messages - NAMED
            if language == "es" and (of_ours or text in texts):
                found.append((address, attribute, text[:100]))
    assert found == []


def test_tell_the_reasons_of_the_editors_in_the_language_of_the_page(record, client):
    page = client.get("/es/disputes/").content.decode()
    assert "<strong>Sin resolver:</strong> Cuenta las tropas" in page
    page = client.get("/disputes/").content.decode()
    assert "<strong>Unresolved:</strong> It counts the troops" in page
    assert '<span lang="en">' not in page
