"""Tests of legal, tax and bank numbers."""
