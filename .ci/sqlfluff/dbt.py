"""Stands in for dbt's own macros when sqlfluff renders models."""


def type_string() -> str:
    """Type word of text."""
    return "varchar"
