"""The Stripe connector against the local Stripe."""
