"""Makes the calendar streams: every day from 1990 to 2060 and the periods of each calendar in use.

Days and Jalali dates come from Python (``jdatetime``), so that SQL of any dialect only joins. Periods are
half-open and always whole: a week, month or quarter that is cut by the end of the range is left out. The
result depends on the keys alone and lands only when they, or this module's rules, change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import pairwise
from typing import Any, Self

import jdatetime
import pyarrow as pa

from connectors.calendar.streams import DAYS, PERIODS
from connectors.core.api import Period
from connectors.core.dates import JALALI_MONTHS
from connectors.core.manifest import InputEntry
from connectors.core.raw_zone import Landed, RawZone, Replaces
from connectors.core.stream import Stream, Type
from connectors.core.text import persian_digits
from connectors.core.window import DateWindow

FIRST_DAY = date(1990, 1, 1)
END = date(2061, 1, 1)
"""Day after the last."""
SOURCE = "calendar"
"""Source and brand id of the calendar streams."""

_RULES_VERSION = 1
_EPOCH = date(1970, 1, 1)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS_FA = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS_FA = (
    "ژانویه",
    "فوریه",
    "مارس",
    "آوریل",
    "مه",
    "ژوئن",
    "ژوئیه",
    "اوت",
    "سپتامبر",
    "اکتبر",
    "نوامبر",
    "دسامبر",
)
_JALALI_MONTHS_EN = (
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
)
_ORDINALS_FA = ("اول", "دوم", "سوم", "چهارم")
_ARROW_TYPES = {Type.STRING: pa.string(), Type.INTEGER: pa.int64(), Type.DATE: pa.date32()}


@dataclass(frozen=True, order=True)
class CalendarKey:
    """What shapes the periods of a brand.

    Attributes:
        calendar: gregorian or jalali.
        week_start: English weekday in lower case.
        fiscal_year_start: month of the calendar that the fiscal year starts with, 1 to 12.
    """

    calendar: str
    week_start: str
    fiscal_year_start: int

    def __post_init__(self) -> None:
        known = self.calendar in {"gregorian", "jalali"} and self.week_start in _WEEKDAYS
        if not known or self.fiscal_year_start not in range(1, 13):
            raise ValueError(f"no such calendar: {self}")

    @property
    def key(self) -> str:
        """``calendar_key`` of the tables, e.g. ``gregorian-monday-1``."""
        return f"{self.calendar}-{self.week_start}-{self.fiscal_year_start}"

    @classmethod
    def parse(cls, key: str) -> Self:
        """The inverse of :attr:`key`."""
        calendar, week_start, fiscal_year_start = key.split("-")
        return cls(calendar, week_start, int(fiscal_year_start))


def land_calendar(
    zone: RawZone, keys: Iterable[CalendarKey], *, load_id: int, loaded_at: datetime
) -> list[Landed]:
    """Land days and the periods of ``keys``; what landed before and is unchanged is not made again.

    Raises:
        RawZoneError: the raw zone cannot be read or written.
    """
    span = f"{FIRST_DAY}..{END - timedelta(days=1)}"
    periods = {key.key: partial(period_rows, key) for key in sorted(set(keys))}
    landings = (
        _land(zone, DAYS, {span: day_rows}, load_id=load_id, loaded_at=loaded_at),
        _land(zone, PERIODS, periods, load_id=load_id, loaded_at=loaded_at),
    )
    return [landed for landed in landings if landed is not None]


def day_rows() -> list[tuple[Any, ...]]:
    """Rows of ``calendar/days``, columns in declared order."""
    rows: list[tuple[Any, ...]] = []
    for day, (jalali_year, jalali_month, jalali_day) in zip(_days(), _jalali_parts(), strict=False):
        iso = day.isocalendar()
        rows.append(
            (
                day,
                (day - _EPOCH).days,
                day.isoweekday(),
                day.year,
                (day.month + 2) // 3,
                day.month,
                day.day,
                iso.year,
                iso.week,
                jalali_year,
                (jalali_month + 2) // 3,
                jalali_month,
                jalali_day,
                f"{jalali_year}/{jalali_month:02d}/{jalali_day:02d}",
                JALALI_MONTHS[jalali_month - 1],
                _WEEKDAYS[day.weekday()].capitalize(),
                _WEEKDAYS_FA[day.weekday()],
            )
        )
    return rows


def period_rows(key: CalendarKey) -> list[tuple[Any, ...]]:
    """Rows of ``calendar/periods`` of one key, columns in declared order."""
    calendar = _Calendar(key)
    days = [*_days(), END]
    weeks = [day for day in days if _WEEKDAYS[day.weekday()] == key.week_start]
    quarter_months = {(key.fiscal_year_start - 1 + 3 * index) % 12 + 1 for index in range(4)}
    months = [day for day in days if calendar.of(day)[2] == 1]
    quarters = [day for day in months if calendar.of(day)[1] in quarter_months]
    return [
        *_rows(key, "day", days, calendar.last_year, calendar.day_label),
        *_rows(key, "week", weeks, lambda day: day - timedelta(weeks=52), calendar.week_label),
        *_rows(key, "month", months, calendar.last_year, calendar.month_label),
        *_rows(key, "quarter", quarters, calendar.last_year, calendar.quarter_label),
    ]


def periods_within(key: CalendarKey, window: DateWindow) -> list[Period]:
    """Periods of every grain that overlap ``window``: quarters first, then months, weeks and days."""
    return [period for period in _periods(key) if period.start < window.end and period.end > window.start]


@cache
def _periods(key: CalendarKey) -> tuple[Period, ...]:
    names = [column.name for column in PERIODS.columns]
    grain, start, end = (names.index(name) for name in ("grain", "period_start", "period_end"))
    periods = [Period(row[grain], row[start], row[end]) for row in period_rows(key)]
    order = ("quarter", "month", "week", "day")
    return tuple(sorted(periods, key=lambda period: (order.index(period.grain), period.start)))


class _Calendar:
    """Dates, counterparts and labels of one calendar."""

    def __init__(self, key: CalendarKey) -> None:
        self._fiscal_start = key.fiscal_year_start
        self._months_en = _JALALI_MONTHS_EN if key.calendar == "jalali" else _MONTHS_EN
        self._months_fa = JALALI_MONTHS if key.calendar == "jalali" else _MONTHS_FA
        self._mark = "/" if key.calendar == "jalali" else "-"
        days = [*_days(), END]
        gregorian = tuple((day.year, day.month, day.day) for day in days)
        parts = _jalali_parts() if key.calendar == "jalali" else gregorian
        self._parts = dict(zip(days, parts, strict=True))
        self._days = {part: day for day, part in self._parts.items()}

    def of(self, day: date) -> tuple[int, int, int]:
        """Year, month and day in this calendar."""
        return self._parts[day]

    def last_year(self, day: date) -> date | None:
        """The same date a year before; None where that year lacks it."""
        year, month, number = self.of(day)
        return self._days.get((year - 1, month, number))

    def day_label(self, day: date) -> tuple[str, str]:
        """English and Persian label of a day."""
        text = self._date(day)
        return text, persian_digits(text).replace("-", "/")

    def week_label(self, day: date) -> tuple[str, str]:
        """Labels of the week that starts on ``day``."""
        english, persian = self.day_label(day)
        return f"Week of {english}", f"هفتهٔ {persian}"

    def month_label(self, day: date) -> tuple[str, str]:
        """Labels of the month that starts on ``day``."""
        year, month, _ = self.of(day)
        return (
            f"{self._months_en[month - 1]} {year}",
            f"{self._months_fa[month - 1]} {persian_digits(str(year))}",
        )

    def quarter_label(self, day: date) -> tuple[str, str]:
        """Labels of the fiscal quarter that starts on ``day``."""
        year, month, _ = self.of(day)
        quarter = (month - self._fiscal_start) % 12 // 3
        first = year if month >= self._fiscal_start else year - 1
        plain = self._fiscal_start == 1
        years = str(first) if plain else f"{first}/{(first + 1) % 100:02d}"
        english = f"{years} Q{quarter + 1}" if plain else f"FY{years} Q{quarter + 1}"
        fiscal = "" if plain else "سال مالی "
        return english, f"سه‌ماههٔ {_ORDINALS_FA[quarter]} {fiscal}{persian_digits(years)}"

    def _date(self, day: date) -> str:
        year, month, number = self.of(day)
        return f"{year}{self._mark}{month:02d}{self._mark}{number:02d}"


def _rows(
    key: CalendarKey,
    grain: str,
    starts: Sequence[date],
    year_ago: Callable[[date], date | None],
    labels: Callable[[date], tuple[str, str]],
) -> list[tuple[Any, ...]]:
    """Rows of the periods between consecutive ``starts``."""
    known = set(starts)
    rows: list[tuple[Any, ...]] = []
    for index, (start, end) in enumerate(pairwise(starts)):
        before = year_ago(start)
        rows.append(
            (
                key.key,
                key.calendar,
                key.week_start,
                key.fiscal_year_start,
                grain,
                index,
                start,
                end,
                (end - start).days,
                starts[index - 1] if index else None,
                before if before in known else None,
                *labels(start),
            )
        )
    return rows


def _land(
    zone: RawZone,
    stream: Stream,
    slices: Mapping[str, Callable[[], list[tuple[Any, ...]]]],
    *,
    load_id: int,
    loaded_at: datetime,
) -> Landed | None:
    """Land the slices that are missing or of other rules, drop those that aren't wanted; None if none."""
    manifest = zone.manifest(stream, SOURCE)
    wanted = {name: _rules_hash(name) for name in slices}
    landed = {name: entry.sha256 for name, entry in manifest.inputs.items() if name in manifest.slices}
    stale = [name for name, digest in wanted.items() if landed.get(name) != digest]
    dropped = manifest.slices.keys() - wanted.keys()
    if not stale and not dropped:
        return None
    window = (FIRST_DAY, END)
    with zone.landing(stream, source=SOURCE, brand=SOURCE, load_id=load_id, loaded_at=loaded_at) as landing:
        inputs: dict[str, InputEntry] = {}
        for name in stale:
            rows = slices[name]()
            landing.stage_batches(_table(stream, rows, name).to_batches())
            inputs[name] = InputEntry(
                sha256=wanted[name],
                size=0,
                load_id=load_id,
                loaded_at=loaded_at,
                rows=len(rows),
                slices=(name,),
                window_start=FIRST_DAY,
                window_end=END,
            )
        return landing.commit(replaces=Replaces.slices(dropped), window=window, inputs=inputs)


def _table(stream: Stream, rows: list[tuple[Any, ...]], slice_: str) -> pa.Table:
    arrays = [
        pa.array(values, _ARROW_TYPES[column.type])
        for values, column in zip(zip(*rows, strict=True), stream.columns, strict=True)
    ]
    names = [column.name for column in stream.columns]
    return pa.table([*arrays, pa.array([slice_] * len(rows), pa.string())], names=[*names, "_slice"])


def _rules_hash(name: str) -> str:
    rules = f"{_RULES_VERSION} {FIRST_DAY} {END} {jdatetime.__VERSION__} {name}"
    return hashlib.sha256(rules.encode()).hexdigest()


@cache
def _days() -> tuple[date, ...]:
    return tuple(FIRST_DAY + timedelta(days=offset) for offset in range((END - FIRST_DAY).days))


@cache
def _jalali_parts() -> tuple[tuple[int, int, int], ...]:
    """Jalali year, month and day of every day and of the day after the last."""
    found = (jdatetime.date.fromgregorian(date=day) for day in (*_days(), END))
    return tuple((each.year, each.month, each.day) for each in found)
