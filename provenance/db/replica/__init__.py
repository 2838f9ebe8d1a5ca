"""The backend of connections to replicas."""
