"""Users of the admin, their groups and who may change them."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from entities.models import Official
from tests import make
from tests.curating import address, filled, somebody_of_staff, superuser
from timeline.models import Meeting

pytestmark = pytest.mark.django_db


def test_whoever_loses_a_permission_loses_it_at_once(client):
    user = somebody_of_staff("somebody", "entities.view_official")
    make.an_official("Julio Benítez")
    client.force_login(user)
    search = f"{reverse('admin:search')}?s=benitez&extended=1"
    assert "Benítez" in client.get(search).content.decode()
    user.user_permissions.clear()
    assert "Benítez" not in client.get(search).content.decode()
    assert client.get(address(Official, "changelist")).status_code == 403


def test_only_a_superuser_gives_permissions(client):
    boss = User.objects.create_superuser("boss")
    other = User.objects.create_user("other", is_staff=True)
    manager = somebody_of_staff(
        "manager", "auth.view_user", "auth.change_user", "auth.delete_user"
    )
    client.force_login(manager)
    for user in (other, manager):
        page = address(User, "change", user.pk)
        client.post(page, {"username": user.username, "is_superuser": "on"})
        assert not User.objects.get(pk=user.pk).is_superuser
    page = address(User, "change", boss.pk)
    assert client.post(page, {"username": "mine"}).status_code == 403
    asked = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert client.get(asked).status_code == 403
    assert client.get(address(User, "delete", boss.pk)).status_code == 403


def test_a_group_gets_no_permission_from_those_who_cannot_give_it(client):
    group = Group.objects.create(name="curators")
    client.force_login(
        somebody_of_staff(
            "manager", *(f"auth.{verb}_group" for verb in ("view", "add", "change"))
        )
    )
    given = {"permissions": [Permission.objects.first().pk]}
    client.post(address(Group, "change", group.pk), {"name": "renamed"} | given)
    client.post(address(Group, "add"), {"name": "new"} | given)
    for name in ("renamed", "new"):
        assert not Group.objects.get(name=name).permissions.exists()


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("by_group", [True, False])
def test_nobody_changes_those_who_may_do_more(client, active, by_group):
    other = User.objects.create_user("other", is_staff=True, is_active=active)
    more = Permission.objects.get(codename="delete_place")
    manager = somebody_of_staff(
        "manager", *(f"auth.{verb}_user" for verb in ("view", "change", "delete"))
    )
    client.force_login(manager)
    asked = [
        address(User, "change", other.pk),
        address(User, "delete", other.pk),
        reverse("admin:auth_user_password_change", args=[other.pk]),
    ]
    assert [client.get(page).status_code for page in asked] == [200] * 3
    if by_group:
        group = Group.objects.create(name="curators")
        group.permissions.add(more)
        other.groups.add(group)
    else:
        other.user_permissions.add(more)
    assert [client.post(page).status_code for page in asked] == [403] * 3
    manager.user_permissions.add(more)
    assert [client.get(page).status_code for page in asked] == [200] * 3


def test_a_user_is_made_in_the_admin(client):
    superuser(client)
    page = address(User, "add")
    text = "correct horse battery"
    form = filled(client.get(page), username="new", password1=text, password2=text)
    client.post(page, form)
    assert User.objects.get(username="new").check_password(text)


def test_whoever_is_no_member_of_staff_meets_the_door(client):
    meeting = make.a_meeting()
    for asked in (address(Meeting, "change", meeting.pk), address(Meeting, "export")):
        assert client.get(asked).url == f"{reverse('admin:login')}?next={asked}"
