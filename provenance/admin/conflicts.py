"""Shows what somebody else saved while a form was open, and keeps what was typed.

Where somebody saved a record after a form of it was opened, the form is shown again: as
it would open now, with what was typed put into it, and with the difference above it.
Saving that writes what it shows.
"""

import re
from dataclasses import dataclass
from operator import itemgetter

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..history.reading import parts, row_of_version, state_at
from ..history.wording import LaterVersion, Texts, later_versions
from ..tracking.changes import close, open_change
from ..tracking.dependent_columns import StaleRecord
from ..values.stated_values import text_of
from .forms import MAX_KEY


@dataclass(frozen=True)
class FieldInConflict:
    """A field that was saved since: what was seen, what is recorded, what was typed.

    None was typed where the field was left alone: then the form shows what is recorded.
    """

    label: str
    seen: str
    recorded: str
    typed: str | None


@dataclass(frozen=True)
class Conflict:
    """What was saved in a record while somebody had a form of it open."""

    mine: bool  # whether they saved it themselves, in another window
    steps: list[LaterVersion]
    fields: list[FieldInConflict]
    rows: list[str]


def conflict_of(model_admin, request, record):
    """The conflict of a form that was sent with what was saved since; None if none.

    The request then has the form as it is to be shown again.
    """
    version = request.POST.get("seen_version", "")
    if not (version.isdecimal() and len(version) <= MAX_KEY):
        return None
    if int(version) == record.version:
        return None
    seen = row_of_version(record, int(version))
    if seen is None:
        return None  # it never had that version: nobody knows what was seen
    model, mine = type(record), request.user.get_username()
    then, now = state_at(model, record.pk, seen), state_at(model, record.pk)
    rows = {
        name: [
            (then[place], now[place])
            for place in sorted(then, key=itemgetter(1))
            if place[0] is owner.model
        ]
        for name, owner in parts(model).items()
    }
    texts = Texts.about(model, (seen, record), [rows])
    form_class = model_admin.get_form(request, record, change=True)
    form = form_class(request.POST, instance=seen.instance)
    steps = later_versions(record, int(version))
    conflict = Conflict(
        mine=all(step.by == mine for step in steps),
        steps=steps,
        fields=[
            _field_in_conflict(model, name, pair, form)
            for name, pair in texts.fields_changed(model, seen, record).items()
        ],
        rows=list(rows_in_words(model, texts.rows_changed(model, rows))),
    )
    request.POST = _merged(model_admin, request, record, then, form)
    return conflict


# What the form is shown with


def _merged(model_admin, request, record, then, form):
    """The data of the form as it would open now, with what was typed put into it."""
    data, typed = request.POST.copy(), form.changed_data
    for name, texts in _as_sent(type(form)(instance=record)).items():
        if name not in typed and name != "seen_version":
            data.setlist(form.add_prefix(name), texts)
    owners = parts(type(record)).values()
    formsets, inlines = model_admin._create_formsets(request, record, change=True)
    for formset, inline in zip(formsets, inlines, strict=True):
        if inline.has_change_permission(request, record) and formset.fk in owners:
            seen = {
                key: row.instance
                for (kind, key), row in then.items()
                if kind is formset.model and row is not None
            }
            _merge_rows(formset, seen, data)
    return data


def _merge_rows(formset, seen, data):
    """Puts the rows that are there now, and what was typed in them, into the data."""
    key_name, standing = (
        formset.model._meta.pk.name,
        {row.pk: row for row in formset.get_queryset()},
    )
    there, new = [], []
    for number in range(formset.total_form_count()):
        prefix = formset.add_prefix(number)
        sent = _with_prefix(data, prefix)
        key = _key("".join(sent.get(key_name, ())))
        if key is None:
            new.append(sent)
            continue
        row = standing.pop(key, None)
        before = seen.get(key, row)
        form = formset.form(formset.data, prefix=prefix, instance=before)
        typed = {name: sent[name] for name in form.changed_data if name in sent}
        typed |= {"DELETE": sent["DELETE"]} if "DELETE" in sent else {}
        if row is not None:
            there.append(
                {**_as_sent(formset.form(instance=row)), **typed}
                | {key_name: [str(key)]}
            )
        elif typed and "DELETE" not in typed:
            new.append({**sent, key_name: [""]})  # somebody removed it; it comes back
    for row in standing.values():  # somebody added it
        there.append({**_as_sent(formset.form(instance=row)), key_name: [str(row.pk)]})
    for name in [name for name in data if re.match(rf"{formset.prefix}-\d", name)]:
        del data[name]
    for number, row in enumerate([*there, *new]):
        for name, texts in row.items():
            data.setlist(f"{formset.add_prefix(number)}-{name}", texts)
    data[f"{formset.prefix}-INITIAL_FORMS"] = len(there)
    data[f"{formset.prefix}-TOTAL_FORMS"] = len(there) + len(new)


def _with_prefix(data, prefix):
    start = f"{prefix}-"
    return {
        name.removeprefix(start): data.getlist(name)
        for name in data
        if name.startswith(start)
    }


def _key(text):
    return int(text) if text.isdecimal() and len(text) <= MAX_KEY else None


def _as_sent(form):
    """What a browser would send of a form that nobody has touched, by input."""
    values = {name: form[name].value() for name in form.fields}
    return {
        name: [str(one) for one in value]
        if isinstance(value, list)
        else ["" if value is None else str(value)]
        for name, value in values.items()
    }


# What is said of it


def _field_in_conflict(model, name, texts, form):
    column = model._meta.get_field(name)
    typed = _typed(form, name) if name in form.changed_data else None
    shown = [text if text is None else worded(column, text) for text in (*texts, typed)]
    return FieldInConflict(capfirst(column.verbose_name), *shown)


def _typed(form, name):
    """What was typed in a field, in the form of the tables."""
    text = form[name].value() or ""
    if not isinstance(form.fields[name], ModelChoiceField):
        return text
    try:
        return text_of(form.fields[name].to_python(text))
    except ValidationError:
        return text


def worded(column, text):
    """A value as the form calls it."""
    return str(dict(column.flatchoices).get(text, text))


def rows_in_words(model, rows):
    """What became of each row that was saved since."""
    for relation, pairs in rows.items():
        meta = parts(model)[relation].model._meta
        for before, after in pairs:
            words = {
                "kind": capfirst(meta.verbose_name),
                "row": _named(before or after, after or before),
            }
            if before is None:
                yield _("%(kind)s, added: %(row)s") % words
            elif after is None:
                yield _("%(kind)s, removed: %(row)s") % words
            else:
                cells = _changed_cells(meta, before, after)
                words["cells"] = "; ".join(cells)
                yield _("%(kind)s, changed: %(row)s; %(cells)s") % words


def _named(before, after):
    """What stands in a row before and after."""
    return ", ".join(
        text for name, text in before.items() if text and after[name] == text
    )


def _changed_cells(meta, before, after):
    for name, text in before.items():
        if text != after[name]:
            label = meta.get_field(name).verbose_name
            yield f"{label}: {text or '–'} → {after[name] or '–'}"


class KeepsWhatWasTyped:
    """The part of an admin that shows the conflict of two edits instead of an error."""

    keeps_what_was_typed = True  # also of a request that could not be carried out

    def changeform_view(self, request, *args, **kwargs):
        change = open_change()
        before = change and change.noted()
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (StaleRecord, ValidationError) as refused:
            # It was saved between the look and the write, or the change as a whole is
            # refused. The write is rolled back, and the form meets what was saved, or
            # says why.
            change.forget_since(before)
            if isinstance(refused, ValidationError):
                request.refused = refused
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        close(open_change())  # while the form can still show what is refused

    def _changeform_view(self, request, object_id, form_url, extra_context):
        if request.method == "POST" and object_id:
            record = self.get_object(request, unquote(object_id))
            if record is not None and self.has_change_permission(request, record):
                conflict = conflict_of(self, request, record)
                extra_context = {**(extra_context or {}), "conflict": conflict}
        return super()._changeform_view(request, object_id, form_url, extra_context)
