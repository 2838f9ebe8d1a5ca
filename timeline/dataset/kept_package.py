"""The package of the public record as a file, made once in each edition of it.

Whoever asks first in an edition is sent the package while it is made, and leaves the
file to all others; ``data_package --keep`` makes it before anybody asks.
"""

from contextlib import suppress

from django.conf import settings

from provenance.db.snapshot import one_moment
from provenance.history.editions import program
from provenance.models import PublicEdition
from provenance.tables.atomic_files import kept

from .package import package

NAME = "bordersec.zip"


def kept_file():
    """The file of the current edition, open to be read; None if there is none yet."""
    try:
        return _place().open("rb")
    except OSError:
        return None


def made_and_kept():
    """The package as a stream of bytes, which leaves the file behind."""
    with one_moment():  # the edition is that of what is read
        place = _place()
        yield from kept(package(public=True, with_claims=True), place)
    if place != _place():
        return  # of a former edition by now: whoever made the newer one clears away
    for other in place.parent.glob(f"*-{NAME}"):
        if other != place:
            with suppress(OSError):  # somebody else was faster
                other.unlink()


def _place():
    """Where the file of the current edition is, as this program makes it."""
    edition = PublicEdition.current()
    return settings.KEPT_FILES / f"{edition}-{program()[:8]}-{NAME}"
