"""Who and where: places, agencies, officials, posts, appointments."""
