"""Every address of the site, asked by everybody who may not see all that is there."""

import json

from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from provenance.models import (
    Assignment,
    Comment,
    Portrait,
    Record,
    Source,
    SourceFile,
    Upload,
)
from provenance.review.roles import VIEWER
from provenance.tracking.changes import changing
from tests.addresses import address, parameters_of, patterns
from tests.depth import cases
from tests.importing import an_upload
from tests.pictures import a_picture
from tests.planting import CANARY, public_record, secrets
from tests.roles import somebody, with_token

PEOPLE = "plugh"  # in the name of who wrote, and in why: for those who curate
SAFE, UNSAFE = ("get", "head", "options"), ("post", "put", "patch", "delete")
RUBBISH = {"name": "X", "title": "X", "slug": "a", "post": "yes", "action": "publish"}

# Who may not see it, by the sort of address: whoever else has a role does in the admin.
# In the quick run one of them stands for the others, in the admin one who is signed in.
EVERYBODY = ("anonymous", "outsider", "staff", "other things")
WITHHELD = {
    "admin/": cases(("other things",), EVERYBODY),
    # The API knows no sessions, only tokens. One that may change something sees what is
    # hidden one by one; these may not.
    "api/": cases(
        ("anonymous", "viewer's token"), (*EVERYBODY, "viewer's token", "other token")
    ),
    "": cases(("anonymous",), EVERYBODY),
}


def part_of(pattern):
    """The part of the site that an address is in."""
    return next(part for part in WITHHELD if pattern.startswith(part))


def methods_of(who, is_first=True):
    """How somebody asks: in every way of what each address leads to first, which in the
    quick run one does; of all the rest by reading and sending.
    """
    tries_all = is_first and who in cases(("anonymous",), (who,))
    return (*SAFE, *UNSAFE) if tries_all else ("get", "post")


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


class Planted:
    """A public record, behind it what nobody else may see, and the keys of both."""

    def __init__(self):
        author = User.objects.create_user(f"{PEOPLE}-author", is_staff=True)
        public = public_record()
        with changing("other", user=author, reason=f"{PEOPLE} asked for it"):
            self.hidden = secrets(public)
            for record in public.values():
                record.refresh_from_db()
                record.private_note = f"{CANARY}: call her"
                record.save()
        self.public = list(public.values())
        an_upload(author, "places", f"slug,name\r\n{CANARY},{CANARY}\r\n")
        Upload.objects.update(file_name=CANARY, locator=CANARY)
        self.upload = Upload.objects.get().pk
        text = f"{CANARY} on {PEOPLE}".encode()
        for source in (public["article"], self.hidden[0]):
            self.file = SourceFile.add(source, text, CANARY, author).pk
        people = [record for record in self.hidden if record.portrait_called]
        for hidden in people:
            told = {"credit": CANARY, "licence": CANARY, "user": author}
            Portrait.add(hidden, a_picture(), **told)
        for record in (public["agency"], self.hidden[0]):
            about = {"type": record.record_type, "slug": record.slug}
            Comment(**about, text=f"{CANARY}, @{PEOPLE}", author=author).say()
            Assignment.objects.create(**about, to=author, by=author, note=CANARY)
        self.citations = [
            f"{record.record_type}-{citation.pk}"
            for record in (*self.hidden, *self.public)
            if not isinstance(record, Source)
            for citation in record.citations.all()
        ]

    def values_for(self, pattern):
        """Every set of values that the parameters of an address are tried with."""
        names = set(parameters_of(pattern))
        if not names:
            return [{}]
        for kind in admin.site._registry:
            page = f"/{kind._meta.app_label}/{kind._meta.model_name}/"
            if issubclass(kind, Record) and page in pattern:
                return self._of_hidden(kind)
        if names == {"collection", "slug"}:
            people = [r for r in (*self.public, *self.hidden) if r.portrait_called]
            return [{"collection": r.collection, "slug": r.slug} for r in people]
        if names == {"kind", "slug"}:
            named = [(r.record_type, r.slug) for r in self.hidden[::4]]
            return [{"kind": kind, "slug": slug} for kind, slug in named]
        if "key" in names:
            return [{"key": key} for key in self.citations[::7]]
        if "slug" in names:
            records = (*self.public, *self.hidden)
            slugs = [r.slug for r in records if f"/{r.collection}/" in pattern]
            return [{"slug": slug} for slug in slugs or ["nobody"]]
        return [
            {
                "object_id": Group.objects.first().pk,
                "id": User.objects.first().pk,
                "user_id": User.objects.first().pk,
                "content_type_id": 1,
                "app_label": "entities",
                "section": "officials",
                "url": f"{CANARY[:3]}/",
                "number": 1,
                "version_id": 1,
            }
        ]

    def _of_hidden(self, kind):
        """What the pages of hidden records of a kind are asked for with."""
        records = [record for record in self.hidden if isinstance(record, kind)][:2]
        assert records, f"no {kind._meta.verbose_name} is hidden"
        for record in records:
            own = getattr(record, "specific", record)
            version = own.history.latest("history_id").pk
            yield {
                "object_id": record.pk,
                "version": version,
                "version_id": version,
                "number": 1,
                "first": record.pk,
                "second": records[0].pk,
                "upload": self.upload,
                "key": self.file,
            }


def plan():
    """What is asked in each part of the site: addresses, the values in them, and
    whether these are the first of an address.
    """
    planted, planned = Planted(), {part: [] for part in WITHHELD}
    for pattern in patterns():
        for place, values in enumerate(planted.values_for(pattern)):
            asked_for = address(pattern, values), list(map(str, values.values()))
            planned[part_of(pattern)].append((*asked_for, place == 0))
    return planned


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
        assert answer.status_code < 500, (method, at)
        said = told(answer)
        transaction.set_rollback(True)
    return said


def assert_nothing_is_told(who, addresses):
    """None of these addresses tells somebody what they may not see, however asked.

    Returns how often it was asked.
    """
    assert addresses
    client, times = asking(who), 0
    for at, values, is_first in addresses:
        for method in methods_of(who, is_first):
            said = asked(client, method, at)
            times += 1
            # What was asked is no secret; one part of it may stand in another.
            for value in sorted(values, key=len, reverse=True):
                said = said.replace(value, "")
            for canary in (CANARY, PEOPLE):
                assert canary not in said, (method, at)
    return times
