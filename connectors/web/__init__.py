"""Daily traffic of any other web-analytics tool (Ravand and the like), by mapped file."""
