"""Take a table of customers in: keep it, read it, try it, do it in steps, tell what came of it, take it back."""
