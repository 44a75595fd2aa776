"""Stream: the declaration of one kind of raw data, from which landing, views, dbt sources and docs follow.

A stream says what lands (columns with types), what identifies a row (key), which column is its clock
(cursor), how it is stored (kind), how far back a run re-reads and when its numbers stop changing. A
declaration holds no logic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from connectors.core.identity import Identity, IdKind


class Kind(StrEnum):
    """How a stream is stored; see docs/decisions/0001-raw-zone.md."""

    REPORT = "report"
    """Rows per day and breakdown. Slices are days; a landing replaces the whole days of its window."""
    ENTITY = "entity"
    """Change batches of records, reduced to the newest version in staging. Slices are files or batches."""
    SNAPSHOT = "snapshot"
    """The whole list at one moment. A slice is that moment; absence from a later snapshot means gone."""


class Type(StrEnum):
    """Type of a column; the DuckDB type is ``Type.sql``."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    MONEY = "money"
    RATE = "rate"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"

    @property
    def sql(self) -> str:
        """DuckDB type. Instants are UTC timestamps without zone; decimals and money are DECIMAL(18,6).

        A rate is DECIMAL(24,12): that of a rial in euros has its first digit in the sixth place.
        """
        return _SQL_TYPES[self]


_SQL_TYPES: Mapping[Type, str] = MappingProxyType(
    {
        Type.STRING: "VARCHAR",
        Type.INTEGER: "BIGINT",
        Type.NUMBER: "DOUBLE",
        Type.DECIMAL: "DECIMAL(18,6)",
        Type.MONEY: "DECIMAL(18,6)",
        Type.RATE: "DECIMAL(24,12)",
        Type.DATE: "DATE",
        Type.INSTANT: "TIMESTAMP",
        Type.BOOLEAN: "BOOLEAN",
    }
)


class Personal(StrEnum):
    """What kind of personal data a column holds; decides how it is normalised before the keyed hash."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True)
class Column:
    """One declared column of a stream.

    Attributes:
        name: snake_case name in the raw zone.
        type: logical type; see :class:`Type`.
        description: meaning, unit and zone, as shown in the docs.
        required: a row without a value is rejected, and a source that lacks the column doesn't load.
        personal: the value is replaced by a keyed HMAC at landing (column ``<name>_hmac``); an e-mail also
            gives ``<name>_domain``, ``is_role_<name>`` and ``<name>_flags``.
    """

    name: str
    type: Type
    description: str
    required: bool = False
    personal: Personal | None = None

    @property
    def landed(self) -> tuple[tuple[str, str], ...]:
        """(name, DuckDB type) of the raw-zone columns that this column becomes."""
        if self.personal is None:
            return ((self.name, self.type.sql),)
        hashed = ((f"{self.name}_hmac", "VARCHAR"),)
        if self.personal is not Personal.EMAIL:
            return hashed
        return (
            *hashed,
            (f"{self.name}_domain", "VARCHAR"),
            (f"is_role_{self.name}", "BOOLEAN"),
            (f"{self.name}_flags", "VARCHAR"),
        )


SYSTEM_COLUMNS: tuple[tuple[str, str], ...] = (
    ("_source", "VARCHAR"),
    ("_brand", "VARCHAR"),
    ("_slice", "VARCHAR"),
    ("_file", "VARCHAR"),
    ("_line", "BIGINT"),
    ("_is_deleted", "BOOLEAN"),
    ("_loaded_at", "TIMESTAMP"),
    ("_load_id", "BIGINT"),
)
"""Columns of every raw row: source and brand ids, slice key, file lineage and record number (null for APIs),
whether the row says its record was deleted, UTC landing time, and the id of the run that landed it."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One kind of raw data; stored at ``raw/<connector>/<name>/source=<instance>/``.

    Attributes:
        connector: folder word of the source, e.g. ``ga4``.
        name: stream word, e.g. ``traffic``.
        kind: how it is stored.
        columns: declared columns in order.
        key: columns that identify a record within a source; empty when a record has no key of its own.
        cursor: the date or instant column that places a row in time; None where a row has no time.
        reread_days: how many days a run asks for again, the newest included; of a report more than
            ``final_after_days``, since a day that a claim may still reach tonight is not whole this morning.
        usable_after_days: days after which a closed day may be expected to be there.
        final_after_days: days after which a day's numbers no longer change.
        day_zone: ``source`` (the account's own zone), ``brand`` (instants are placed by the brand's zone) or
            an IANA name where the vendor fixes it.
        ids: columns that say whose a row is, besides its addresses, which follow from the columns.
    """

    connector: str
    name: str
    kind: Kind
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    cursor: str | None = None
    reread_days: int = 0
    usable_after_days: int = 1
    final_after_days: int = 0
    day_zone: str = "source"
    ids: tuple[Identity, ...] = ()
    personal: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        unknown = [name for name in (*self.key, *([self.cursor] if self.cursor else [])) if name not in names]
        if unknown or len(set(names)) != len(names):
            raise ValueError(
                f"stream {self.connector}/{self.name}: unknown or repeated columns {unknown or names}"
            )
        if self.kind is Kind.REPORT and 0 < self.reread_days <= self.final_after_days:
            raise ValueError(
                f"stream {self.id}: a day that changes for {self.final_after_days} days is read again for "
                f"{self.reread_days} days only, so what comes in on its last day is missed; "
                f"declare reread_days={self.final_after_days + 1} or more"
            )
        object.__setattr__(self, "personal", tuple(c for c in self.columns if c.personal))
        landed = {name for name, _ in self.landed_columns}
        strange = [each.column for each in self.ids if each.column not in landed]
        if strange:
            raise ValueError(f"stream {self.connector}/{self.name}: ids of unknown columns {strange}")

    @property
    def id(self) -> str:
        """``connector/name``, as used in paths, asset keys and messages."""
        return f"{self.connector}/{self.name}"

    @property
    def view(self) -> str:
        """Name of the view in schema ``raw``: ``connector__name``."""
        return f"{self.connector}__{self.name}"

    @property
    def landed_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, DuckDB type) of every column of the raw files, system columns last."""
        return (*(pair for column in self.columns for pair in column.landed), *SYSTEM_COLUMNS)

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Every column that says whose a row is, addresses first."""
        addresses = (
            Identity(f"{column.name}_hmac", IdKind.ADDRESS, stem=column.name)
            for column in self.personal
            if column.personal is Personal.EMAIL
        )
        return (*addresses, *self.ids)

    def column(self, name: str) -> Column:
        """The declared column ``name``; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
