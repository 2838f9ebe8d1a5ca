"""Backups of the whole: the database and the files, as one archive that is verified.

It offers ``making`` and ``restoring``; it imports tracking and the tools of databases.
"""
