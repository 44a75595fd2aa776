"""Dated exchange rates from a file."""
