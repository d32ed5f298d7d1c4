"""Filters of tickets' templates."""
