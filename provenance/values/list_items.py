"""The items of a list in its text form, in queries: as ``split_list`` gives them."""

import sys

from django.db.models import BooleanField, CharField, Expression

from .stated_values import LIST_MARK

# What Python takes off the ends of a text: more than a database does by itself.
WHITE_SPACE = "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))


class Item(Expression):
    """The item of the list around it."""

    output_field = CharField()
    TRIM = {"sqlite": "TRIM(item.value, %s)", "postgresql": "BTRIM(item.value, %s)"}

    def as_sql(self, compiler, connection):
        return self.TRIM[connection.vendor], [WHITE_SPACE]


class AnyItem(Expression):
    """Whether something is true of an item of a list.

    Each item is looked at by itself: it costs as much as the text is long.
    """

    output_field = BooleanField()
    ITEMS = {
        "sqlite": "json_each('[' || replace(json_quote({text}), '{mark}', '\",\"') "
        "|| ']') item",
        "postgresql": "unnest(string_to_array({text}, '{mark}')) item(value)",
    }

    def __init__(self, text, *others):
        super().__init__()
        self.expressions = [text, *others]

    def get_source_expressions(self):
        return self.expressions

    def set_source_expressions(self, expressions):
        self.expressions = expressions

    def holds_of_item(self, compiler, connection):
        """What is to be true of an ``Item``, in SQL, and its parameters."""
        raise NotImplementedError

    def as_sql(self, compiler, connection):
        text, params = compiler.compile(self.expressions[0])
        items = self.ITEMS[connection.vendor].format(text=text, mark=LIST_MARK)
        condition, values = self.holds_of_item(compiler, connection)
        sql = f"SELECT 1 FROM {items} WHERE {condition}"  # noqa: S608  names of columns
        return f"EXISTS ({sql})", [*params, *values]


class HasItem(AnyItem):
    """Whether a text is an item of a list."""

    def holds_of_item(self, compiler, connection):
        item, trimmed = compiler.compile(Item())
        wanted, values = compiler.compile(self.expressions[1])
        return f"{item} = {wanted}", [*trimmed, *values]
