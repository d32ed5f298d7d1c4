"""Find who may be one person, show it, and remember who was said to be two."""
