"""The tasks on the dashboard: what waits for a curator, with links to the lists."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..db.counting import counted
from ..evidence.retold import told_once
from ..models import ChangeSet, Dispute, Record, Source, Upload
from ..resources.importing import tables
from ..values.contradiction import Contradiction
from .addresses import address
from .changed_records import with_records
from .disputes import disputed_kinds
from .paging import MOST as COUNTED  # of more it is only said that they are more

LOOKED_AT = (
    2_000  # the newest, among which a task that an index does not know is sought
)
LATEST = 8
STEPS = 4
SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One line of a task: what it is, where it leads, and what stands beside it."""

    text: str
    address: str
    beside: str = ""
    done: int = 0  # of so many, where it is known how far it is
    of: int = 0


@dataclass(frozen=True)
class Task:
    """Something that waits: how much of it, where all of it is, and a few of it."""

    title: str
    number: str
    address: str = ""
    lines: list[Line] = field(default_factory=list)


def in_each_status(admins):
    """How many records each list has in each status, as far as it is counted."""
    lists = {
        (admin, status): _with_status(admin.model, status)
        for admin in admins
        for status in Record.Status.values
    }
    numbers = {admin: {} for admin in admins}
    for (admin, status), number in counted(lists, COUNTED).items():
        numbers[admin][status] = number
    return numbers


def _with_status(model, status):
    """The rows that say so: of what kinds share, in the table that they share alone."""
    shared = model._meta.get_field("status").model
    rows = shared._base_manager.filter(status=status)
    if shared is model:
        return rows
    return rows.filter(**{shared.kept_by_its_kinds: model.type_name()})


def told(number, is_more=False):
    """A number as it is shown, with a plus where it is only known to be more."""
    is_more = is_more or number > COUNTED
    return f"{min(number, COUNTED):,}{'+' if is_more else ''}"


def tasks(request, numbers):
    """What waits for this person, in the order in which it is looked at.

    The numbers are those of the records in each status.
    """
    yield from _disputes(request)
    yield from _drafts(numbers)
    yield from _filtered(request, numbers)
    yield from _imports(request, list(numbers))
    yield from _changes(request)


def first_steps(request, admins):
    """What somebody may begin with where there is no record yet: text and address."""
    steps = []
    for admin in admins:
        if admin.model is Source and admin.has_add_permission(request):
            steps.append((_("Add the first source"), admin.add_address()))
    for admin in sorted(admins, key=lambda admin: admin.model is not Source):
        may_import = getattr(admin, "has_import_permission", None)
        if may_import and may_import(request):
            kind = admin.opts.verbose_name_plural
            to = address(admin.model, "import")
            steps.append((_("Import a table of %s") % kind, to))
    return steps[:STEPS]


def _disputes(request):
    kinds = disputed_kinds(request.user)
    if not kinds:
        return
    queue = reverse("admin:disputes")
    of_kinds = {kind.dispute_model() for kind in kinds.values()}
    looks = Q(kind=Contradiction.UNCONFIRMED)
    for title, wanted, query in (
        (_("Open disputes"), ~looks, "?state=open"),
        (_("Needs re-check"), looks, "?kind=unconfirmed&state=open"),
    ):
        found = {
            table: told_once(table.objects.filter(wanted, state=Dispute.State.OPEN))
            for table in of_kinds
        }
        number = sum(counted(found, COUNTED).values())
        newest = [
            dispute
            for rows in found.values()
            for dispute in rows.labelled().order_by("-opened_at", "-pk")[:SHOWN]
        ]
        newest.sort(key=lambda dispute: dispute.opened_at, reverse=True)
        lines = [
            Line(
                str(one),
                reverse("admin:dispute", args=[one.key]),
                str(one.get_kind_display()),
            )
            for one in newest[:SHOWN]
        ]
        yield Task(title, told(number), queue + query, lines)


def _drafts(numbers):
    """What is written and not yet published, kind by kind."""
    for status, title in (
        (Record.Status.IN_REVIEW, _("Waiting for review")),
        (Record.Status.DRAFT, _("Drafts")),
    ):
        found = {admin: (of[status], False) for admin, of in numbers.items()}
        yield _of_kinds(title, found, f"?status__exact={status}")


def _filtered(request, numbers):
    """What the filters of lists that are tasks leave, kind by kind."""
    by_filter = {}
    for admin in numbers:
        for one in admin.get_list_filter(request):
            if getattr(one, "task", ""):
                by_filter.setdefault(one, []).append(admin)
    waiting = {
        (one, admin): _waiting(one, admin, _is_long(numbers[admin]))
        for one, admins in by_filter.items()
        for admin in admins
    }
    waiting = counted(waiting, COUNTED)
    for one, admins in by_filter.items():
        found = {
            admin: (waiting[one, admin], _is_long(numbers[admin])) for admin in admins
        }
        whole = numbers if one.has_progress else {}
        query = f"?{one.parameter_name}={one.task_value}"
        yield _of_kinds(str(one.task), found, query, whole)


def _is_long(numbers):
    """Whether a list has more published records than are looked at."""
    return numbers[Record.Status.PUBLISHED] > LOOKED_AT


def _waiting(task, admin, is_long):
    """The records of a list that wait; of a long list those among the newest."""
    records = admin.model.objects.all()
    if is_long:
        newest = admin.model.objects.with_status(Record.Status.PUBLISHED)
        newest = newest.order_by("-updated_at", "-id")[:LOOKED_AT]
        records = records.filter(pk__in=newest.values("pk"))
    return task.waiting(records)


def _of_kinds(title, found, query, whole=()):
    """A task with a line for each kind; with ``whole``, how far each of these is."""
    lines = []
    for admin, (number, is_more) in found.items():
        if not number:
            continue
        of = 0
        if admin in whole and not is_more:
            of = whole[admin][Record.Status.PUBLISHED]
        line = Line(
            capfirst(str(admin.opts.verbose_name_plural)),
            admin.list_address() + query,
            told(number, is_more),
            done=max(of - number, 0),
            of=of,
        )
        lines.append(line)
    several = [number for number, _is_more in found.values()]
    is_more = any(number and is_more for number, is_more in found.values())
    return Task(title, told(sum(several), is_more), lines=lines)


def _imports(request, admins):
    """The files that this person has uploaded of late, and what became of each."""
    uploads = Upload.objects.filter(user=request.user).defer("data")[:LATEST]
    lines = []
    for upload in uploads:
        admin = next((a for a in admins if upload.table in _tables_of(a)), None)
        if upload.change_id:
            to, state = address_of_change(upload.change_id), _("imported")
        elif upload.is_expired or admin is None:
            continue
        else:
            to = admin.address_of(upload, "upload")
            state = (
                _("waiting for confirmation")
                if upload.report
                else _("not previewed yet")
            )
        lines.append(Line(str(upload), to, f"{upload.table} · {state}"))
    if lines:
        yield Task(_("Imports"), str(len(lines)), lines=lines)


def _tables_of(admin):
    """The names of the tables that are imported at a list."""
    known = tables()
    classes = getattr(admin, "resource_classes", [])
    return {
        name for name, one in known.items() for each in classes if issubclass(each, one)
    }


def address_of_change(number):
    """Where a change is shown."""
    return reverse("admin:change_set", args=[number])


def _changes(request):
    if not request.user.has_perm("provenance.view_changeset"):
        return
    latest = list(ChangeSet.objects.select_related("user")[:LATEST])
    lines = [
        Line(
            change.reason or _written(change, record, number),
            address_of_change(change.number),
            " · ".join(
                (
                    str(change.get_path_display()),
                    str(change.user or _("nobody signed in")),
                    f"{change.at:%Y-%m-%d %H:%M}",
                )
            ),
        )
        for change, record, _address, number in with_records(latest, request.user)
    ]
    yield Task(_("Recent changes"), "", reverse("admin:changes"), lines)


def _written(change, record, number):
    """What a change without a reason wrote; how, if it is no record."""
    if record or not number:
        return str(record or change.get_path_display())
    return ngettext("%s record", "%s records", number) % number
