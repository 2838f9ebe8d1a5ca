"""The public pages of the record: the timeline, and a page for each of its parts."""
