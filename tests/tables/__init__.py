"""CSV as text: how it is read strictly, and written."""
