"""Events, metrics, and the record as one data set."""
