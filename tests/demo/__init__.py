"""Tests of the pretend store."""
