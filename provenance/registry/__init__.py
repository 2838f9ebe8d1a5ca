"""The kinds of record that there are, for whoever has to ask each of them.

It imports no other wing: a model says of itself that it is one of them.
"""
