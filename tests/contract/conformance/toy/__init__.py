"""A connector of a made-up till, its server and its case: what the suite itself is tried on."""
