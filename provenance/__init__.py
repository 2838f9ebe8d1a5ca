"""Sources, citations, disputes and history; and what every record's doors build on."""
