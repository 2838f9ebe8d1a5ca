"""What a file passes through before it is in the record: mapping, upload, report.

It imports ``resources``, which write the rows, and everything below them, but no door.
"""
