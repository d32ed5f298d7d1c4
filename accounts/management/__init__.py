"""Maintenance of workspaces and people."""
