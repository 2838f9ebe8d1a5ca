"""The Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group).

OpenRefine and other programs match the names of a table with records by it, see what
they are, and fetch more of them: https://reconciliation-api.github.io/specs/0.2/
"""
