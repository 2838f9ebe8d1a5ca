"""An official has a portrait, an agency an emblem: with credit and licence."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from provenance.files.pictures import made_of
from provenance.merging.merge import merge
from provenance.models import Portrait
from tests import make
from tests.files.test_formats import PICTURE, a_pdf
from tests.pictures import a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client, user_who):
    user = user_who(username="curator", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["viewer", "curator"]))
    client.force_login(user)
    return client


@pytest.fixture
def ana():
    return make.an_official("Ana Ruiz", slug="ana-ruiz")


def page_of(record):
    return f"/admin/entities/official/{record.pk}/portrait/"


def add(client, record, data, **told):
    told = {"credit": "E. Paz", "licence": "CC BY 4.0", **told}
    return client.post(page_of(record), {"file": SimpleUploadedFile("x", data), **told})


def fetched(client, address, **headers):
    answer = client.get(address, **headers)
    return answer, answer.getvalue()


FILE = "/officials/ana-ruiz/portrait.jpg"


def test_is_made_anew_small_and_shown_with_its_licence(curator, ana, client):
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    data = a_picture(form="JPEG", exif=exif, comment=b"a secret place")
    assert data.count(b"a secret place") == 2
    assert add(curator, ana, data, origin="https://example.org/p").status_code == 302
    portrait = Portrait.objects.of_record(ana)
    assert (portrait.width, portrait.height) == (640, 320)
    client.logout()
    page = client.get("/officials/ana-ruiz/").content.decode()
    assert f'<img src="{FILE}?{portrait.sha256[:8]}" alt="Portrait of Ana Ruiz"' in page
    assert 'href="https://example.org/p" rel="noopener noreferrer">E. Paz</a>' in page
    assert "E. Paz</a> · CC BY 4.0" in page
    answer, picture = fetched(client, FILE)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"a secret place" not in picture
    assert Image.open(io.BytesIO(picture)).size == (640, 320)
    tag = answer.headers["ETag"]
    assert client.get(FILE, headers={"If-None-Match": tag}).status_code == 304


def test_has_a_thumbnail_that_was_made_when_it_was_stored(ana, client):
    portrait = Portrait.add(ana, a_picture(), credit="E. Paz", licence="CC BY 4.0")
    answer, small = fetched(client, "/officials/ana-ruiz/thumbnail.jpg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(small)).size == (160, 80)
    tag = {"If-None-Match": answer.headers["ETag"]}
    there = client.get("/officials/ana-ruiz/thumbnail.jpg", headers=tag)
    assert there.status_code == 304
    assert fetched(client, FILE, headers=tag)[0].status_code == 200  # another one
    Portrait.objects.update(thumbnail="")  # as of one from before there were any
    whole = fetched(client, "/officials/ana-ruiz/thumbnail.jpg")[1]
    assert len(whole) == portrait.file.size


def test_an_agency_has_an_emblem_on_white_in_its_list_and_on_its_page(curator, client):
    navy = make.an_agency("Navy", slug="navy")
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
    page = f"/admin/entities/agency/{navy.pk}/portrait/"
    assert "Emblem: Navy" in curator.get(page).content.decode()
    told = {"credit": "The Navy", "licence": "public domain"}
    file = SimpleUploadedFile("x", out.getvalue())
    assert curator.post(page, {"file": file, **told}).status_code == 302
    client.logout()
    body = client.get("/agencies/navy/").content.decode()
    assert 'alt="Emblem of Navy"' in body
    assert "The Navy · public domain" in body
    assert "/agencies/navy/thumbnail.jpg?" in client.get("/agencies/").content.decode()
    shown = Image.open(io.BytesIO(fetched(client, "/agencies/navy/portrait.jpg")[1]))
    assert shown.getpixel((150, 150)) == (255, 255, 255)


def test_changes_the_page_for_whoever_has_seen_it_before(curator, ana, client):
    tag = client.get("/officials/ana-ruiz/").headers["ETag"]
    for act in (
        lambda: add(curator, ana, a_picture()),
        lambda: curator.post(page_of(ana), {"remove": "1"}),
    ):
        act()
        again = client.get("/officials/ana-ruiz/", headers={"If-None-Match": tag})
        assert again.status_code == 200
        tag = again.headers["ETag"]
    assert client.get(FILE).status_code == 404


@pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
def test_of_what_is_not_published_is_not_shown(curator, client, status):
    official = make.an_official("Ana Ruiz", slug="ana-ruiz", status=status)
    add(curator, official, a_picture())
    preview = f"/admin/entities/official/{official.pk}/portrait.jpg"
    assert fetched(client, preview)[0].status_code == 200
    client.logout()
    assert client.get(FILE).status_code == 404
    assert client.get(preview).status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/agencies/marina/portrait.jpg", "/nothing/x/portrait.jpg", FILE],
)
def test_of_what_has_none_is_not_found(client, ana, address):
    make.an_agency(slug="marina")
    assert client.get(address).status_code == 404


def test_is_one_at_a_time_and_goes_with_its_record_into_another(curator, ana, client):
    add(curator, ana, a_picture())
    add(curator, ana, a_picture((100, 100)))
    assert Portrait.objects.filter(removed_at=None).count() == 1
    other = make.an_official("Ana R.", slug="ana-r")
    ana.refresh_from_db()
    merge(other, ana)
    assert Portrait.objects.of_record(other).width == 100
    assert fetched(client, "/officials/ana-r/portrait.jpg")[0].status_code == 200


@pytest.mark.parametrize(
    ("data", "told", "said"),
    [
        (b"", {}, "The file is empty."),
        (b"<html>", {}, "Choose a picture: PNG, JPEG or WebP."),
        (a_pdf("x"), {}, "Choose a picture: PNG, JPEG or WebP."),
        (PICTURE, {}, "The picture cannot be read; save it anew."),
        (a_picture()[:200], {}, "The picture cannot be read; save it anew."),
        (a_picture(), {"licence": ""}, "This field is required."),
        (a_picture(), {"origin": "javascript:x"}, "Enter a valid URL."),
    ],
    ids=["empty", "page", "pdf", "none", "cut", "unlicensed", "origin"],
)
def test_what_is_none_is_refused_in_words(curator, ana, data, told, said):
    answer = add(curator, ana, data, **told)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Portrait.objects.of_record(ana) is None


def test_a_picture_that_grows_without_end_is_refused():
    with pytest.raises(ValidationError, match="more than 40 million pixels"):
        made_of(a_picture((8000, 8000)))


def test_whoever_may_only_look_changes_none(client, user_who, ana):
    client.force_login(user_who("view_official", is_staff=True))
    assert client.get(page_of(ana)).status_code == 403
    assert add(client, ana, a_picture()).status_code == 403
