"""The admin's queue of disputes, and the page that settles one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from ..db.keyset import Cursor, Keyset, NoSuchPlace, Stretch, page_of
from ..evidence.retold import told_once
from ..evidence.settling import confirm, settle, settle_between
from ..evidence.shown import read_out
from ..evidence.sides import lay_out, version_of
from ..models import Citation, Dispute
from ..registry.kinds import cited_types, disputes_of
from ..review.permissions import may
from ..tracking.changes import open_change
from ..values.contradiction import Contradiction

NEWEST = Keyset(("opened_at", "id"), descending=True)
A_PAGE = 25  # each with the form that settles it
UNRESOLVED = Citation.Assessment.UNRESOLVED
FEW, SEVERAL = 10, 200  # statements and supports: in the queue, on a page of its own


class DisputePages:
    """The part of the site that is about disputes."""

    def dispute_urls(self):
        return [
            path("disputes/", self.admin_view(self.disputes), name="disputes"),
            path("disputes/<slug:key>/", self.admin_view(self.dispute), name="dispute"),
        ]

    def dispute_links(self, request):
        """The entries of the sidebar, for those who may see any dispute."""
        if not disputed_kinds(request.user):
            return []
        address, again = reverse("admin:disputes"), "?kind=unconfirmed"
        here = request.path.startswith(address)
        looks = request.GET.get("kind") == Contradiction.UNCONFIRMED
        return [
            _link(_("Disputes"), "balance", address, here and not looks),
            _link(_("Needs re-check"), "replay", address + again, here and looks),
        ]

    def disputes(self, request):
        """Disputes of every kind, the open ones first, then the newest."""
        kinds = disputed_kinds(request.user)
        if not kinds:
            raise PermissionDenied
        asked = {name: request.GET.get(name, "") for name in ("type", "kind", "state")}
        stretches = [
            Stretch(f"{state}-{table.__name__}", rows, NEWEST)
            for state in Dispute.State.values
            if asked["state"] in ("", state)
            for table, rows in _tables(kinds, asked["type"])
            for rows in [_narrowed(rows.filter(state=state), asked["kind"])]
        ]
        order, cursor = "&".join(asked.values()), None
        if text := request.GET.get("cursor"):
            try:
                cursor = Cursor.read(text, order, stretches)
            except NoSuchPlace:
                raise Http404 from None
        page = page_of(stretches, A_PAGE, cursor, order)
        _show_both_sides(page.rows, FEW)
        for dispute in page.rows:
            self.make_ready(request, dispute)
        context = {
            "title": _("Disputes"),
            "page": page,
            "next": page.next and _address(request, cursor=page.next),
            "previous": page.previous and _address(request, cursor=page.previous),
            "filters": _filters(request, kinds, asked),
            "assessments": Citation.Assessment.choices,
            "unresolved": UNRESOLVED,
        }
        return self.page(request, "provenance/disputes.html", context)

    def make_ready(self, request, dispute):
        """Gives a dispute what its form needs: where it is, and who may settle it."""
        dispute.may_settle = all(
            may(request.user, "change", record.citation_model())
            for record in (dispute.record, *dispute.also)
        )
        dispute.looks = dispute.kind == Contradiction.UNCONFIRMED
        dispute.assessed = _assessed_in(dispute)
        dispute.seen = version_of(dispute)
        admin = self.get_model_admin(type(dispute.record))
        dispute.record_address = admin.address_of(dispute.record)

    def dispute(self, request, key):
        """One dispute: what is recorded, what is said otherwise, and the settling."""
        dispute = self.dispute_of(request, key)
        self.make_ready(request, dispute)
        errors = []
        if request.method == "POST":
            if not dispute.may_settle:
                raise PermissionDenied
            try:
                self.settled(request, dispute)
            except ValidationError as error:
                errors = error.messages
            else:
                is_open = request.POST.get("assessment") == UNRESOLVED
                done = _("Open again: %s") if is_open else _("Settled: %s")
                messages.success(request, done % dispute)
                return redirect(_queue(request.POST.get("back", "")))
        context = {
            "title": str(dispute),
            "dispute": dispute,
            "record_address": dispute.record_address,
            "assessments": Citation.Assessment.choices,
            "unresolved": UNRESOLVED,
            "errors": errors,
            "given": request.POST,
            "teamwork": self.teamwork_on(
                request, self.subject_of(request, "dispute", key)
            ),
        }
        return self.page(request, "provenance/dispute.html", context)

    def dispute_of(self, request, key):
        """The dispute of a key, with what it rests on; 404 if there is none."""
        name, _dash, number = key.rpartition("-")
        model = disputed_kinds(request.user).get(name)
        if model is None or not (number.isdecimal() and len(number) < 19):
            raise Http404
        dispute = disputes_of(model).labelled().filter(pk=int(number)).first()
        if dispute is None:
            raise Http404
        _show_both_sides([dispute], SEVERAL)
        return dispute

    def settled(self, request, dispute):
        """Does what the form says; ValidationError if it cannot be."""
        if request.POST.get("seen") != str(version_of(dispute)):
            raise ValidationError(
                _(
                    "This dispute was changed after you opened it. Nothing was "
                    "saved; check it as it is now, and settle it again."
                )
            )
        names = ("assessment", "note", "note_es")
        given = [request.POST.get(name, "") for name in names]
        if not dispute.field:
            settle_between(dispute, *given)
            return
        chosen = [
            citation
            for citation in dispute.statements
            if citation.key in request.POST.getlist("statement")
        ]
        if not chosen:
            raise ValidationError(_("Select at least one statement."))
        change = open_change()
        before = change.noted()
        try:
            with transaction.atomic():  # all that was chosen, or nothing
                for citation in chosen:
                    if dispute.kind == Contradiction.UNCONFIRMED:
                        confirm(citation)
                    else:
                        settle(citation, *given)
        except ValidationError:
            change.forget_since(before)
            raise

    def page(self, request, template, context):
        """A page of the site."""
        whole = {**self.each_context(request), **context}
        return TemplateResponse(request, template, whole)


def _show_both_sides(disputes, most):
    """Gives disputes what they rest on: at most so many citations on each side."""
    lay_out(disputes, everything=True)
    read_out(disputes, everything=True)
    for dispute in disputes:
        said, supports = dispute.statements, dispute.supporting
        dispute.statements, dispute.more_statements = _first(said, most)
        dispute.supports, dispute.more_supports = _first(supports, most)


def _assessed_in(dispute):
    """The row with the assessment by which a dispute is settled; None if it is open."""
    if dispute.state == Dispute.State.OPEN:
        return None
    return dispute if not dispute.field else next(iter(dispute.statements), None)


def _first(citations, most):
    """As many of these as are shown, and how many more there are."""
    return citations[:most], max(len(citations) - most, 0)


def disputed_kinds(user):
    """The kinds of record whose citations somebody may see, by type name."""
    return {
        name: kind
        for name, kind in cited_types().items()
        if any(may(user, verb, kind.citation_model()) for verb in ("view", "change"))
    }


def _tables(kinds, asked):
    """Each table of disputes with its rows; those of one kind, if one is asked for."""
    if asked:
        kinds = {asked: kinds[asked]} if asked in kinds else {}
        return [(kind.dispute_model(), disputes_of(kind)) for kind in kinds.values()]
    tables = {kind.dispute_model(): None for kind in kinds.values()}
    return [(table, table.objects.all()) for table in tables]


def _narrowed(rows, kind):
    rows = told_once(rows.labelled())
    if kind:
        return rows.filter(kind=kind) if kind in Dispute.Kind.values else rows.none()
    return rows.exclude(kind=Contradiction.UNCONFIRMED)


def _filters(request, kinds, asked):
    """The title of each filter of the queue, and its choices: text, address, chosen."""
    titles = {"state": _("State"), "kind": _("Kind"), "type": _("Kind of record")}
    choices = {
        "state": Dispute.State.choices,
        "kind": Dispute.Kind.choices,
        "type": [(name, kind._meta.verbose_name) for name, kind in kinds.items()],
    }
    return [
        (
            titles[name],
            [
                (label, _address(request, **{name: value}), asked[name] == value)
                for value, label in [("", _("all")), *words]
            ],
        )
        for name, words in choices.items()
    ]


def _address(request, **values):
    """The first page of the queue, or that of a cursor, with some filters changed."""
    query = request.GET.copy()
    for name, value in {"cursor": "", **values}.items():
        query[name] = str(value)
        if not value:
            del query[name]
    return f"?{query.urlencode()}"


def _queue(query):
    """The queue as it was asked for when the form was filled in, and nothing else."""
    asked = QueryDict(query[:1000]).dict()
    known = ("type", "kind", "state", "cursor")
    query = urlencode([(name, asked[name]) for name in known if name in asked])
    address = reverse("admin:disputes")
    return f"{address}?{query}" if query else address


def _link(title, icon, link, active):
    return {
        "title": title,
        "icon": icon,
        "link": link,
        "active": active,
        "has_permission": True,
    }
