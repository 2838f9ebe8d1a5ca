"""The tables of the record as CSV, in and out."""
