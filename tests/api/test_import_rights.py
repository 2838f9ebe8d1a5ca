"""Who may send tables over the API, and what the answers keep to themselves."""

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from entities.models import Place
from provenance.review.roles import CURATOR, DATA_MANAGER, REVIEWER, VIEWER
from tests import make
from tests.planting import CANARY
from tests.roles import somebody
from tests.sending import IMPORTS, NOGALES, PLACES, fault, problem, send
from tests.writing import program
from timeline.models import EventTheme, Meeting

pytestmark = pytest.mark.django_db


def with_rights(*codes):
    """A program of somebody with these permissions, and that to import."""
    user = User.objects.create_user(f"user-{User.objects.count()}")
    codes = {"import_tables", *codes}
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    assert user.user_permissions.count() == len(codes)
    return program(user)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "status"),
        [(VIEWER, 403), (CURATOR, 403), (REVIEWER, 403), (DATA_MANAGER, 201)],
    )
    def test_importing_is_for_data_managers(self, role, status):
        answer = send(program(somebody(role)), NOGALES)
        assert answer.status_code == status
        assert Place.objects.exists() == (status == 201)

    def test_it_takes_a_token(self, admin_client):
        for client in (APIClient(), admin_client):
            answer = client.generic("POST", f"{IMPORTS}?table=places", NOGALES)
            assert problem(answer, 401)
        assert not Place.objects.exists()

    @pytest.mark.parametrize(
        ("verb", "line", "said"),
        [
            ("add", 3, "you may not change places."),
            ("change", 2, "you may not add places."),
        ],
    )
    def test_each_row_asks_whether_it_may_be_written(self, verb, line, said):
        make.a_place("Tucson", slug="tucson", status="draft")
        client = with_rights("view_place", f"{verb}_place")
        text = NOGALES + "tucson,draft,Tuscon,city\r\n"
        assert problem(send(client, text), 403) == {
            "detail": "You may not do this.",
            "faults": 1,
            "errors": [fault(said, line, code="permission")],
        }
        assert Place.objects.get().name == "Tucson"

    def test_rights_that_are_missing_are_told_before_other_faults(self):
        lines = [f"p{n},draft,P {n},town" for n in range(200)]
        text = PLACES + "\r\n".join(lines)
        body = problem(send(with_rights("change_place"), text), 403)
        assert {error["code"] for error in body["errors"]} == {"permission"}
        assert (body["faults"], len(body["errors"])) == (400, 100)

    def test_no_record_is_published_by_who_may_not_publish(self):
        make.a_place("Nogales", slug="nogales", status="draft")
        make.a_citation(Place.objects.get())
        client = with_rights("add_place", "change_place")
        text = "slug,status\r\nnogales,published\r\n"
        said = "“Nogales”: you may not publish or withdraw it; submit it for review."
        body = problem(send(client, text), 403)
        assert body["errors"] == [fault(said, 2, code="permission")]
        assert Place.objects.get().status == "draft"

    def test_no_source_is_cited_by_who_may_not_cite(self):
        make.a_source(slug="article")
        make.a_place(slug="nogales")
        client = with_rights("add_place", "change_place")
        answer = send(client, "slug,name\r\nnogales,N\r\n", source="article")
        said = "you may not add citations."
        assert problem(answer, 403)["errors"] == [fault(said, code="permission")]

    @pytest.mark.parametrize(
        ("rights", "told"),
        [
            ((), ["add", "add", "delete"]),
            (("add",), ["delete"]),
            (("add", "delete"), []),
        ],
    )
    def test_lists_are_written_by_who_may_write_their_rows(self, rights, told):
        for slug in ("arms", "drugs"):
            make.a_theme(slug=slug)
        for slug in ("call", "other"):
            make.a_meeting("Call", slug=slug, status="draft")
        client = with_rights(
            *("add_meeting", "change_meeting"),
            *(f"{verb}_eventtheme" for verb in rights),
        )
        text = (
            "slug,status,title,themes\r\nnew,draft,New,drugs\r\ncall,draft,Call,arms\r\n"
            "other,draft,Another,\r\nplain,draft,Plain,\r\n"
        )
        answer = send(client, text, "meetings")
        if not told:
            assert answer.status_code == 201
            assert EventTheme.objects.count() == 2
            return
        name = EventTheme._meta.verbose_name_plural
        lines = [2, 3, 3] if len(told) == 3 else [3]
        assert problem(answer, 403)["errors"] == [
            fault(f"you may not {verb} {name}.", line, "themes", code="permission")
            for verb, line in zip(told, lines, strict=True)
        ]
        assert Meeting.objects.count() == 2
        assert not EventTheme.objects.exists()

    def test_a_permission_taken_away_is_gone_at_the_next_request(self):
        client = with_rights("add_place", "change_place")
        assert send(client, NOGALES).status_code == 201
        User.objects.get().user_permissions.remove(
            Permission.objects.get(codename="import_tables")
        )
        assert problem(send(client, NOGALES), 403) == {
            "detail": "You do not have permission to perform this action."
        }


class TestWhatIsHidden:
    def test_is_told_by_no_row_of_a_table_that_one_may_not_see(self):
        make.a_place(
            CANARY, slug="nogales", status="draft", private_note=f"{CANARY}: call"
        )
        for rights in (
            ("add_place",),
            ("add_agency", "change_agency"),
            ("add_place", "add_placecitation"),
        ):
            client = with_rights(*rights)
            right, wrong = (
                send(client, f"slug,private_note\r\nnogales,{note}\r\n")
                for note in (f"{CANARY}: call", "another")
            )
            assert problem(right, 403) == {
                "detail": "You may not do this.",
                "errors": [
                    {
                        "parameter": "table",
                        "code": "permission",
                        "message": (
                            "You may not import into this table, or not see what is "
                            "in it."
                        ),
                    }
                ],
            }
            assert right.content == wrong.content
            assert CANARY not in right.content.decode()

    def test_a_source_that_one_may_not_see_is_as_good_as_none(self):
        make.a_source(slug="article", status="draft")
        make.a_source(slug="articles")
        client = with_rights("add_place", "change_place", "add_placecitation")
        hidden = send(client, NOGALES, source="article")
        unknown = send(client, NOGALES, source="articla")
        assert problem(hidden, 400)["errors"][0]["message"] == (
            "There is no source “article”; did you mean articles?"
        )
        assert hidden.content == unknown.content.replace(b"articla", b"article")
        seeing = with_rights(
            "add_place", "change_place", "add_placecitation", "view_source"
        )
        assert send(seeing, NOGALES, source="article").status_code == 201

    def test_is_shown_to_who_may_change_it(self, manager):
        make.a_place(slug="nogales", status="draft", private_note=f"{CANARY}: call")
        text = "slug,private_note\r\nnogales,another\r\n"
        (shown,) = send(manager, text, dry_run="true").json()["shown"]
        assert shown["cells"][0]["before"] == f"{CANARY}: call"
