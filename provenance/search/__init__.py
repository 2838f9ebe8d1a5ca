"""Records are found by their words, also by words that are typed wrongly.

It keeps the index and the vocabulary, and imports ``tracking`` and the ground.
"""
