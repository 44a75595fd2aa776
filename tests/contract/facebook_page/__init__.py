"""The Facebook page connector against the local Graph API."""
