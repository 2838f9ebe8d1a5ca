"""The kinds of record that there are, and the classes of which each has one.

It imports no other wing: a model says of itself that it is a kind of record, and a
class registers for the kind that it is for.
"""
