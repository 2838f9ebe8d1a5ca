"""Rows that many records get or lose together: who took part in what."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..tracking.bulk import delete_many, insert_many
from ..tracking.nested_rows import rows_within

ADD, REMOVE = "add", "remove"


@dataclass(frozen=True, eq=False)
class SharedRows:
    """The rows of one kind that belong to records, by their columns on a form."""

    model: type[models.Model]
    fields: dict  # of a form, by the names of the columns
    lists: dict  # what a row names several of, likewise by their relations

    @property
    def owner(self):
        """The column that leads to the record."""
        return self.model._meta.get_field(self.model.owner)

    def name_of(self, how, column):
        """What an input is called."""
        return f"{how}_{self.model._meta.model_name}_{column}"

    def inputs(self):
        """The inputs of the form: what a new row says, and which ones are to go."""
        kind = self.model._meta.verbose_name
        for how, label in ((ADD, _("Add %s")), (REMOVE, _("Remove %s"))):
            for column, make in self.fields.items():
                field = make()
                field.required, field.initial = False, None
                verbose = self.model._meta.get_field(column).verbose_name
                field.label = f"{label % kind}: {verbose}"
                yield self.name_of(how, column), field
        for relation, make in self.lists.items():
            field, adding = make(), _("Add %s") % kind
            field.label = f"{adding}: {field.label}"
            yield self.name_of(ADD, relation), field

    def asked(self, cleaned, how):
        """What a form says of these rows, by column."""
        values = {
            name: cleaned.get(self.name_of(how, name))
            for name in (*self.fields, *self.lists)
        }
        given = {
            name: list(value) if name in self.lists and value else value
            for name, value in values.items()
        }
        return {name: value for name, value in given.items() if value}

    def check(self, values):
        """ValidationError if a row cannot be so, whatever record it belongs to."""
        row = self.model(**self._columns(values))
        row.clean_fields(exclude={self.owner.name})
        row.validate_constraints(exclude={self.owner.name})
        for _row, error in self.model.clean_many([row]):
            raise error

    def told(self, how, values):
        """What is to be done, with its label."""
        label = {ADD: _("Add %s"), REMOVE: _("Remove %s")}[how]
        said = []
        for name, value in self._columns(values).items():
            words = dict(self.model._meta.get_field(name).flatchoices)
            said.append(str(words.get(value, value)))
        for name in self.lists:
            said += map(str, values.get(name, ()))
        return capfirst(label % self.model._meta.verbose_name), ", ".join(said)

    def write(self, how, values, records, change):
        """Adds such a row to each record that has none, or removes all such rows."""
        keys = [record.pk for record in records]
        rows = self.model.objects.filter(**{f"{self.owner.name}__in": keys})
        if how == REMOVE:
            gone = list(rows.filter(**values).values_list("pk", flat=True))
            for nested in rows_within(self.model) if gone else ():
                inner = nested.model.objects.filter(**{f"{nested.name}__in": gone})
                if keys := list(inner.values_list("pk", flat=True)):
                    delete_many(nested.model, keys, change)
            if gone:
                delete_many(self.model, gone, change)
            return
        columns = self._columns(values)
        same = {name: value for name, value in columns.items() if name in self.key}
        standing = set(rows.filter(**same).values_list(self.owner.attname, flat=True))
        columns = {
            self.model._meta.get_field(name).attname: getattr(value, "pk", value)
            for name, value in columns.items()
        }
        new = [
            {self.owner.attname: key, **columns} for key in keys if key not in standing
        ]
        if new:
            insert_many(self.model, new, change)
        for name in self.lists.keys() & values.keys():
            of_them = list(rows.filter(**same).values_list("pk", flat=True))
            link(self.model._meta.get_field(name), of_them, values[name], change)

    def _columns(self, values):
        """What stands in the row itself."""
        return {name: values[name] for name in self.fields if name in values}

    @property
    def key(self):
        """The columns by which two rows of one record would be the same."""
        return {
            name
            for constraint in self.model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
            for name in constraint.fields
        } - {self.owner.name}


def checked(shared, cleaned):
    """What is to be done to these rows; ValidationError if a new one cannot be so."""
    asked = {how: shared.asked(cleaned, how) for how in (ADD, REMOVE)}
    if asked[ADD]:
        try:
            shared.check(asked[ADD])
        except ValidationError as error:
            label, _said = shared.told(ADD, asked[ADD])
            messages = [f"{label}: {message}" for message in error.messages]
            raise ValidationError(messages) from None
    return {how: values for how, values in asked.items() if values}


def link(relation, keys, found, change):
    """Adds the rows that lead from these records to others, where they are missing.

    ValidationError says what is wrong with which.
    """
    through, (ours, theirs) = relation.remote_field.through, _ends(relation)
    standing = set(_rows_of(relation, keys, found).values_list(ours, theirs))
    new = [
        through(**{ours: key, theirs: other.pk})
        for key in keys
        for other in found
        if (key, other.pk) not in standing
    ]
    wrong = [error for _row, error in through.clean_many(new)]
    if wrong:
        raise ValidationError(wrong)
    if new:
        insert_many(through, new, change)


def unlink(relation, keys, found, change):
    """Removes the rows that lead from these records to others."""
    rows = list(_rows_of(relation, keys, found).values_list("pk", flat=True))
    if rows:
        delete_many(relation.remote_field.through, rows, change)


def _ends(relation):
    """The columns of its rows, that of the record first."""
    names = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    return [relation.remote_field.through._meta.get_field(n).attname for n in names]


def _rows_of(relation, keys, found):
    ours, theirs = _ends(relation)
    others = [other.pk for other in found]
    return relation.remote_field.through.objects.filter(
        **{f"{ours}__in": keys, f"{theirs}__in": others}
    ).order_by()
