"""Shape of one file: which records it has and of which types, so that what an export lacks reads as null.

Schemas differ between properties and over the years. A record or field that is not there is no error; one
that is there as something else than a record or a value is, and is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from duckdb.sqltypes import DuckDBPyType

from connectors.core.sql import identifier, literal

_NESTED = {"struct", "list", "map"}
_UNWRAPPED = (
    "list_transform(struct_extract(event_params, 'list'), lambda wrapped: struct_extract(wrapped, 'element'))"
)


class ShapeError(Exception):
    """A column has another shape than the export gives it; the message names it."""


@dataclass(frozen=True)
class Value:
    """One value: SQL, DuckDB type id (``varchar``, ``bigint``, ``double`` …), and where it stands."""

    sql: str
    type: str
    path: str


@dataclass(frozen=True)
class Params:
    """The event parameters: SQL of their list, and type id by field of a value."""

    sql: str
    types: Mapping[str, str]


@dataclass(frozen=True)
class Shape:
    """DuckDB type by top-level column of a file."""

    types: Mapping[str, DuckDBPyType]

    def value(self, path: str) -> Value | None:
        """The value at a dotted path; None where the file hasn't got it.

        Raises:
            ShapeError: something on the path is no record, or the end of it is one.
        """
        column, *fields = path.split(".")
        type_ = self.types.get(column)
        sql = identifier(column)
        for position, name in enumerate(fields):
            if type_ is None:
                return None
            if type_.id != "struct":
                at = ".".join([column, *fields[:position]])
                raise ShapeError(f"{at} is {type_}, but the export has a record there")
            sql = f"struct_extract({sql}, {literal(name)})"
            type_ = _children(type_).get(name)
        if type_ is None:
            return None
        if type_.id in _NESTED:
            raise ShapeError(f"{path} is {type_}, but the export has a single value there")
        return Value(sql, type_.id, path)

    def required(self, path: str) -> Value:
        """The value at a dotted path that every file has.

        Raises:
            ShapeError: it isn't there.
        """
        found = self.value(path)
        if found is None:
            raise ShapeError(f"there is no column {path}")
        return found

    def params(self) -> Params:
        """The event parameters.

        A table that was loaded into BigQuery from Parquet and exported again has its lists wrapped in
        ``list[].element``; they are unwrapped.

        Raises:
            ShapeError: there is no list of keys and values.
        """
        type_ = self.types["event_params"]
        sql, listed = "event_params", type_
        if type_.id == "struct":
            sql, listed = _UNWRAPPED, _children(type_).get("list", type_)
        element = _children(listed).get("child") if listed.id == "list" else None
        if type_.id == "struct" and element is not None:
            element = _children(element).get("element")
        fields = _children(element) if element is not None else {}
        value = fields.get("value")
        if "key" not in fields or value is None or value.id != "struct":
            raise ShapeError(f"event_params is {type_}, but the export has a list of keys and values there")
        return Params(sql, {name: child.id for name, child in _children(value).items()})


def _children(type_: DuckDBPyType) -> dict[str, DuckDBPyType]:
    """Type by name of the fields of a record, or of the ``child`` of a list."""
    if type_.id not in _NESTED:
        return {}
    return {name: child for name, child in type_.children if isinstance(child, DuckDBPyType)}
