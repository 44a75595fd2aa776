"""Tests of settings, state, control tables and publishing."""
