"""The kinds of record that there are, for whoever has to ask each of them.

It imports no other wing: the models say of themselves that they are records.
"""
