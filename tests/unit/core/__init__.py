"""Tests of the connectors' core and of the calendar."""
