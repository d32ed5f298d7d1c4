"""Channels: ways a message comes in and goes out."""
