"""Subscriptions as full lists taken at moments."""
