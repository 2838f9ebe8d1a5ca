"""Records found by words."""
