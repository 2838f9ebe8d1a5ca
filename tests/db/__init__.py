"""What Django lacks: keys, batches, constraints held against many rows."""
