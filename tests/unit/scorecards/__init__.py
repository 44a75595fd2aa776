"""Scorecards, objectives and budgets: reading, lint, suggestion."""
