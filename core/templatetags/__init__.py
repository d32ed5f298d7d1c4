"""Template tags and filters without domain words."""
