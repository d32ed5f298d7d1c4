"""A pretend Shopify: several shops in memory that speak the Admin GraphQL API and send signed webhooks."""
