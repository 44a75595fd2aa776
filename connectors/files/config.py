"""FileSourceConfig: how one file source of ``sanjeh.yml`` is read; pydantic reports what is wrong, by key.

In: the mapping under ``sources.<id>`` with a file connector. Out: a frozen, validated configuration.
Nothing about a file is guessed that this mapping can say: marks, calendar, encoding, money unit.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

RIALS: MappingProxyType[str, int] = MappingProxyType(
    {
        "rial": 1,
        "irr": 1,
        "toman": 10,
        "irt": 10,
        "thousand_toman": 10_000,
        "million_rial": 1_000_000,
        "million_toman": 10_000_000,
        "irhr": 1_000,
        "irht": 10_000,
    }
)
"""Rials in one unit, by the word of ``money_unit`` (lower case). What a new rial is worth is declared."""


class Covers(StrEnum):
    """What a file replaces when it is landed again, and what it takes over from other files."""

    FILE = "file"
    """Itself: its rows stand beside those of other files."""
    DATES = "dates"
    """The days it holds: they replace the same days of any earlier file."""
    KEYS = "keys"
    """Its rows stand beside others; for a key that several hold, the newest landing counts."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Constant(_Model):
    """Every row of the source has this value (a date as YYYY-MM-DD)."""

    constant: str | int | float | bool | date

    @property
    def text(self) -> str:
        """The value as a file would write it."""
        return str(self.constant)


class FromFileName(_Model):
    """The value is the file's name without endings, or the first group of an expression found in it."""

    file_name: Literal[True] | str

    @field_validator("file_name")
    @classmethod
    def _has_one_group(cls, value: Literal[True] | str) -> Literal[True] | str:
        if isinstance(value, str) and _compiled(value).groups < 1:
            raise ValueError("file_name needs true or a regular expression with one group, e.g. '^(.+)_all'")
        return value

    def value(self, stem: str) -> str:
        """The part of ``stem`` (a file name without endings) that is meant; empty when nothing matches."""
        if self.file_name is True:
            return stem
        found = _compiled(self.file_name).search(stem)
        return (found.group(1) or "") if found else ""


ColumnSpec = str | tuple[str, ...] | Constant | FromFileName
"""Where a stream column comes from: a header, several spellings of it, a constant, or the file's name."""


class DatedUnit(_Model):
    """The unit of amounts over some days (inclusive) of the row's own date; open where a day isn't given.

    Attributes:
        unit: a word of ``RIALS``, or any name beside ``rials``.
        rials: rials in one unit, for a unit that has no word here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    unit: str
    rials: Annotated[int, Field(gt=0)] | None = None
    start: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _older_word(cls, value: object) -> object:
        if isinstance(value, Mapping) and "effective_from" in value and "from" not in value:
            return {("from" if key == "effective_from" else key): each for key, each in value.items()}
        return value

    @model_validator(mode="after")
    def _has_a_worth(self) -> Self:
        if self.rials is None and self.unit.lower() not in RIALS:
            raise ValueError(
                f"unit {self.unit!r} is none of {', '.join(RIALS)}; say what it is worth, e.g. rials: 10000"
            )
        if self.rials is not None and self.start is None:
            raise ValueError(f"say from which day on amounts are in {self.unit}: from: YYYY-MM-DD")
        if self.start and self.until and self.until < self.start:
            raise ValueError(f"{self.unit} ends ({self.until}) before it starts ({self.start})")
        return self

    @property
    def worth(self) -> int:
        """Rials in one unit."""
        return self.rials if self.rials is not None else RIALS[self.unit.lower()]


def _unit_form(value: object) -> str:
    if isinstance(value, list | tuple):
        return "history"
    return "unit" if isinstance(value, Mapping | DatedUnit) else "word"


MoneyUnit = Annotated[
    Annotated[str, Tag("word")]
    | Annotated[DatedUnit, Tag("unit")]
    | Annotated[tuple[DatedUnit, ...], Tag("history")],
    Discriminator(_unit_form),
]
"""Unit of rial amounts: a word, a unit from a day on, or units one after another."""


class Coverage(_Model):
    """The days that a file is about (inclusive), where the file itself does not show it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: date = Field(alias="from")
    end: date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"coverage ends ({self.end}) before it starts ({self.start})")
        return self

    @property
    def half_open(self) -> tuple[date, date]:
        """(first day, day after the last)."""
        return self.start, self.end + timedelta(days=1)


class FileSourceConfig(_Model):
    """One file source.

    Attributes:
        connector: preset word, e.g. ``orders_file``.
        brand: brand id the rows belong to.
        path: glob relative to the workspace, e.g. ``exports/orders/*.csv``.
        stream: the stream to land in instead of the preset's own, e.g. ``email/links``.
        columns: stream column -> header, spellings, ``{constant: …}`` or ``{file_name: true}``; null leaves
            it out.
        date_format: strptime format(s) of dates and moments; without it ISO, Jalali and Excel serials are
            read.
        calendar: calendar of two-digit years and month names; four-digit years speak for themselves.
        decimal: decimal mark. thousands: marks that may group digits.
        percent: numeric stream column -> whether the file writes 25 (percent) or 0.25 (fraction).
        money_unit: unit of all amounts in rial sources: rial, toman, IRHR, IRHT …, a :class:`DatedUnit`, or
            a list of them in order, without gap or overlap.
        encoding: of text files; without it UTF-8, or UTF-16 where the byte-order mark says so.
        delimiter: of text files; without it a tab in ``.tsv`` and UTF-16 files, else a comma.
        header_row: line of the header, from 1; without it the first line that is not blank.
        sheet: worksheet name or number from 1.
        currency, timezone: of amounts and moments that don't say their own; the brand's otherwise.
        covers: see :class:`Covers`. coverage: the days the file is about, where it can't show them.
        na_values: cells that mean "no value", beside empty ones.
        reject_threshold: share of unreadable rows above which the source is not loaded.
        expect: whether days without data are a gap: ``daily``, ``none`` or ``until YYYY-MM-DD``.
        address_flags: flag -> address patterns, e.g. ``staff: ["*@example.com"]``.
        pii: ``hash`` or, explicitly, ``keep``.
    """

    connector: str
    brand: str
    path: str
    stream: str | None = None
    columns: dict[str, ColumnSpec | None] = Field(default_factory=dict)
    date_format: tuple[str, ...] = ()
    calendar: Literal["gregorian", "jalali"] | None = None
    decimal: Literal[".", ",", "٫", "/"] = "."
    thousands: tuple[str, ...] | None = None
    percent: dict[str, Literal["percent", "fraction"]] = Field(default_factory=dict)
    money_unit: MoneyUnit | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    sheet: str | int | None = None
    currency: str | None = None
    timezone: str | None = None
    covers: Covers | None = None
    coverage: Coverage | None = None
    na_values: tuple[str, ...] = ()
    reject_threshold: Annotated[float, Field(ge=0, le=1)] = 0.01
    expect: str | None = None
    address_flags: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    pii: Literal["hash", "keep"] = "hash"

    @field_validator("date_format", "thousands", "na_values", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("expect", mode="before")
    @classmethod
    def _expectation(cls, value: object) -> object:
        if value is None or value in {"daily", "none"}:
            return value
        if isinstance(value, str) and re.fullmatch(r"until \d{4}-\d{2}-\d{2}", value):
            date.fromisoformat(value.removeprefix("until "))
            return value
        raise ValueError("expect is daily, none or until YYYY-MM-DD")

    @field_validator("path")
    @classmethod
    def _inside_workspace(cls, value: str) -> str:
        if value.startswith(("/", "~")) or ".." in value.split("/"):
            raise ValueError(
                "path is relative to the workspace and stays inside it, e.g. exports/orders/*.csv"
            )
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        try:
            return None if value is None else codecs.lookup(value).name
        except LookupError:
            raise ValueError(
                f"unknown encoding {value!r}; usual are utf-8, utf-16, utf-16-le, windows-1256 and "
                "windows-1252"
            ) from None

    @field_validator("delimiter")
    @classmethod
    def _delimiter(cls, value: str | None) -> str | None:
        value = {"tab": "\t", "\\t": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}.get(
            value or "", value
        )
        if value is not None and len(value) != 1:
            raise ValueError("delimiter is one character, or the word tab, semicolon, comma or pipe")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"unknown time zone {value!r}; write an IANA name such as Asia/Tehran") from None

    @field_validator("currency")
    @classmethod
    def _currency_code(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Z]{3}", value):
            raise ValueError(f"currency is an ISO code of three capitals such as IRR or USD, not {value!r}")
        return value

    @field_validator("money_unit")
    @classmethod
    def _known_unit(cls, value: MoneyUnit | None) -> MoneyUnit | None:
        if isinstance(value, tuple):
            _require_one_after_another(value)
        if isinstance(value, str) and value.lower() not in RIALS:
            raise ValueError(
                f"money_unit {value!r} is none of {', '.join(RIALS)}; a new rial is written "
                "{unit: new_rial, rials: 10000, from: YYYY-MM-DD}"
            )
        return value

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.thousands and self.decimal in self.thousands:
            raise ValueError(f"{self.decimal!r} can't be the decimal and the thousands mark at once")
        return self

    @property
    def thousands_marks(self) -> tuple[str, ...]:
        """Marks that may group digits: the declared ones, else the usual ones apart from the decimal mark."""
        usual = (",", "٬", "،")
        return self.thousands if self.thousands is not None else tuple(m for m in usual if m != self.decimal)


def _require_one_after_another(units: tuple[DatedUnit, ...]) -> None:
    """Refuses a history of units in which a day has none or two.

    Raises:
        ValueError: naming the two entries and the days between or in both.
    """
    if not units:
        raise ValueError("money_unit is an empty list; name at least one unit")
    for earlier, later in itertools.pairwise(units):
        if earlier.until is None or later.start is None:
            raise ValueError(
                f"{earlier.unit} needs its last day (until), and {later.unit} after it its first (from)"
            )
        expected = earlier.until + timedelta(days=1)
        if later.start != expected:
            wrong = "leaves a gap after" if later.start > expected else "overlaps"
            raise ValueError(
                f"{later.unit} from {later.start} {wrong} {earlier.unit} until {earlier.until}; write from: "
                f"{expected}, or change until"
            )


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
