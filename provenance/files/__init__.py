"""Files that a source carries: what they are by their bytes, and the text in them.

It offers ``recognized`` and ``text_of``, and imports nothing of this project.
"""
