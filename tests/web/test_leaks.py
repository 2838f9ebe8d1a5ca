"""What is not public shows in no answer: a hidden record is as one that never was."""

import pytest
from django.contrib.auth.models import User

from provenance.review.roles import CURATOR
from provenance.tracking.changes import changing
from tests import make
from tests.depth import cases
from tests.planting import CANARY, HIDDEN
from tests.roles import somebody, with_token
from tests.withheld import asking, methods_of, told

pytestmark = pytest.mark.django_db


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
        compared, names = 0, set()
        for path, operations in paths.items():
            known = operations.get("get", {}).get("parameters", [])
            base = path.replace("{slug}", CANARY).replace("{key}", "meeting-1")
            for name in [p["name"] for p in known if p["in"] == "query"]:
                # Lists share it: in the quick run it is tried on the first.
                if name in cases(names, ()):
                    continue
                names.add(name)
                hidden = api.get(f"{base}?{name}={CANARY}")
                unknown = api.get(f"{base.replace(CANARY, 'qqzzq')}?{name}=qqzzq")
                assert hidden.status_code == unknown.status_code, (path, name)
                # The tag is that of a body with the slug in it.
                said = told(hidden, ["ETag"]).replace(CANARY, "qqzzq")
                assert said == told(unknown, ["ETag"]), (path, name)
                compared += 1
        assert compared > cases(60, 400)

    @pytest.mark.parametrize("who", ["anonymous", "viewer's token", "other token"])
    @pytest.mark.parametrize("collection", [k.collection for k in make.RECORDS])
    def test_by_address_are_answered_alike(self, hidden_everywhere, who, collection):
        client = asking(who)
        for method in methods_of(who):
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
