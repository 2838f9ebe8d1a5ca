"""The public pages: what the API tells programs, told to people.

They stand on the readings of the API, so that they show what it shows and hide what it
hides, and they work without a script.
"""

from .sources import SourcePage

__all__ = ["SourcePage"]
