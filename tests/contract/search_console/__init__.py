"""Search Console's connector against the local Search Console server."""
