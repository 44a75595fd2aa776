"""The Mailchimp connector against the local Mailchimp."""
