"""Addresses of every country: their forms, their order on a label, what looks wrong, one line divided into fields."""
