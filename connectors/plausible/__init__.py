"""Plausible web statistics, by API; of plausible.io or of a server of one's own."""
