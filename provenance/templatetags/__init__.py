"""Tags of the templates; they import ``pages`` and the ground."""
