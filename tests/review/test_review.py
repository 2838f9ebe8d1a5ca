"""Review: what may be published, by whom, and what is said if it may not."""

from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError

from entities.models import Agency
from provenance.models import ChangeSet, Dispute, Record
from provenance.review.publishing import TRANSITIONS, missing
from provenance.review.roles import CURATOR, DATA_MANAGER, REVIEWER, VIEWER, make_roles
from provenance.tracking.changes import changing
from provenance.tracking.tracked import Tracked
from tests import make
from tests.curating import (
    address,
    choose,
    confirm_plan,
    errors_of,
    filled,
    row,
    said,
    save,
)
from tests.importing import faults, upload
from tests.roles import ROLES, somebody, with_token
from timeline.dataset.folders import FolderError, load_folder

pytestmark = pytest.mark.django_db

TRACKED = [model for model in apps.get_models() if issubclass(model, Tracked)]


def a_draft(maker=make.an_agency, status="draft", **values):
    """A record of which nothing is missing."""
    record = maker(status=status, **values)
    make.a_citation(record)
    record.refresh_from_db()
    return record


def become(record, status, user=None, path="form"):
    with changing(path, user=user):
        record.status = status
        record.save()


def refusal(*args, **options):
    with pytest.raises(ValidationError) as refused:
        become(*args, **options)
    return refused.value.messages


class TestRoles:
    def permissions(self, role):
        held = Group.objects.get(name=role).permissions
        names = held.values_list("content_type__app_label", "codename")
        return set(map(".".join, names))

    def test_are_made_by_the_migrations_and_a_second_time_without_harm(self):
        before = {role: self.permissions(role) for role in ROLES}
        make_roles()
        assert before == {role: self.permissions(role) for role in ROLES}
        assert all(before.values())

    def test_each_may_do_what_the_one_before_it_may_and_more(self):
        sets = [self.permissions(role) for role in ROLES]
        for fewer, more in pairwise(sets):
            assert fewer < more
        assert self.permissions(REVIEWER) - self.permissions(CURATOR) == {
            "provenance.publish_records"
        }

    @pytest.mark.parametrize("model", [*TRACKED, ChangeSet], ids=str)
    def test_no_table_is_forgotten(self, model):
        meta = model._meta
        name = f"{meta.app_label}.{{}}_{meta.model_name}"
        assert name.format("view") in self.permissions(VIEWER)
        if issubclass(model, Record) or getattr(model, "owner", ""):
            assert {name.format(v) for v in ("add", "change", "delete")} <= (
                self.permissions(CURATOR)
            )
        elif not issubclass(model, Dispute | ChangeSet):
            assert name.format("add") in self.permissions(DATA_MANAGER)

    def test_only_some_may_publish_import_or_take_back(self):
        powers = set(
            Permission.objects.filter(content_type__model="changeset")
            .exclude(codename="view_changeset")
            .values_list("codename", flat=True)
        )
        for role, count in zip(ROLES, (0, 0, 1, 4), strict=True):
            held = {name.split(".")[1] for name in self.permissions(role)} & powers
            assert len(held) == count, role


class TestTransitions:
    def test_lead_from_what_was_public_back_to_no_draft(self):
        ways = {
            (one, other) for one in TRANSITIONS for other in TRANSITIONS[one] if one
        }
        assert ways == {
            ("draft", "in-review"),
            ("draft", "published"),
            ("in-review", "draft"),
            ("in-review", "published"),
            ("published", "withdrawn"),
            ("withdrawn", "in-review"),
            ("withdrawn", "published"),
        }

    @pytest.mark.parametrize("before", Record.Status.values)
    @pytest.mark.parametrize("after", Record.Status.values)
    def test_are_those_of_the_table(self, before, after):
        record = a_draft(status=before)
        if after == before or after in TRANSITIONS[before]:
            become(record, after)
            assert Agency.objects.get().status == after
        else:
            (message,) = refusal(record, after)
            assert "can only become" in message
            assert Agency.objects.get().status == before

    @pytest.mark.parametrize("status", ["published", "withdrawn"])
    def test_what_has_been_public_is_not_deleted(self, status):
        record = a_draft(status=status)
        with pytest.raises(ValidationError, match="withdraw it"), changing("form"):
            record.delete()
        assert Agency.objects.exists()

    def test_a_shell_is_not_asked(self):
        record = make.an_agency()
        record.status = "draft"
        record.save()
        assert Agency.objects.get().status == "draft"


class TestMissing:
    def test_is_a_citation(self):
        record = make.an_agency("SEMAR", status="draft")
        assert refusal(record, "published") == [
            "“SEMAR”: it has no citation; name a source for it."
        ]

    def test_is_a_published_source(self):
        record = make.an_agency("SEMAR", status="draft")
        make.a_citation(record, make.a_source(status="draft"))
        assert "none of the sources" in missing(record)[0]

    def test_is_a_source_for_a_value(self):
        record = make.an_observation(status="draft")
        make.a_citation(record, field="place")
        assert "for its value" in missing(record)[0]

    def test_is_what_the_public_reaches_it_through(self):
        post = make.a_post(agency=make.an_agency("SEMAR", status="draft"))
        record = a_draft(make.an_appointment, post=post)
        assert missing(record) == ["publish the agency “SEMAR” before it."]

    def test_is_nothing_of_a_source_or_of_what_is_published_together(self):
        become(make.a_source(status="draft"), "published")
        agency = a_draft()
        post = a_draft(make.a_post, agency=agency)
        with changing("form"):
            for record in (post, agency):
                record.status = "published"
                record.save()
        assert missing(post) == []

    def test_of_all_records_is_said_at_once(self):
        records = [make.an_agency(name, status="draft") for name in ("A", "B")]
        with pytest.raises(ValidationError) as refused, changing("form"):
            for record in records:
                record.status = "published"
                record.save()
        assert len(refused.value.messages) == 2

    def test_the_last_citation_of_what_is_published_stays(self):
        record = a_draft(status="published")
        with pytest.raises(ValidationError, match="last citation"), changing("form"):
            record.citations.get().delete()
        assert record.citations.exists()


class TestWho:
    def test_publishes_and_withdraws_is_a_reviewer(self):
        curator, reviewer = somebody(CURATOR), somebody(REVIEWER)
        record = a_draft()
        become(record, "in-review", curator)
        assert "submit it for review" in refusal(record, "published", user=curator)[0]
        record.refresh_from_db()
        become(record, "published", reviewer)
        assert "you may not" in refusal(record, "withdrawn", user=curator)[0]
        record.refresh_from_db()
        become(record, "withdrawn", reviewer)

    def test_takes_back_a_change_may_restore_what_was_public(self):
        record = a_draft(status="withdrawn")
        reviewer, manager = somebody(REVIEWER), somebody(DATA_MANAGER)
        refusal(record, "published", user=reviewer, path="undo")
        record.refresh_from_db()
        become(record, "published", manager, "undo")

    def test_curates_may_correct_what_is_published(self):
        record = a_draft(status="published")
        with changing("form", user=somebody(CURATOR)):
            record.name = "MARINA"
            record.save()
        assert Agency.objects.get().name == "MARINA"


class TestFourEyes:
    @pytest.fixture(autouse=True)
    def _on(self, settings):
        settings.FOUR_EYES = True

    def made_by(self, user):
        with changing("form", user=user):
            record = make.an_agency(status="draft")
        make.a_citation(record)
        record.refresh_from_db()
        return record

    def test_nobody_publishes_what_they_wrote(self):
        ana, bea = somebody(REVIEWER, "ana"), User.objects.create_superuser("bea")
        for author, other in ((ana, bea), (bea, ana)):
            record = self.made_by(author)
            (message,) = refusal(record, "published", user=author)
            assert "you wrote it yourself" in message
            record.refresh_from_db()
            become(record, "published", other)

    @pytest.mark.parametrize("part", ["names", "citations", "own"])
    def test_who_wrote_a_part_wrote_it(self, part):
        ana, bea = somebody(REVIEWER, "ana"), somebody(REVIEWER, "bea")
        record, source = self.made_by(bea), make.a_source()
        with changing("form", user=ana):
            record.status = "in-review"
            if part == "names":
                make.an_agency_name(record)
            elif part == "citations":
                make.a_citation(record, source)
            else:
                record.name = "MARINA"
            record.save()
        assert "you wrote it" in refusal(record, "published", user=ana)[0]

    def test_who_submitted_or_withdrew_it_did_not_write_it(self):
        ana, bea = somebody(REVIEWER, "ana"), somebody(REVIEWER, "bea")
        record = self.made_by(bea)
        become(record, "in-review", ana)
        become(record, "published", ana)
        become(record, "withdrawn", bea)
        become(record, "published", bea)

    def test_only_who_may_publish_changes_what_is_public(self):
        record = a_draft(status="published")
        for write in (lambda: make.an_agency_name(record), record.save):
            record.refresh_from_db()
            with (
                pytest.raises(ValidationError, match="only who may publish"),
                changing("form", user=somebody(CURATOR, str(write))),
            ):
                write()


class TestAdmin:
    def test_offers_only_what_this_person_may_do(self, client):
        record = a_draft()
        seen = {}
        for role in (CURATOR, REVIEWER):
            client.force_login(somebody(role))
            page = client.get(address(Agency, "change", record.pk))
            status = page.context["adminform"].form.fields["status"]
            buttons = [b.method.__name__ for b in page.context["actions_submit_line"]]
            seen[role] = ([word for word, _label in status.choices], buttons)
        assert seen == {
            CURATOR: (["draft", "in-review"], ["save_for_review"]),
            REVIEWER: (
                ["draft", "in-review", "published"],
                ["save_for_review", "save_and_publish"],
            ),
        }

    def test_shows_the_form_again_with_what_is_missing_and_what_was_typed(self, client):
        client.force_login(somebody(REVIEWER))
        record = make.an_agency(status="draft")
        typed = row("names", text="Armada", kind="short")
        press = {"entities_agency_save_and_publish": "1"}
        page = save(client, record, name="SEMAR", **typed, **press)
        assert errors_of(page)["__all__"] == [
            "“SEMAR”: it has no citation; name a source for it."
        ]
        assert said(page) == []
        assert page.context["adminform"].form["name"].value() == "SEMAR"
        assert "Armada" in page.content.decode()
        again = Agency.objects.get()
        assert (again.version, again.status, again.names.count()) == (1, "draft", 0)

    def test_publishes_by_the_button_what_is_cited_on_the_same_form(self, client):
        client.force_login(somebody(REVIEWER))
        record, source = make.an_agency(status="draft"), make.a_source()
        cited = row("citations", source=source.pk)
        press = {"entities_agency_save_and_publish": "1"}
        assert save(client, record, **cited, **press).status_code == 302
        assert Agency.objects.get().status == "published"

    def test_offers_its_buttons_where_a_record_is_made_as_well(self, client):
        client.force_login(somebody(REVIEWER))
        add, source = address(Agency, "add"), make.a_source()
        page = client.get(add)
        assert [b.method.__name__ for b in page.context["actions_submit_line"]] == [
            "save_for_review",
            "save_and_publish",
        ]
        press = {"entities_agency_save_and_publish": "1"}
        form = filled(page, name="SEMAR", kind="ministry", **press)
        assert errors_of(client.post(add, form))["__all__"] == [
            "“SEMAR”: it has no citation; name a source for it."
        ]
        assert not Agency.objects.exists()
        cited = {**form, **row("citations", source=source.pk)}
        assert client.post(add, cited).status_code == 302
        assert Agency.objects.get().status == "published"

    def test_moves_all_that_are_chosen_or_none(self, client):
        client.force_login(somebody(REVIEWER))
        ready, bare = a_draft(), make.an_agency("SEMAR", status="draft")
        page = choose(client, "publish", ready, bare)
        assert "“SEMAR”: it has no citation" in said(page)[0]
        assert not Agency.objects.filter(status="published").exists()
        assert said(choose(client, "publish", ready)) == ["1 record is now published."]
        plan = choose(client, "withdraw", ready)
        assert Agency.objects.filter(status="published").exists()
        assert said(confirm_plan(client, plan)) == ["1 record is now withdrawn."]

    def test_lets_a_curator_submit_and_not_publish(self, client):
        client.force_login(somebody(CURATOR))
        record = a_draft()
        choose(client, "publish", record)
        assert Agency.objects.get().status == "draft"
        choose(client, "submit_for_review", record)
        assert Agency.objects.get().status == "in-review"


class TestApi:
    def patch(self, api, record, **data):
        return api.patch(
            f"/api/v1/agencies/{record.slug}/",
            data,
            HTTP_IF_MATCH=api.get(f"/api/v1/agencies/{record.slug}/")["ETag"],
        )

    def test_says_what_is_missing(self, api):
        with_token(api, somebody(REVIEWER))
        record = make.an_agency("SEMAR", status="draft")
        answer = self.patch(api, record, status="published")
        assert answer.status_code == 409
        assert answer.json()["errors"] == [
            {
                "pointer": "",
                "code": "missing",
                "message": "“SEMAR”: it has no citation; name a source for it.",
            }
        ]
        make.a_citation(record)
        assert self.patch(api, record, status="published").status_code == 200

    def test_lets_no_curator_publish(self, api):
        with_token(api, somebody(CURATOR))
        record = a_draft()
        assert self.patch(api, record, status="published").status_code == 403
        assert self.patch(api, record, status="in-review").status_code == 200


def test_a_folder_is_refused_with_the_line_of_each_record(tmp_path):
    (tmp_path / "agencies.csv").write_text(
        "slug,status,name,kind\n"
        "a,draft,A,ministry\nsemar,published,SEMAR,ministry\nb,published,B,ministry\n"
    )
    for dry_run in (True, False):
        with pytest.raises(FolderError) as refused:
            list(load_folder(tmp_path, dry_run))
        lines = [(name, fault.line) for name, fault in refused.value.faults()]
        assert lines == [("agencies.csv", 3), ("agencies.csv", 4)]
    assert not Agency.objects.exists()


def test_a_preview_says_the_same_before_anything_is_written(client):
    client.force_login(somebody(DATA_MANAGER))
    rows = "slug,status,name,kind\na,draft,A,ministry\nb,published,B,ministry\n"
    page = upload(client, rows, Agency, "agencies")
    assert faults(page) == ["3, : “B”: it has no citation; name a source for it."]
    assert not Agency.objects.exists()
