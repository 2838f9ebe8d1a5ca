"""The record as files: folders that are loaded and dumped, and what describes them.

It imports the records of all three apps and their tables, but no door.
"""
