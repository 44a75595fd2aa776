"""What the connectors of Meta's Graph API share: errors, usage, paging, days; lands nothing by itself."""
