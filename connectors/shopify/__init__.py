"""Shopify: orders, their lines and refunds, and customers of a shop, over its GraphQL Admin API."""
