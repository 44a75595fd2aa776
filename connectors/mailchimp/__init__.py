"""Mailchimp campaign reports and audiences, by API."""
