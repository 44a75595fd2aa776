"""Made-up exports and workspaces of any size, seeded, with what a right reckoning of them must give beside them."""
