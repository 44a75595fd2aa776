"""The Instagram connector against the local Graph API."""
