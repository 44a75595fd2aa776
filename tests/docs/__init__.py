"""Documentation that can rot: tests that fail when it does."""
