"""What Django's ORM lacks: runs of keys, pages by place, rules in Python, replicas.

It knows databases and no record, and imports no other wing.
"""
