"""The site as it is deployed: behind the programs that serve it."""
