"""Formats and protocols of others, in which their programs ask for the record.

They show what the API shows and hide what it hides. This wing stands on the API and on
the addresses of the pages; nothing of ``provenance`` stands on it.
"""
