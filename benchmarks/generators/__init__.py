"""Made-up exports and workspaces of any size, seeded, with the answers they must give written beside them."""
