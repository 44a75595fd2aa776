"""The Meta Ads connector against the local Graph API."""
