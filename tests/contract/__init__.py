"""Tests of what parts of the system promise each other."""
