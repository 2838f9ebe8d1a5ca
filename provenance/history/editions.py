"""Editions of the public record, and answers that need not be made twice in one."""

import re
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from ..db.keys import in_runs
from ..models import PublicEdition, Record, Redirect
from ..registry.kinds import record_types
from ..web.languages import BY_REQUEST

PUBLISHED = Record.Status.PUBLISHED
KEPT = 200  # answers
A_TAG = re.compile(r'W/"[0-9a-f]+-[0-9a-f]{16}"')
NEGOTIATED = ("Accept", "Accept-Language", "Authorization", "Cookie")
SHAPES_ANSWERS = re.compile(r"\.(py|html|css|js|mo|svg|txt)\Z")
# What an answer to a stranger is made of: looked up once for all parts of it.
_of_this_answer = ContextVar("edition of this answer", default="")


def begin(change):
    """Begins a new edition if the change touched what the public sees, or saw before.

    A change of rows and citations counts as one of their record, whose version it
    raises. What is not public shows in no edition, and raises none.
    """
    if change.moved or any(
        _shows(change, model, keys) for model, keys in change.touched.items() if keys
    ):
        PublicEdition.replace()


def _shows(change, model, keys):
    """Whether any of these rows is before the public, or was until this change."""
    if issubclass(model, Redirect):
        return _leads_to_public(keys)
    if not issubclass(model, Record):
        return False  # its record was touched as well
    seen = model.objects.published().order_by()
    gone = model.history.filter(
        change_set=change.row, history_type="-", status=PUBLISHED
    )
    return any(seen.filter(some).exists() for some in in_runs(keys)) or gone.exists()


def _leads_to_public(keys):
    """Whether one of these redirects leads to what the public sees."""
    kinds = record_types()
    return any(
        kinds[redirect.type].objects.published().filter(slug=redirect.target).exists()
        for some in in_runs(keys)
        for redirect in Redirect.objects.filter(some)
        if redirect.type in kinds
    )


def kept(function):
    """A function of the public record alone, whose answers are kept for one edition.

    Each process keeps some, of whatever is asked; they are not to be written to.
    """
    known = lru_cache(maxsize=KEPT)(lambda _state, *asked: function(*asked))

    @wraps(function)
    def answer(*asked):
        edition = _of_this_answer.get() or PublicEdition.current()
        # Of one server an edition that is over never comes again. A replica may be
        # behind another, on which the next one began while it was answering.
        return known((connection.alias, edition), *asked)

    answer.forget = known.cache_clear
    return answer


def same_in_one_edition(view):
    """A view whose answers to strangers follow from the address and what is public.

    They bear a tag, by which ``Unchanged`` knows one that has not changed since.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        tag = tag_of(request)  # before what is read for the answer
        before = _of_this_answer.set(edition_of(request) if tag else "")
        try:
            response = view(request, *args, **kwargs)
        finally:
            _of_this_answer.reset(before)
        if tag and response.status_code == 200:
            response.headers.setdefault("ETag", tag)
            _vary(response, request)
        return response

    return answer


class Unchanged:
    """Middleware that tells who has an answer of this edition so, by a single query.

    That is RFC 9110, 15.4.5. Only who was given a tag can know it: that an address
    follows from the record need not be looked up.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        known = request.headers.get("If-None-Match", "")
        tag = tag_of(request) if A_TAG.search(known) else ""
        if not tag or tag not in parse_etags(known):
            return self.get_response(request)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        response = HttpResponseNotModified(headers=headers)
        _vary(response, request)
        return response


def _varies_by(request):
    """The headers that an answer depends on, besides its address."""
    return NEGOTIATED if request.path_info.startswith(BY_REQUEST) else ()


def _vary(response, request):
    if names := _varies_by(request):
        patch_vary_headers(response, names)


def tag_of(request):
    """The tag of what a stranger is answered; empty for others, and for writes.

    The day is in it since a page may say when it was read.
    """
    session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.method not in ("GET", "HEAD") or session:
        return ""
    if "Authorization" in request.headers:
        return ""
    asked = (
        request.build_absolute_uri(),
        *(request.headers.get(name) for name in _varies_by(request)),
        timezone.localdate(),
        program(),
    )
    digest = sha256(repr(asked).encode()).hexdigest()[:16]
    return f'W/"{edition_of(request)}-{digest}"'


def edition_of(request):
    """The edition that was public when first asked for on behalf of the request.

    What is read for the answer afterwards is of this edition or of a later one.
    """
    if not hasattr(request, "edition"):
        request.edition = PublicEdition.current()
    return request.edition


@cache
def program():
    """A digest of the program, which shapes answers as much as the record does."""
    site = settings.BASE_DIR / settings.ROOT_URLCONF.partition(".")[0]
    folders = {site, *(Path(config.path) for config in apps.get_app_configs())}
    digest = sha256()
    for folder in sorted(folders):
        if folder.parent != settings.BASE_DIR:
            continue  # a library, which its version stands for
        for path in sorted(folder.rglob("*")):
            if SHAPES_ANSWERS.search(path.name) and path.is_file():
                digest.update(path.read_bytes())
    libraries = sorted(f"{each.name} {each.version}" for each in distributions())
    digest.update("\n".join(libraries).encode())
    return digest.hexdigest()
