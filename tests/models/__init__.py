"""What every record has."""
