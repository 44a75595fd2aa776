"""What the connectors of the Graph API share."""
