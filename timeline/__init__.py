"""Events, metrics and observations, and the timeline of all events."""
