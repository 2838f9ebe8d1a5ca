"""Every write leaves a trace: changes, history, versions, the past."""
