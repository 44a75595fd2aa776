"""What the connectors of LinkedIn's REST API share: its errors and headers; lands nothing by itself."""
