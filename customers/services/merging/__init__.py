"""Make one profile of two, and two of one again."""
