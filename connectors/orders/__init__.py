"""Orders of a shop: lines or whole orders."""
