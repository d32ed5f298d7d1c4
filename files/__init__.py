"""Stored files: random key, checksum, size, type."""
