"""What Django's ORM lacks: runs of keys, batches, pages by place, rules in Python.

It knows databases and no record, and imports no other wing.
"""
