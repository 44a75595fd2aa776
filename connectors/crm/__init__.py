"""CRM contacts and deals, by file."""
