"""What tests of the admin share: who signs in, and what a browser does on a page."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from entities.models import Agency, Appointment, Official, Place, Post
from provenance.models import Source
from tests import make
from tests.depth import cases
from timeline.models import (
    Agreement,
    Code,
    Deployment,
    Dimension,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Statement,
    Theme,
)

MAKERS = {
    Source: make.a_source,
    Place: make.a_place,
    Agency: make.an_agency,
    Official: make.an_official,
    Post: make.a_post,
    Appointment: make.an_appointment,
    Theme: make.a_theme,
    Meeting: make.a_meeting,
    Agreement: make.an_agreement,
    Deployment: make.a_deployment,
    Milestone: make.a_milestone,
    Dimension: make.a_dimension,
    Code: make.a_code,
    Metric: make.a_metric,
    Observation: make.an_observation,
    Statement: make.a_statement,
}
# Those that differ most: rows, names, dates, numbers, several kinds in one table.
TELLING = (Source, Agency, Appointment, Meeting, Observation)


def _of(kinds):
    return pytest.mark.parametrize("model", kinds, ids=lambda model: model.__name__)


every_kind, telling_kinds = _of(MAKERS), _of(cases(TELLING, MAKERS))


def address(model, page, *keys):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=keys)


def listed(response):
    """The records on a page of a list."""
    return list(response.context["cl"].result_list)


def said(response):
    """The messages that a page shows."""
    return [str(message) for message in response.context["messages"]]


def errors_of(response):
    """Every error of a form and of its rows, by field."""
    form = response.context["adminform"].form
    errors = {name: list(found) for name, found in form.errors.items()}
    for rows in response.context["inline_admin_formsets"]:
        for row in rows.formset.errors:
            for name, found in row.items():
                errors.setdefault(f"{rows.formset.prefix}.{name}", []).extend(found)
        if rows.formset.non_form_errors():
            errors[rows.formset.prefix] = list(rows.formset.non_form_errors())
    return errors


def filled(response, **values):
    """What a browser would send of a form, with these values in it."""
    data = {}
    form = response.context["adminform"].form
    forms = [form]
    for rows in response.context["inline_admin_formsets"]:
        forms += [rows.formset.management_form, *rows.formset.forms]
    for part in forms:
        for field in part:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data | values


def save(client, record=None, model=None, **values):
    """Opens a form, fills it in as asked and saves it."""
    if record is None:
        page = address(model, "add")
    else:
        page = address(type(record), "change", record.pk)
    return client.post(page, filled(client.get(page), **values))


def versions_shown(response):
    """The hidden inputs by which a page says which version of each record it shows."""
    shown = r'name="(seen_version-[0-9]+)" value="([0-9]+)"'
    return dict(re.findall(shown, response.content.decode()))


def delete(client, record):
    """Opens the page that deletes a record, and confirms."""
    page = address(type(record), "delete", record.pk)
    return client.post(page, {"post": "yes", **versions_shown(client.get(page))})


def choose(client, action, *records, shown=None, **data):
    """Does something with some records of a list, as the list has shown them."""
    page = address(type(records[0]), "changelist")
    chosen = {"action": action, "_selected_action": [record.pk for record in records]}
    shown = versions_shown(client.get(page)) if shown is None else shown
    return client.post(page, {**chosen, **shown, **data}, follow=True)


def confirm_plan(client, response, reason="a slip"):
    """Presses the button of a page that has shown what an action would do."""
    data = {"seal": response.context["seal"], "change_reason": reason}
    for name, text in response.context["pairs"]:
        data.setdefault(name, []).append(text)
    return client.post(response.context["back"], data, follow=True)


def row(prefix, number=0, **values):
    """The fields of a new row, and how many rows there are then."""
    fields = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {f"{prefix}-TOTAL_FORMS": number + 1, **fields}


def somebody_of_staff(name, *permissions):
    """A member of staff with these permissions, as app.codename."""
    user = User.objects.create_user(name, is_staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


def superuser(client, name="ana"):
    """A browser in which a superuser is signed in."""
    client.force_login(User.objects.create_superuser(name))
    return client
