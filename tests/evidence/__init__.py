"""Disputes, support, and what of all this is public."""
