"""The site: settings and addresses, no logic."""
