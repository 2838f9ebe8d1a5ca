"""The public pages: what the API gives to programs, shown to readers.

They stand on the readings of the API, so that they show what it shows and hide what it
hides, and they work without a script.
"""

from .sources import SourcePage

__all__ = ["SourcePage"]
