"""Stripe billing: subscriptions with their history, invoices, customers, by API."""
