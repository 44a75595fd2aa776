"""Made-up exports of any size, seeded, with what a right reckoning of them must give written beside them."""
