"""How a record comes before the public, and who may do what on the way there.

It imports models and what is below them, but neither ``evidence`` nor ``history``.
"""
