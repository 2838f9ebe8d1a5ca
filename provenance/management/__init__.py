"""Management commands, and what those of all apps share.

They import whatever they run.
"""
