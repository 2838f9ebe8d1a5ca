"""Dates, quantities, texts: values, and how two of them stand to each other."""
