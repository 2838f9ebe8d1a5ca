"""English and Spanish: by address on public pages, by request in the admin and API."""

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from django.urls import reverse
from django.utils.translation import override

from entities.models import Agency, Place
from provenance.values.dates import PartialDate
from tests import PROJECT, make
from tests.messages import APPS, LANGUAGES, catalogue_of, translated
from tests.walking import text_of

SPANISH = {"accept-language": "es-MX,es;q=0.9,en;q=0.5"}


def test_each_language_that_is_offered_has_its_catalogue():
    assert LANGUAGES == ["es"]
    assert all(catalogue_of(language).exists() for language in LANGUAGES)


def told(catalogue):
    """What each message of a catalogue is in its language, in all of its forms."""

    def forms(texts):
        return (texts,) if isinstance(texts, str) else tuple(texts)

    return {(m.context, forms(m.id)): forms(m.string) for m in catalogue if m.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    with catalogue_of(language, "mo").open("rb") as file:
        compiled = told(read_mo(file))
    written = told(translated(language))
    assert compiled == written, "run `make messages`"


def test_no_message_is_translated_before_it_is_known_who_reads_it():
    """A module that is loaded, and a class, are there for readers of each language."""
    found = []

    def look(node, path, eager):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.Lambda):
                continue
            if isinstance(child, ast.Call) and getattr(child.func, "id", "") in eager:
                found.append(f"{path}:{child.lineno}")
            look(child, path, eager)

    for app in APPS:
        for path in (Path(PROJECT) / app).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            eager = {
                name.asname or name.name
                for node in tree.body
                if isinstance(node, ast.ImportFrom)
                and node.module == "django.utils.translation"
                for name in node.names
                if not name.name.endswith("_lazy")
            }
            look(tree, path, eager - {"override", "get_language"})
    assert found == []


def test_no_message_stands_in_the_braces_of_a_text():
    """What collects the messages does not look into them."""
    found = [
        f"{path}:{text.lineno}"
        for app in APPS
        for path in (Path(PROJECT) / app).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_"
    ]
    assert found == []


@pytest.mark.django_db
class TestPages:
    """A public page has an address in each language."""

    def test_are_in_the_language_of_their_address_whatever_the_browser_wants(
        self, client
    ):
        for headers in ({}, SPANISH):
            english, spanish = (
                client.get(address, headers=headers) for address in ("/", "/es/")
            )
            assert '<html lang="en">' in english.content.decode()
            assert '<html lang="es">' in spanish.content.decode()
            assert english["Content-Language"] == "en"
            assert spanish["Content-Language"] == "es"
            for answer in (english, spanish):
                assert "Accept-Language" not in answer.get("Vary", "")
                assert "Cookie" not in answer.get("Vary", "")

    def test_lead_on_in_their_language_and_to_the_same_page_in_the_other(self, client):
        make.an_agency(slug="navy", name="Marina")
        page = client.get("/es/agencies/?known_at=").content.decode()
        assert 'href="/es/agencies/navy/"' in page
        assert 'href="/agencies/navy/"' not in page
        there = "http://testserver/agencies/?known_at="
        assert f'<link rel="alternate" hreflang="en" href="{there}">' in page
        assert f'<a href="{there}" hreflang="en" lang="en">English</a>' in page
        back = client.get("/agencies/").content.decode()
        assert 'href="http://testserver/es/agencies/"' in back

    def test_say_in_spanish_what_is_wrong(self, client):
        refused = client.get("/es/search/?q=" + "a" * 101)
        assert refused.status_code == 400
        assert "como máximo" in text_of(refused)
        assert client.get("/es/agencies/none/").status_code == 404
        assert client.get("/fr/").status_code == 404

    def test_of_one_record_have_the_same_values_in_both(self, client):
        make.an_agency(slug="navy", name="The Secretariat of the Navy", founded="1940")
        for address in ("/agencies/navy/", "/es/agencies/navy/"):
            page = text_of(client.get(address))
            assert "The Secretariat of the Navy" in page
            assert "1940" in page

    def test_are_shown_in_a_frame_in_their_language(self, client):
        url = "http://testserver/es/?q=navy"
        answer = client.get("/oembed", {"url": url}).json()
        assert 'src="http://testserver/es/embed/?q=navy"' in answer["html"]
        answer = client.get("/oembed", {"url": url.replace("/es/", "/")}).json()
        assert 'src="http://testserver/embed/?q=navy"' in answer["html"]


@pytest.mark.django_db
class TestTheDesk:
    """The admin follows the cookie of the switch, or else the browser."""

    def test_is_in_the_language_of_the_browser(self, admin_client):
        answer = admin_client.get(reverse("admin:index"), headers=SPANISH)
        assert '<html lang="es"' in answer.content.decode()
        assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
        english = admin_client.get(reverse("admin:index"))
        assert '<html lang="en"' in english.content.decode()

    def test_is_switched(self, admin_client):
        index = reverse("admin:index")
        assert 'action="/admin/language/"' in admin_client.get(index).content.decode()
        chosen = {"language": "es", "next": index}
        switched = admin_client.post(reverse("set_language"), chosen)
        assert switched["Location"] == index
        page = admin_client.get(index).content.decode()
        assert '<html lang="es"' in page
        assert "Primeros pasos" in page

    def test_labels_what_django_named_after_its_python_name(self, admin_client):
        address = reverse("admin:entities_agency_add")
        page = admin_client.get(address, headers=SPANISH).content.decode()
        for label in ("Fundación", "Nota pública", "Organismo"):
            assert label in page

    def test_writes_the_same_in_each_language(self, admin_client):
        for number, headers in enumerate(({}, SPANISH)):
            posted = {
                "slug": f"place-{number}",
                "name": "Nogales",
                "kind": "city",
                "latitude": "31.5",
                "longitude": "-110.25",
                "status": "draft",
            }
            posted |= {f"citations-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
            address = reverse("admin:entities_place_add")
            answer = admin_client.post(address, posted, headers=headers)
            assert answer.status_code == 302, text_of(answer)
        written = Place.objects.order_by("slug").values_list("latitude", "longitude")
        assert list(written) == [(Decimal("31.5"), Decimal("-110.25"))] * 2
        place = Place.objects.first()
        form = reverse("admin:entities_place_change", args=[place.pk])
        page = admin_client.get(form, headers=SPANISH).content.decode()
        assert re.search(r'name="latitude" value="31\.5', page)


@pytest.mark.django_db
class TestTheApi:
    """A program is told of its faults in its language, and of the record in none."""

    def test_tells_of_faults_in_the_language_that_is_asked_for(self, api):
        faults = [
            api.get("/api/v1/agencies/?limit=0", headers=headers).json()
            for headers in ({}, SPANISH)
        ]
        assert (
            faults[0]["errors"][0]["message"] == "Write a whole number from 1 to 500."
        )
        assert "número entero" in faults[1]["errors"][0]["message"]
        assert (
            faults[0]["errors"][0]["parameter"] == faults[1]["errors"][0]["parameter"]
        )

    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/agencies/navy/",
            "/api/v1/agencies/?format=csv",
            "/api/v1/timeline/",
            "/api/v1/search/?q=marina",
            "/api/v1/package/",
        ],
    )
    def test_says_the_same_of_the_record_in_each(self, api, address):
        make.an_agency(slug="navy", name="Marina", founded="1940~")
        make.a_meeting(slug="call", title="Call with Marina")
        bodies = [
            b"".join(answer) if answer.streaming else answer.content
            for headers in ({}, SPANISH)
            for answer in [api.get(address, headers=headers)]
        ]
        assert bodies[0] == bodies[1]

    def test_describes_itself_in_both(self, api):
        english, spanish = (
            api.get("/api/v1/schema/", headers=headers).json()
            for headers in ({}, SPANISH)
        )
        assert english["paths"].keys() == spanish["paths"].keys()
        assert spanish["info"]["description"].startswith("Quién ocupó qué cargo")


def test_dates_are_written_as_each_language_writes_them():
    said = {"2025-02-03": "3 de febrero de 2025", "2025-02": "febrero de 2025"}
    with override("es"):
        assert {text: PartialDate(text).readable for text in said} == said
        assert Agency._meta.verbose_name == "organismo"
    assert PartialDate("2025-02-03").readable == "3 February 2025"
