"""Places, agencies, officials, posts and appointments: people and institutions."""
