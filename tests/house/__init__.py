"""Tests of the house itself: its walls, its shape, its promises about every URL and every table."""
