"""The Hotjar connector against the local Hotjar."""
