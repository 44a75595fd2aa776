"""The HTML reports, from a small published file with every table they read."""
