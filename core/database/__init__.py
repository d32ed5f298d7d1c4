"""PostgreSQL as this product uses it: a tenant told to each transaction, row-level security, two roles."""
