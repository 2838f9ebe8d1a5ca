"""The project itself: its structure, settings, docs, translations and tools."""
