"""The edition of the public record: which state of it answers are made of."""

import secrets

from django.db import connection, models


def new_token():
    """A token that no edition has had, of this database or of a copy of it."""
    return secrets.token_hex(8)


class PublicEdition(models.Model):
    """Which state of the record the public sees: one row, written by each such change.

    Two answers to the same question are the same if the edition is, so that an answer
    need not be put together to tell that it has not changed.
    """

    token = models.CharField(max_length=16, default=new_token)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.token

    @classmethod
    def current(cls):
        """The token of the edition that the public sees now."""
        # Most requests ask for it, and many for nothing else: Django takes ten times
        # as long to put this statement together as a database to answer it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT token FROM provenance_publicedition LIMIT 1")
            return (cursor.fetchone() or ("",))[0]

    @classmethod
    def replace(cls):
        """Makes the one that is seen now a former one."""
        if not cls.objects.update(token=new_token()):
            cls.objects.create()
