"""What rows are asked of when two become one."""

from django.core.exceptions import ValidationError
from django.db import models

from ..models import Record


def table_of(model):
    """The model whose table numbers such records: that of events of every kind."""
    return model._meta.get_field("slug").model if issubclass(model, Record) else model


def is_empty(value):
    return value in (None, "")


def holds(row):
    """Whether a row keeps the rules that need no other row."""
    try:
        for model, constraints in row.get_constraints():
            for constraint in constraints:
                if isinstance(constraint, models.CheckConstraint):
                    constraint.validate(model, row)
    except ValidationError:
        return False
    return True
