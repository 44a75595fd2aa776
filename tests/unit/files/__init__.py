"""Tests of mapped files."""
