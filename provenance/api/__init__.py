"""The API: what every collection of records builds on, and those of this app."""
