"""CSV as text: how it is read strictly and written, and files as people send them."""
