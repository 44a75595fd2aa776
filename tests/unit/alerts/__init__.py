"""Tests of who is told what, and that it arrives."""
