"""The HubSpot connector against the local HubSpot."""
