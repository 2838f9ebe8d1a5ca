"""What sources say of the record: who supports it, who disputes it, who may see it.

It imports models and what is below them, but neither ``history`` nor ``review``.
"""
