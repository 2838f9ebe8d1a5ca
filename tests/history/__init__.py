"""History read back, in words, and taken back."""
