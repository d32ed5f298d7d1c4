"""Customers: who a person is, their contacts, their note."""
