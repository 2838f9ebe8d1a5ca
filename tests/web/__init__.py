"""What every page and answer passes through."""
