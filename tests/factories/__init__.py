"""Dull makers of rows, one module an app. Call them inside a tenant scope."""
