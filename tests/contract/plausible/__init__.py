"""The Plausible connector against the local Plausible."""
