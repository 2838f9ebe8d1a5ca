"""What happened and what was measured: events, metrics, the chronicle."""
