"""Orion, B2B software in Berlin: Gregorian months, fiscal year from April, weeks from Monday, EUR; APIs and files."""
