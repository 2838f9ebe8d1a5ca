"""What was written, when and by whom: read back, told to others, and taken back.

It imports models and what is below them, but neither ``evidence`` nor ``review``.
"""
