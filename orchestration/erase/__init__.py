"""Erasing people: who they are, where they are, taking them out, keeping them out, and the proof."""
