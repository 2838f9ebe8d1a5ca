"""How fast it is, as ratios of things measured side by side: `make bench`."""
