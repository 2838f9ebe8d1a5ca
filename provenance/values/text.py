"""Text columns that keep one form of every text, and refuse what no reader can see.

Text is stored in Unicode's composed form (NFC), with plain line ends and no blanks
around it, so that two texts that look the same are the same, on every database.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Where a script needs a joiner that is not seen itself: between letters that join, in
# Arabic and its kin and in the scripts of India; behind a mark that silences a vowel;
# and between the parts of one emoji.
JOINING = (
    "\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0710-\u07bf\u07ca-\u07ea\u0860-\u08ff"
    "\u0900-\u0963\u0970-\u0dff\u1000-\u109f\u1780-\u17d3\u1820-\u18aa"
)
SILENCING = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2"
EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
NEEDLESS_JOINER = (
    f"(?!(?<=[{JOINING}]).[{JOINING}]|(?<=[{SILENCING}])|(?<=[{EMOJI}])\u200d[{EMOJI}])"
    "[\u200c\u200d]"
)
MAX_MARKS = 16  # on one letter; no script has a use for more
# None stands before U+0300, so most texts are done with at once.
MAY_BE_MARKS = re.compile(f"[^\x00-\u02ff]{{{MAX_MARKS + 1},}}")

UNSEEN = {
    "a control character": "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]",
    "half a character": "[\ud800-\udfff]",
    "an invisible character": (
        "[\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
        f"\ufff9-\ufffb\U000e0000-\U000e007f]|{NEEDLESS_JOINER}"
    ),
}
UNSEEN_IN_A_LINE = UNSEEN | {
    "a line break or a tab": "[\t\n\r\u2028\u2029]",
    "a mark that turns text around": "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]",
}


def normalized(text):
    """The one form in which a text is kept."""
    return unicodedata.normalize(
        "NFC", text.replace("\r\n", "\n").replace("\r", "\n")
    ).strip()


BLANKS_BEFORE = re.compile(r"\A[^\S\t]+")
TURNS_AROUND = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def seen(text):
    """A text with the marks that turn it around made visible, as ``\\u202e``.

    Shown as they are, they would make a reader see other words than are there.
    """
    return TURNS_AROUND.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


NOT_PLAIN = re.compile(r"[^\n -~]|(?:\A|\n) | (?:\n|\Z)")


def are_plain(texts):
    """Whether all these are lines of printable ASCII with no blank at their edges.

    Such a text is in its one form already. It is quick: they are looked at as one.
    """
    joined = "\n".join(texts)
    return joined.count("\n") == len(texts) - 1 and not NOT_PLAIN.search(joined)


class SeenText:
    """Refuses the characters of a set, and names the first one and where it stands."""

    def __init__(self, unseen):
        self.unseen = {name: re.compile(each) for name, each in unseen.items()}

    def __call__(self, text):
        for name, pattern in self.unseen.items():
            if found := pattern.search(text):
                raise ValidationError(
                    _("Character %(place)d is %(name)s (U+%(code)s); remove it."),
                    code="unseen",
                    params={
                        "place": found.start() + 1,
                        "name": name,
                        "code": f"{ord(found[0]):04X}",
                    },
                )


def check_marks(text):
    """Refuses a letter on which more marks are piled than any script needs."""
    for run in MAY_BE_MARKS.finditer(text):
        marks = 0
        for place, sign in enumerate(run[0], run.start()):
            marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
            if marks > MAX_MARKS:
                raise ValidationError(
                    _(
                        "Character %(place)d carries more than %(most)d marks; remove "
                        "some."
                    ),
                    code="marks",
                    params={"place": place - MAX_MARKS, "most": MAX_MARKS},
                )


class _Text:
    """What both kinds of text column share."""

    def __init__(self, *args, **kwargs):
        if kwargs.get("blank"):
            kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return "" if value is None else normalized(value)


class Line(_Text, models.CharField):
    """A text of one line: a name, a title, a label."""

    default_validators = [SeenText(UNSEEN_IN_A_LINE), check_marks]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)


class Prose(_Text, models.TextField):
    """A text of several lines: a summary, a note."""

    default_validators = [SeenText(UNSEEN), check_marks]

    def to_python(self, value):
        """In its one form; unlike a line it may begin with a tab."""
        text = models.TextField.to_python(self, value) or ""
        kept = normalized(text)
        if "\t" not in text:
            return kept
        before = BLANKS_BEFORE.sub("", text.replace("\r", "\n"))
        tabs = before[: len(before) - len(before.lstrip("\t"))]
        return tabs + kept if kept else ""

    def formfield(self, **kwargs):
        return super().formfield(**{"strip": False, **kwargs})


class Key(models.SlugField):
    """The public name of a record: in addresses, in CSV, in the API."""

    LENGTH = 100
    # Where a collection has answers of its own, a record would be reached by nobody.
    RESERVED = ("aggregate", "pairs")
    default_validators = [
        RegexValidator(
            re.compile(r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z"),
            _("Write a slug with a to z, 0 to 9 and single hyphens between them."),
            code="slug",
        ),
        RegexValidator(
            re.compile(rf"\A(?:{'|'.join(RESERVED)})\Z"),
            _("“%(value)s” is an address of the site itself; choose another slug."),
            code="reserved_slug",
            inverse_match=True,
        ),
    ]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", self.LENGTH)
        super().__init__(*args, **kwargs)


class WebAddress(models.URLField):
    """An address of the web that shows where it leads."""

    default_validators = [
        URLValidator(schemes=["http", "https"]),
        RegexValidator(
            re.compile(r"\A[a-z]+://[^/?#@\\]*(?:[/?#][^\\]*)?\Z", re.IGNORECASE),
            _("Write the address without a user's name and without backslashes."),
            code="address",
        ),
        SeenText(UNSEEN_IN_A_LINE),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 500, **kwargs})


class Language(models.CharField):
    """The code of a language: ISO 639, as es, with a region behind it if need be."""

    default_validators = [
        RegexValidator(
            re.compile(r"\A[a-z]{2,3}(?:-[A-Z]{2})?\Z"),
            _("Write the code of a language, as en, es or es-MX."),
            code="language",
        )
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"max_length": 8, "blank": True, "default": "", **kwargs}
        )


class Word(models.CharField):
    """One of a few words; an error names them all."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 32)
        if kwargs.get("blank"):
            kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def validate(self, value, record):
        words = [str(word) for word, _label in self.flatchoices if word]
        if value and value not in words:
            raise ValidationError(
                _("“%(text)s” is not a valid choice; choose one of: %(words)s."),
                code="invalid_choice",
                params={"text": str(value)[:80], "words": ", ".join(words)},
            )
        super().validate(value, record)
