"""Workspaces of the benchmarks: seeded, with the sums that they must give written beside them."""
