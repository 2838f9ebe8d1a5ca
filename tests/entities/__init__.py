"""Places, agencies, officials, posts, appointments."""
