"""The Shopify connector against the local shop."""
