"""Hotjar surveys (NPS and others), by API."""
