"""What is not public shows nowhere: every address, by everybody who may not see it."""

import json

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from provenance.models import Record, Source, Upload
from provenance.review.roles import CURATOR, VIEWER
from provenance.tracking.changes import changing
from tests import make
from tests.addresses import address, parameters_of, patterns
from tests.importing import an_upload
from tests.planting import (
    CANARY,
    HIDDEN,
    everything_that_can_be_read,
    public_record,
    secrets,
)
from tests.roles import somebody, with_token

pytestmark = pytest.mark.django_db

PEOPLE = "plugh"  # in the name of who wrote, and in why: for those who curate
SAFE, UNSAFE = ("get", "head", "options"), ("post", "put", "patch", "delete")
RUBBISH = {"name": "X", "title": "X", "slug": "a", "post": "yes", "action": "publish"}


# Who may not see it, by the sort of address: whoever else has a role does in the admin.
STRANGERS = ("anonymous", "outsider", "staff", "other things")
WITHHELD = {
    "admin/": STRANGERS,
    # A token that may change something sees it one by one; these may not.
    "api/": (*STRANGERS, "viewer's token", "other token"),
    "": STRANGERS,
}


def asking(who):
    """A browser or a program of somebody who may not see what is not public."""
    if who == "anonymous":
        return Client(raise_request_exception=False)
    if who == "viewer's token":
        return with_token(APIClient(), somebody(VIEWER, "vera"))
    user = User.objects.create_user(who, is_staff=who not in ("outsider",))
    if who in ("other things", "other token"):
        # May look at groups, and at nothing of the record.
        user.user_permissions.add(Permission.objects.get(codename="view_group"))
    if who == "other token":
        return with_token(APIClient(), user)
    client = Client()
    client.force_login(user)
    return client


def planted():
    """A public record, and behind it what nobody else may see; its keys, by model."""
    author = User.objects.create_user(f"{PEOPLE}-author", is_staff=True)
    public = public_record()
    with changing("other", user=author, reason=f"{PEOPLE} asked for it"):
        hidden = secrets(public)
        for record in public.values():
            record.refresh_from_db()
            record.private_note = f"{CANARY}: call her"
            record.save()
    an_upload(author, "places", f"slug,name\r\n{CANARY},{CANARY}\r\n")
    Upload.objects.update(file_name=CANARY, locator=CANARY)
    return public, hidden


def values_for(pattern, public, hidden):
    """Every set of values that the parameters of an address are tried with."""
    names = set(parameters_of(pattern))
    if not names:
        return [{}]
    kinds = {kind for kind in admin.site._registry if issubclass(kind, Record)}
    for kind in kinds:
        if f"/{kind._meta.app_label}/{kind._meta.model_name}/" in pattern:
            records = [r for r in hidden if isinstance(r, kind)][:2]
            versions = [
                getattr(record, "specific", record).history.latest("history_id").pk
                for record in records
            ]
            return [
                {
                    "object_id": record.pk,
                    "version": version,
                    "version_id": version,
                    "number": 1,
                    "first": record.pk,
                    "second": records[0].pk,
                    "upload": Upload.objects.get().pk,
                }
                for record, version in zip(records, versions, strict=True)
            ]
    same = {
        "object_id": Group.objects.first().pk,
        "id": User.objects.first().pk,
        "content_type_id": 1,
        "app_label": "entities",
        "section": "officials",
        "url": f"{CANARY[:3]}/",
        "number": 1,
        "version_id": 1,
    }
    slugs = [r.slug for r in hidden if r.collection and f"/{r.collection}/" in pattern]
    keys = [
        f"{record.record_type}-{citation.pk}"
        for record in (*hidden, *public.values())
        if not isinstance(record, Source)
        for citation in record.citations.all()
    ]
    if "key" in names:
        return [{"key": key} for key in keys[::7]]
    if "slug" in names:
        shown = [r.slug for r in public.values() if f"/{r.collection}/" in pattern]
        return [{"slug": slug} for slug in [*shown, *slugs]] or [{"slug": "nobody"}]
    return [same]


def told(answer, without=()):
    """All that an answer says, whatever it says it in."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {k: v for k, v in answer.headers.items() if k not in without}
    return f"{headers} {answer.cookies} {body.decode(errors='replace')}"


def asked(client, method, at):
    """What is answered; what was asked is undone."""
    with transaction.atomic():
        if method in SAFE:
            answer = getattr(client, method)(at)
        elif isinstance(client, APIClient):
            answer = getattr(client, method)(at, RUBBISH)
        elif method == "post":
            answer = client.post(at, RUBBISH)
        else:
            answer = getattr(client, method)(
                at, json.dumps(RUBBISH), content_type="application/json"
            )
        said = told(answer)
        transaction.set_rollback(True)
    return said


def test_every_parameter_of_an_address_is_filled_in():
    public, hidden = planted()
    for pattern in patterns():
        for values in values_for(pattern, public, hidden):
            assert "<" not in address(pattern, values), pattern


@pytest.mark.parametrize(
    ("part", "who"), [(part, who) for part in WITHHELD for who in WITHHELD[part]]
)
def test_nobody_is_told_what_they_may_not_see(part, who):
    public, hidden = planted()
    client, tried = asking(who), 0
    for pattern in patterns():
        others = [other for other in WITHHELD if other and pattern.startswith(other)]
        if (others or [""])[0] != part:
            continue
        for values in values_for(pattern, public, hidden):
            at = address(pattern, values)
            for method in (*SAFE, *UNSAFE):
                said = asked(client, method, at)
                for value in values.values():  # what was asked is no secret
                    said = said.replace(str(value), "")
                for canary in (CANARY, PEOPLE):
                    assert canary not in said, (method, at)
                tried += 1
    assert tried or not part


class TestQuestions:
    """A hidden slug and one that nobody bears: the same answer, but for the slug."""

    @pytest.fixture
    def hidden_everywhere(self):
        for number, (kind, maker) in enumerate(make.RECORDS.items()):
            slug = CANARY if kind.__name__ != "Agreement" else f"{CANARY}-2"
            if kind.__name__ in ("Deployment", "Milestone"):
                continue  # all kinds of event share one set of slugs
            maker(slug=slug, status=HIDDEN[number % 3])

    def test_by_any_parameter_are_answered_alike(self, api, hidden_everywhere):
        paths = api.get("/api/v1/schema/").json()["paths"]
        compared = 0
        for path, operations in paths.items():
            known = operations.get("get", {}).get("parameters", [])
            base = path.replace("{slug}", CANARY).replace("{key}", "meeting-1")
            for name in [p["name"] for p in known if p["in"] == "query"]:
                hidden = api.get(f"{base}?{name}={CANARY}")
                unknown = api.get(f"{base.replace(CANARY, 'qqzzq')}?{name}=qqzzq")
                assert hidden.status_code == unknown.status_code, (path, name)
                # The tag is that of a body with the slug in it.
                said = told(hidden, ["ETag"]).replace(CANARY, "qqzzq")
                assert said == told(unknown, ["ETag"]), (path, name)
                compared += 1
        assert compared > 100

    @pytest.mark.parametrize("who", ["anonymous", "viewer's token", "other token"])
    @pytest.mark.parametrize("collection", [k.collection for k in make.RECORDS])
    def test_by_address_are_answered_alike(self, hidden_everywhere, who, collection):
        client = asking(who)
        for method in (*SAFE, *UNSAFE):
            answers = {
                told(getattr(client, method)(f"/api/v1/{collection}/{slug}/")).replace(
                    slug, "qqzzq"
                )
                for slug in (CANARY, "qqzzq")
            }
            assert len(answers) == 1, method

    def test_in_the_admin_are_answered_alike(self, hidden_everywhere):
        for who in ("staff", "other things"):
            client = asking(who)
            for kind in make.RECORDS:
                page = f"/admin/{kind._meta.app_label}/{kind._meta.model_name}"
                keys = [kind.objects.values_list("pk", flat=True).first() or 1, 99999]
                for name in ("change", "history", "delete"):
                    answers = [client.get(f"{page}/{key}/{name}/") for key in keys]
                    assert {a.status_code for a in answers} == {403}
                    assert len({a.content for a in answers}) == 1
            User.objects.filter(username=who).update(is_active=False)


@changing("other")
def more_of_each(status, word):
    """One more record of every kind, none of which is public, nor made public."""
    hidden = {"status": status, "private_note": word}
    agency = make.an_agency(**hidden)
    post = make.a_post(agency=agency, **hidden)
    official, metric = make.an_official(**hidden), make.a_metric(**hidden)
    make.an_appointment(official, post, **hidden)
    make.an_observation(metric, **hidden)
    for maker in set(make.RECORDS.values()) - {
        make.an_agency,
        make.a_post,
        make.an_official,
        make.a_metric,
        make.an_appointment,
        make.an_observation,
    }:
        maker(**hidden)


def test_two_databases_that_differ_in_drafts_alone_answer_the_same_bytes(api):
    """Each has as much hidden behind the public record, and says other things in it."""
    with time_machine.travel("2026-05-05T12:00:00Z", tick=False):
        public, answers = public_record(), []
        for word, more in ((CANARY, 0), ("frobnicate", 3)):
            with transaction.atomic():
                secrets(public, word)
                for number in range(more):
                    more_of_each(HIDDEN[number], word)
                answers.append(everything_that_can_be_read(api))
                transaction.set_rollback(True)
            for record in public.values():
                record.refresh_from_db()
    one, other = answers
    assert one.keys() == other.keys()
    assert len(one) > 100
    for at in one:
        assert one[at] == other[at], at


class TestRights:
    """What is taken from somebody is gone on the next request."""

    def test_of_a_role_that_is_left(self, client, api):
        user = somebody(CURATOR)
        client.force_login(user)
        with_token(api, user)
        draft = make.an_agency(status="draft")
        pages = [
            (client, f"/admin/entities/agency/{draft.pk}/change/", 403),
            (api, f"/api/v1/agencies/{draft.slug}/", 404),
        ]
        assert [who.get(page).status_code for who, page, _ in pages] == [200, 200]
        user.groups.clear()
        for who, page, status in pages:
            assert who.get(page).status_code == status

    def test_of_somebody_deactivated(self, client, api):
        user = somebody(CURATOR)
        client.force_login(user)
        with_token(api, user)
        draft = make.an_agency(status="draft")
        User.objects.update(is_active=False)
        page = client.get(f"/admin/entities/agency/{draft.pk}/change/")
        assert page.status_code == 302
        assert api.get(f"/api/v1/agencies/{draft.slug}/").status_code == 401
        assert api.post("/api/v1/places/", {"name": "X"}).status_code == 401


def test_what_is_withdrawn_is_gone_from_the_public_at_once(api):
    record = make.an_agency("SEMAR", slug="semar")
    make.a_citation(record, make.a_source(slug="sheet"))
    make.a_post(slug="secretary", agency=record)
    asked_for = [
        "/api/v1/agencies/",
        "/api/v1/search/?q=semar",
        "/api/v1/citations/",
        "/api/v1/posts/",
    ]
    assert all(api.get(page).json()["results"] for page in asked_for)
    with changing("form"):
        record.refresh_from_db()
        record.status = "withdrawn"
        record.save()
    for page in asked_for:
        assert api.get(page).json()["results"] == [], page
    assert api.get("/api/v1/agencies/semar/").status_code == 404
    assert record.history.count() == 3
