"""What must never be lost, told or half done, tried again and again: `make prove`.

``lines`` says what is tried and how often is aimed at, ``ledger`` what was tried so
far. ``rounds`` is the plugin of pytest that tries more of it, and ``page`` writes
``docs/reliability.md``.
"""
