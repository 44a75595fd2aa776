"""Quoting of names and values for generated SQL."""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """``name`` as a quoted DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """``text`` as a SQL string literal, or ``null``."""
    if text is None:
        return "null"
    return "'" + text.replace("'", "''") + "'"


def constant_text(text: str | None) -> str:
    """SQL of one text for all rows, typed so that it costs next to nothing in a Parquet file.

    An enum of one value is written from its dictionary and reads as text everywhere; a text would be looked
    up in a dictionary row by row.
    """
    return f"cast({literal(text)} as enum({literal(text or '')}))"


def identifiers(names: Iterable[str]) -> str:
    """Quoted names, comma separated."""
    return ", ".join(identifier(name) for name in names)


def literals(texts: Iterable[str]) -> str:
    """A DuckDB list of string literals: ``['a', 'b']``."""
    return "[" + ", ".join(literal(text) for text in texts) + "]"
