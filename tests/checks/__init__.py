"""The rules of the whole record."""
