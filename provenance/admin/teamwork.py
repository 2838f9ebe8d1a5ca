"""Working together in the admin: comments, assignments, who watches what."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ..models import Assignment, Attention, Comment, Watch
from ..models.beside import led_to
from ..models.teamwork import MAX_NOTE
from ..registry.kinds import record_types
from ..review.permissions import may
from ..teamwork.mail import is_set_up
from ..teamwork.matters import assigned_to, changed_for, said_to
from ..values.labels import field_label
from .addresses import led_back
from .saved_views import changed_in_views

DISPUTE = "dispute"
THREADS_SHOWN, STAFF_SHOWN = 50, 500
HERE = "#teamwork"


@dataclass(frozen=True)
class Subject:
    """What is talked about: a record or a dispute, what it is called, where it is."""

    type: str
    slug: str
    label: str
    address: str
    fields: tuple = ()
    key: int | None = None

    @property
    def about(self):
        """What tells what lies beside it."""
        return {"type": self.type, "slug": self.slug, "key": self.key}


class TeamworkPages:
    """The part of the site by which curators work together."""

    def teamwork_urls(self):
        view = self.admin_view(self.teamwork)
        return [
            path("teamwork/<slug:kind>/<slug:slug>/", view, name="teamwork"),
            path("attention/", self.admin_view(self.attention), name="attention"),
        ]

    def teamwork(self, request, kind, slug):
        """Does what one of the forms of a record or a dispute asks for."""
        subject = self.subject_of(request, kind, slug)
        if request.method != "POST":
            return led_back(request, subject.address + HERE)
        act = {
            "comment": _comment,
            "resolve": _resolve,
            "reopen": _reopen,
            "assign": _assign,
            "done": _done,
            "watch": _watch,
            "unwatch": _unwatch,
        }.get(request.POST.get("act", ""))
        if act is None:
            return HttpResponseBadRequest(_("There is no such button."))
        try:
            act(request, subject)
        except ValidationError as error:
            for said in error.messages:
                messages.error(request, said)
        return HttpResponseRedirect(subject.address + HERE)

    def subject_of(self, request, kind, slug):
        """The record or the dispute of that name; 404 and 403 as on its own page."""
        if kind == DISPUTE:
            dispute = self.dispute_of(request, slug)
            where = reverse("admin:dispute", args=[slug])
            return Subject(DISPUTE, slug, str(dispute), where)
        model = record_types().get(kind)
        if model is None:
            raise Http404
        admin = self.get_model_admin(model)
        record = admin.get_queryset(request).filter(slug=slug).first()
        if record is None:
            raise Http404
        if not admin.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return self.subject_for(record)

    def subject_for(self, record):
        """A record as what is talked about."""
        kind = type(record)
        admin = self.get_model_admin(kind)
        fields = [(name, field_label(kind, name)) for name in kind.citable]
        where = admin.address_of(record)
        return Subject(
            record.record_type,
            record.slug,
            admin.label_of(record),
            where,
            tuple(fields),
            record.pk,
        )

    def teamwork_on(self, request, subject):
        """What the forms of a subject show."""
        about = subject.about
        threads = list(Comment.objects.of(**about).threads()[:THREADS_SHOWN])
        labels = {name: str(label) for name, label in subject.fields}
        staff = get_user_model().objects.filter(is_staff=True, is_active=True)
        return {
            "subject": subject,
            "threads": [
                {
                    "comment": thread,
                    "field": labels.get(thread.field, thread.field),
                    "several": [thread, *thread.answers.all()],
                }
                for thread in threads
            ],
            "open": sum(thread.resolved_at is None for thread in threads),
            "assignment": Assignment.objects.of(**about)
            .filter(done_at=None)
            .select_related("to", "by")
            .first(),
            "staff": staff.order_by("username")[:STAFF_SHOWN],
            "is_watched": Watch.objects.of(**about).filter(user=request.user).exists(),
            "may_be_watched": subject.type != DISPUTE,
            "address": reverse("admin:teamwork", args=[subject.type, subject.slug]),
        }

    def attention(self, request):
        """Notes that somebody has seen what changed, or how they want to be told."""
        back = reverse("admin:index")
        if request.method != "POST":
            return led_back(request, back)
        attention = Attention.of(request.user)
        if seen := request.POST.get("seen", ""):
            if not seen.isdecimal() or len(seen) > 18:
                return HttpResponseBadRequest(_("There is no such change."))
            attention.seen_change = max(attention.seen_change, int(seen))
        if "by_mail" in request.POST:
            attention.by_mail = request.POST["by_mail"] == "1"
            attention.mailed_at = timezone.now()
        attention.save()
        return HttpResponseRedirect(back)

    def waiting_for_me(self, request):
        """What waits for whoever asks, for the dashboard."""
        user = request.user
        attention = Attention.of(user)
        changed = changed_for(user, attention.seen_change)
        in_views = list(changed_in_views(self, request, attention.seen_change))
        numbers = [one.number for one in changed]
        numbers += [change.number for change, _view, _where in in_views]
        return {
            "assigned": self._told(request, assigned_to(user)),
            "said": self._told(request, said_to(user)),
            "changed": [
                *self._told(request, changed),
                *(
                    {
                        "text": f"{view}: {change.reason}" if change.reason else view,
                        "address": where,
                        "by": change.user,
                        "at": change.at,
                    }
                    for change, view, where in in_views
                ),
            ],
            "last_change": max(numbers, default=0),
            "by_mail": attention.by_mail,
            "mail_is_set_up": is_set_up() and bool(user.email),
        }

    def _told(self, request, matters):
        """Each matter with what it is about; what is gone or hidden is left out."""
        slugs = {}
        for matter in matters:
            slugs.setdefault(matter.type, set()).add(matter.slug)
        subjects = {}
        for kind, several in slugs.items():
            subjects |= {(kind, s.slug): s for s in self._named(request, kind, several)}
        return [
            {
                "text": _said(matter, subjects[matter.type, matter.slug]),
                "address": _where(request, matter, subjects[matter.type, matter.slug]),
                "by": matter.by,
                "at": matter.at,
            }
            for matter in matters
            if (matter.type, matter.slug) in subjects
        ]

    def _named(self, request, kind, slugs):
        if kind == DISPUTE:
            for slug in slugs:
                try:
                    yield self.subject_of(request, kind, slug)
                except Http404:
                    continue  # settled by a later change of the record, and gone
            return
        model = record_types().get(kind)
        if model is None or not any(
            may(request.user, verb, model) for verb in ("view", "change")
        ):
            return
        led = led_to(kind, slugs)
        found = model.objects.labelled().filter(slug__in=set(led.values()))
        by_slug = {record.slug: record for record in found}
        for slug, now in led.items():
            if now in by_slug:
                yield replace(self.subject_for(by_slug[now]), slug=slug)


def _said(matter, subject):
    beside = Truncator(matter.text).chars(80)
    return f"{subject.label}: {beside}" if beside else subject.label


def _where(request, matter, subject):
    if matter.number and request.user.has_perm("provenance.view_changeset"):
        return reverse("admin:change_set", args=[matter.number])
    return subject.address + HERE


# What the forms do


def _comment(request, subject):
    field = request.POST.get("field", "")
    if field and field not in dict(subject.fields):
        raise ValidationError(_("There is no such field."))
    thread = _thread(request, subject) if request.POST.get("thread") else None
    Comment(
        **subject.about,
        field=thread.field if thread else field,
        text=request.POST.get("text", ""),
        author=request.user,
        thread=thread,
    ).say()


def _thread(request, subject):
    key = request.POST.get("thread", "")
    threads = Comment.objects.of(**subject.about).filter(thread=None)
    found = (
        threads.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    )
    if found is None:
        raise ValidationError(_("This comment is not there any more."))
    return found


def _resolve(request, subject):
    thread = _thread(request, subject)
    thread.resolved_at, thread.resolved_by = timezone.now(), request.user
    thread.save(update_fields=["resolved_at", "resolved_by"])


def _reopen(request, subject):
    thread = _thread(request, subject)
    thread.resolved_at = thread.resolved_by = None
    thread.save(update_fields=["resolved_at", "resolved_by"])


def _assign(request, subject):
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    name = request.POST.get("to", "").replace("\0", "")
    to = staff.filter(username=name).first()
    if to is None:
        raise ValidationError(_("There is no user “%s” among staff.") % name[:150])
    note = request.POST.get("note", "").replace("\0", "").strip()
    if len(note) > MAX_NOTE:
        raise ValidationError(_("A note has at most %d characters.") % MAX_NOTE)
    _done(request, subject)
    Assignment.objects.create(**subject.about, to=to, by=request.user, note=note)


def _done(request, subject):
    given = Assignment.objects.of(**subject.about).filter(done_at=None)
    given.update(done_at=timezone.now())


def _watch(request, subject):
    if subject.type == DISPUTE:
        raise ValidationError(_("Watch the record of the dispute instead."))
    Watch.begin(request.user, **subject.about)


def _unwatch(request, subject):
    Watch.objects.of(**subject.about).filter(user=request.user).delete()
