"""Publishing, roles, and records that may be the same."""
