"""Who may do what with which kind of object: the tables of docs/permissions.md.

They are asked of the admin and of the views of the API, as these decide themselves.
"""

from itertools import groupby
from types import SimpleNamespace

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver

from provenance.admin.taking_back import may_take_back
from provenance.api.permissions import WritersMayWrite
from provenance.models import Record
from tests import PROJECT
from tests.roles import ROLES, somebody

PAGE = PROJECT / "docs" / "permissions.md"
BEGIN, END = "<!-- the tables -->\n", "<!-- end of the tables -->"
STRANGER, NO_ROLE, ADMINISTRATOR = "stranger", "no role", "administrator"
IN_ADMIN = ("view", "add", "change", "delete", "publish", "merge", "import", "export")
METHODS = {"GET": "read", "POST": "add", "PATCH": "change", "DELETE": "delete"}
NOTHING = "–"


def everybody():
    """Somebody for each role, by its name."""
    nobody = User.objects.create_user("no-role", is_staff=True)
    root = User.objects.create_superuser("root")
    roles = {role: somebody(role) for role in ROLES}
    return {STRANGER: AnonymousUser(), NO_ROLE: nobody} | roles | {ADMINISTRATOR: root}


def tables():
    """Both tables, as Markdown."""
    people = everybody()
    staff = {role: user for role, user in people.items() if role != STRANGER}
    return (
        f"## In the admin\n\n{_table(_in_admin(staff), list(staff))}\n"
        f"## Over the API\n\n{_table(_over_the_api(people), list(people))}\n"
    )


def _in_admin(people):
    """For each kind of object what each may do with it in the admin."""
    for model, its_admin in admin.site._registry.items():
        rights = []
        for user in people.values():
            request = RequestFactory().get("/admin/")
            request.user = user
            asked = {verb: f"has_{verb}_permission" for verb in IN_ADMIN}
            may = [
                verb
                for verb, name in asked.items()
                if hasattr(its_admin, name) and getattr(its_admin, name)(request)
            ]
            if "view" in may and issubclass(model, Record) and may_take_back(user):
                may.append("take back")
            rights.append(may)
        yield str(model._meta.verbose_name_plural), rights


def _over_the_api(people):
    """For each collection or service what each may do with it over the API."""
    found = {}
    for name, view, methods in _views():
        kind = name.removesuffix("-list").removesuffix("-detail")
        rights = found.setdefault(kind, [[] for _user in people])
        for may, user in zip(rights, people.values(), strict=True):
            for method, verb in METHODS.items():
                asked = SimpleNamespace(method=method, user=user)
                view.request = asked
                allowed = WritersMayWrite().has_permission(asked, view)
                if method in methods and allowed and verb not in may:
                    may.append(verb)
    yield from found.items()


def _views(resolver=None, is_api=False):
    """The views of the API: the name of the address, one of them, its methods."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = is_api or str(pattern.pattern).startswith("api/")
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, here)
        elif here and pattern.name and hasattr(pattern.callback, "cls"):
            view = pattern.callback.cls(**pattern.callback.initkwargs)
            keyed = "key>" in str(pattern.pattern)  # of a kind; all are alike
            view.kwargs = {"key": "place-1"} if keyed else {}
            offered = getattr(pattern.callback, "actions", None)
            if offered is None:
                methods = [one for one in METHODS if hasattr(view, one.lower())]
            else:
                methods = [one for one in METHODS if one.lower() in offered]
                for method, action in offered.items():  # as it does when it is asked
                    setattr(view, method, getattr(view, action))
            yield pattern.name, view, methods


def _table(rows, roles):
    """One line for all kinds with which everybody may do the same."""
    told = sorted(
        ([", ".join(may) or NOTHING for may in rights], kind) for kind, rights in rows
    )
    lines = [["of", *roles], ["---"] * (len(roles) + 1)]
    for rights, alike in groupby(told, key=lambda row: row[0]):
        lines.append([", ".join(kind for _rights, kind in alike), *rights])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(text):
    """The page with the tables that hold now."""
    before, _begin, rest = text.partition(BEGIN)
    _tables, end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}\n{end}{after}"
