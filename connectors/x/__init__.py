"""X accounts: followers and posts, by API v2."""
