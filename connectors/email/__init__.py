"""E-mail campaign reports: counts per send, and per link."""
