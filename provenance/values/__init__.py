"""What stands in a field: dates, numbers and texts, and how two of them compare.

It knows no model and no page; of this app it imports ``db`` alone.
"""
