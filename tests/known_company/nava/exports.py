"""Export files as an Iranian shop's tools write them: Persian digits and marks, Jalali days, one file a drop.

``Drop`` is a file together with the days that a reader may take it to be about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import jdatetime

from tests.known_company.clock import RUNS

TEHRAN = ZoneInfo("Asia/Tehran")
Span = tuple[date, date]
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True)
class Drop:
    """A file; ``content`` None is one that is taken away again.

    Attributes:
        name: path below the brand's folder of exports.
        spans: half-open spans of days that its rows are about.
    """

    name: str
    content: bytes | None
    spans: tuple[Span, ...] = ()


def final_spans(drops: Iterable[Sequence[Drop]]) -> list[Span]:
    """Days that the files of all runs are about, a later file of a name in place of an earlier one."""
    newest: dict[str, Drop] = {}
    for of_run in drops:
        newest |= {drop.name: drop for drop in of_run}
    return [span for drop in newest.values() for span in drop.spans]


def put(folder: Path, drops: Iterable[Drop]) -> None:
    """Write files below ``folder``, or take them away."""
    for drop in drops:
        path = folder / drop.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if drop.content is None:
            path.unlink()
        else:
            path.write_bytes(drop.content)


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> bytes:
    """A delimited file; None is an empty cell, cells that hold the delimiter are quoted."""
    lines = [header, *([("" if cell is None else str(cell)) for cell in row] for row in rows)]
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in line] for line in lines]
    return "".join(delimiter.join(line) + "\n" for line in quoted).encode(encoding)


def span_of(days: Iterable[date]) -> tuple[Span, ...]:
    """The one span from the first of ``days`` to the last."""
    known = sorted(set(days))
    return ((known[0], known[-1] + timedelta(days=1)),) if known else ()


def each_day(days: Iterable[date]) -> tuple[Span, ...]:
    """A span for each of ``days``, for exports that are sliced by day."""
    return tuple((day, day + timedelta(days=1)) for day in sorted(set(days)))


def persian(number: int | Decimal | None) -> str | None:
    """A number such as ۱٬۲۳۴٫۵."""
    if number is None:
        return None
    return f"{number:,}".replace(",", "٬").replace(".", "٫").translate(_PERSIAN)


def persian_digits(text: str) -> str:
    """The text with Persian digits."""
    return text.translate(_PERSIAN)


def jalali_day(day: date) -> str:
    """A day such as ۱۴۰۳/۱۲/۳۰."""
    return persian_digits(jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d"))


def jalali_month(day: date) -> str:
    """1403-12, for names of files."""
    return str(jdatetime.date.fromgregorian(date=day).strftime("%Y-%m"))


def jalali_moment(moment: datetime | None) -> str | None:
    """1403/12/30 23:59:59, as a clock in Tehran shows it."""
    if moment is None:
        return None
    local = moment.astimezone(TEHRAN)
    return f"{jdatetime.date.fromgregorian(date=local.date()).strftime('%Y/%m/%d')} {local:%H:%M:%S}"


def tehran_day(moment: datetime) -> date:
    """Day in Tehran."""
    return moment.astimezone(TEHRAN).date()


def tehran(day: date, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    """A moment on a day in Tehran."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=TEHRAN)


def run_of(moment: datetime) -> int:
    """The first run that may know what happened at ``moment``."""
    return next(run for run, clock in enumerate(RUNS) if moment < clock)


def days_from(first: date, last: date) -> list[date]:
    """Days from ``first`` to ``last``, both inclusive."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
