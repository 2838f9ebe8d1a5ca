"""The page on which a source is entered, and the files that a source carries."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from provenance.merging.merge import merge
from provenance.models import KnownWord, SourceFile
from tests import make
from tests.curating import filled
from tests.files.test_formats import PICTURE, a_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return make.a_source(slug="article", title="An article")


@pytest.fixture
def curator(client, user_who):
    """A browser in which a curator is signed in."""
    user = user_who(username="curator", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["viewer", "curator"]))
    client.force_login(user)
    return client


def page_of(source):
    return reverse("admin:provenance_source_enter", args=[source.pk])


def add(client, source, data=None, name="file", text=""):
    sent = {"text": text}
    if data is not None:
        sent["file"] = SimpleUploadedFile(name, data)
    return client.post(page_of(source), sent)


def address_of(file, source):
    return reverse("admin:provenance_source_file", args=[source.pk, file.pk])


def handed_out(client, address):
    """An answer with a file, and its bytes."""
    answer = client.get(address)
    data = b"".join(answer.streaming_content)
    answer.close()
    return answer, data


def test_a_text_is_pasted_and_stands_beside_what_is_entered(curator, source):
    answer = add(curator, source, text="Ana Ruiz met four.\nThey signed.")
    assert answer.status_code == 302
    official = make.an_official(name="Ana Ruiz")
    make.a_citation(official, source=source)
    page = curator.get(page_of(source)).content.decode()
    assert "Ana Ruiz met four.\nThey signed.</div>" in page
    entered = curator.get(page_of(source) + "?entered").content.decode()
    assert (
        entered.split()
        == (
            "<h3>Officials</h3> <ul> "
            f'<li><a href="/admin/entities/official/{official.pk}/change/" data-panel>'
            "Ana Ruiz</a> <small>published</small></li> </ul>"
        ).split()
    )


def test_the_source_that_is_entered_is_the_current_one(curator, source):
    curator.get(page_of(source))
    page = curator.get("/admin/").content.decode()
    assert "Current source: <strong>An article</strong>" in page


def test_a_file_is_kept_under_a_name_of_its_own_and_handed_out_as_it_was(
    curator, source, files
):
    data = a_pdf("What it says")
    add(curator, source, data, "../../Réport <1>.pdf")
    (file,) = SourceFile.objects.all()
    assert (file.name, file.media_type, file.size) == (
        "Réport <1>.pdf",
        "application/pdf",
        len(data),
    )
    assert file.text == "What it says"
    assert Path(file.file.path).is_relative_to(files / "sources")
    answer, handed = handed_out(curator, address_of(file, source))
    assert handed == data
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = curator.get(address_of(file, source) + "?text")
    assert (text.content, text.headers["Content-Type"]) == (
        b"What it says",
        "text/plain; charset=utf-8",
    )


SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self' data:; "
    "style-src 'unsafe-inline'",
    "Content-Type": "application/pdf",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_what_a_browser_says_a_file_is_counts_for_nothing(curator, source):
    file = SimpleUploadedFile("page.png", b"<html><script>", "image/png")
    curator.post(page_of(source), {"file": file})
    (file,) = SourceFile.objects.all()
    answer, _data = handed_out(curator, address_of(file, source))
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    ("data", "text", "said"),
    [
        (None, "", "Choose a file or paste a text."),
        (b"", "", "The file is empty."),
        (b"MZ\x90\0", "", "This is no PDF, no picture (PNG, JPEG, WebP)"),
        (PICTURE, "and a text", "Either a file or a text, not both."),
    ],
)
def test_what_is_no_file_is_refused_in_words(curator, source, data, text, said, files):
    before = list(files.rglob("*.*"))
    answer = add(curator, source, data, text=text)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not SourceFile.objects.exists()
    assert list(files.rglob("*.*")) == before


def test_the_same_file_is_added_once(curator, source):
    add(curator, source, PICTURE, "one.png")
    answer = add(curator, source, PICTURE, "two.png")
    assert "The source has this file already: one.png" in answer.content.decode()
    assert SourceFile.objects.count() == 1


def test_a_file_that_is_removed_is_hidden_and_its_bytes_are_kept(curator, source):
    add(curator, source, PICTURE, "one.png")
    (file,) = SourceFile.objects.all()
    assert curator.post(page_of(source), {"remove": file.pk}).status_code == 302
    assert curator.get(address_of(file, source)).status_code == 404
    curator.get(page_of(source))  # which says that it was removed
    assert "one.png" not in curator.get(page_of(source)).content.decode()
    assert Path(file.file.path).read_bytes() == PICTURE


def test_files_follow_their_source_into_another(curator, source):
    add(curator, source, PICTURE, "one.png")
    other = make.a_source(slug="other", title="The same article")
    source.refresh_from_db()
    merge(other, source)
    (file,) = SourceFile.objects.beside(other)
    assert handed_out(curator, address_of(file, other))[1] == PICTURE
    assert "one.png" in curator.get(page_of(other)).content.decode()


def test_a_source_is_found_by_the_words_in_its_files(curator, source):
    add(curator, source, text="A memorandum on Ñandú and Smuggling.")
    make.an_agency("Smugglers")  # whose words are known, as those of files are not
    for words in ("nandu", "smugg memorandum"):
        page = curator.get("/admin/provenance/source/", {"q": words}).content.decode()
        assert "An article" in page
    assert (
        "An article"
        not in curator.get(
            "/admin/provenance/source/", {"q": "elephant"}
        ).content.decode()
    )


def test_a_word_of_a_file_stands_for_no_mistyped_one(curator, source):
    add(curator, source, text="Xylophone of the border")
    assert not KnownWord.objects.filter(text="xylophone").exists()
    call_command("index_words", verbosity=0)
    assert not KnownWord.objects.filter(text="xylophone").exists()
    page = curator.get("/admin/provenance/source/", {"q": "xylop"}).content.decode()
    assert "An article" in page


@pytest.mark.parametrize("status", ["draft", "published"])
def test_no_word_of_a_file_reaches_the_public(client, curator, source, status):
    add(curator, source, text="Xylophone of the border")
    source.status = status
    source.save()
    client.logout()
    for asked in (
        "/api/v1/search/?q=xylophone",
        "/api/v1/sources/?q=xylophone",
        "/search/?q=xylophone",
        "/sources/?q=xylophone",
    ):
        assert "An article" not in client.get(asked).content.decode(), asked
    (file,) = SourceFile.objects.all()
    assert client.get(address_of(file, source)).status_code == 302


def test_whoever_may_only_look_reads_files_and_adds_none(client, user_who, source):
    SourceFile.add(source, PICTURE, "one.png")
    (file,) = SourceFile.objects.all()
    client.force_login(user_who("view_source", is_staff=True))
    assert handed_out(client, address_of(file, source))[1] == PICTURE
    assert client.get(page_of(source)).status_code == 403
    assert add(client, source, PICTURE).status_code == 403
    client.force_login(user_who("view_agency", is_staff=True))
    assert client.get(address_of(file, source)).status_code == 403


def test_a_file_of_another_source_is_not_found_there(curator, source):
    SourceFile.add(source, PICTURE, "one.png")
    (file,) = SourceFile.objects.all()
    other = make.a_source(slug="other")
    assert curator.get(address_of(file, other)).status_code == 404


def test_what_is_entered_is_asked_for_at_once(
    curator, source, django_assert_max_num_queries
):
    for number in range(120):
        official = make.an_official(slug=f"o-{number}")
        make.a_citation(official, source=source)
    with django_assert_max_num_queries(40):
        entered = curator.get(page_of(source) + "?entered").content.decode()
    assert entered.count("<li>") == 51
    assert "and earlier ones" in entered


def test_a_provision_numbers_itself(curator):
    agreement = make.an_agreement()
    make.a_provision(agreement=agreement, position=4)
    form = curator.get(f"/admin/timeline/agreement/{agreement.pk}/change/")
    sent = filled(form)
    sent |= {"provisions-TOTAL_FORMS": "3", "provisions-1-text": "Fifth."}
    sent |= {"provisions-2-text": "Sixth.", "provisions-1-position": ""}
    sent |= {f"provisions-{n}-agreement": str(agreement.pk) for n in (1, 2)}
    assert curator.post(form.request["PATH_INFO"], sent).status_code == 302
    assert [(row.position, row.text) for row in agreement.provisions.all()][1:] == [
        (5, "Fifth."),
        (6, "Sixth."),
    ]
