"""Local servers that speak the vendors' APIs: their shapes, limits, errors and quirks; loopback only."""
