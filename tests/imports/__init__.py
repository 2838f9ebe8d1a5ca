"""Files that wait, are previewed and confirmed; other people's files."""
