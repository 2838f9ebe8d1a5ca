"""Checks that each value of a mapping file is of the right kind."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ...values.suggestions import close_to


@dataclass(frozen=True)
class Misstep:
    """One thing wrong in a mapping file: its place there, and what would be right."""

    place: str
    message: str

    def __str__(self):
        return f"{self.place}: {self.message}" if self.place else self.message


class MappingError(ValueError):
    """A mapping file that cannot be used; ``missteps`` says all that is wrong."""

    def __init__(self, missteps):
        self.missteps = missteps
        super().__init__("\n".join(str(misstep) for misstep in missteps))


class Checked:
    """One reading of a mapping file, and what was found wrong in it so far."""

    def __init__(self):
        self.missteps = []

    def wrong(self, place, message, /, **values):
        self.missteps.append(Misstep(place, message % values if values else message))

    def text(self, value, place):
        if isinstance(value, str):
            return value
        self.wrong(place, _("write a text in quotes, not %(value)s."), value=value)
        return ""

    def flag(self, value, place):
        if isinstance(value, bool):
            return value
        self.wrong(place, _("write true or false, not %(value)s."), value=repr(value))
        return False

    def texts(self, value, place):
        if isinstance(value, list):
            return tuple(
                self.text(item, f"{place}[{number}]")
                for number, item in enumerate(value, 1)
            )
        self.wrong(place, _('write a list of texts, as ["N/A"].'))
        return ()

    def table(self, value, place):
        if isinstance(value, dict):
            return value
        self.wrong(place, _("write a table, as {…} or under [%(place)s]."), place=place)
        return {}

    def word(self, value, place, words):
        if value in words and isinstance(value, str):
            return value
        self.wrong(
            place,
            _("“%(value)s” is not a valid choice; choose one of: %(words)s."),
            value=value,
            words=", ".join(words),
        )
        return ""

    def texts_by_text(self, value, place):
        table = self.table(value, place)
        return {key: self.text(item, f"{place}.{key}") for key, item in table.items()}

    def lists_by_text(self, value, place):
        table = self.table(value, place)
        return {key: self.texts(item, f"{place}.{key}") for key, item in table.items()}

    def known(self, table, place, words):
        """Names every key that is none of the words."""
        for key in table:
            if key not in words:
                self.wrong(
                    f"{place}.{key}" if place else key,
                    _("unknown%(close)s"),
                    close=close_to(key, words) or f"; {', '.join(words)}",
                )
