"""Who says so, and how exactly; and the bases that every record's doors build on."""
