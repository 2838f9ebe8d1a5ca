"""What every page and answer passes through, and what none of them may show."""
