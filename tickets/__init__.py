"""Tickets: what is asked and answered."""
