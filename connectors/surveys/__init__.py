"""Survey answers (NPS and others)."""
