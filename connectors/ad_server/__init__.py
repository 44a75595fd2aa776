"""Event log of an ad server: one row per impression or click."""
