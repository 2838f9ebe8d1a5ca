"""Why a backup could not be made, or restored."""


class BackupError(Exception):
    """What stands in the way, in words, with what to do about it."""
