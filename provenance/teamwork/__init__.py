"""What waits for somebody who works on the record with others, and how they are told.

It offers ``matters`` and ``mail``; it imports history, models and the registry.
"""
