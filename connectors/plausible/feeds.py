"""Which question to Plausible fills which stream; days are the site's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from connectors.core.api import Context
from connectors.core.feed import Batch, Feed, PeriodFeed, ReportFeed
from connectors.core.stream import Stream
from connectors.core.window import DateWindow
from connectors.plausible.config import Config
from connectors.plausible.streams import GOALS, PAGES, TOTALS, TRAFFIC, VISITORS
from connectors.plausible.visitors import read_visitors
from connectors.quality.streams import REPORT_DAYS

if TYPE_CHECKING:
    from connectors.plausible.client import PlausibleClient, Rows

_DAY, _CHANNEL = "time:day", "visit:channel"
_COUNTS = ("visitors", "visits", "pageviews")
_PERIODS_AT_ONCE = 100
"""Each longer period is a question of its own, so a failure costs so many at most."""


@dataclass(frozen=True, kw_only=True)
class _Daily:
    """A report by day.

    Attributes:
        stream: what it fills.
        dimensions: column by dimension, the day left out.
        metrics: names, which are those of columns.
        window_days: days of a question.
        is_ordered: by all dimensions. Goals can't be ordered by; they are few.
    """

    stream: Stream
    dimensions: dict[str, str]
    metrics: tuple[str, ...]
    window_days: int
    is_ordered: bool = True


_TRAFFIC = {
    _CHANNEL: "channel",
    "visit:source": "source",
    "visit:utm_medium": "utm_medium",
    "visit:utm_campaign": "utm_campaign",
}
_DAILY = (
    _Daily(
        stream=TOTALS,
        dimensions={},
        metrics=(*_COUNTS, "bounce_rate", "visit_duration"),
        window_days=366,
    ),
    _Daily(stream=TRAFFIC, dimensions=_TRAFFIC, metrics=_COUNTS, window_days=31),
    _Daily(
        stream=PAGES, dimensions={"event:page": "page"}, metrics=("visitors", "pageviews"), window_days=31
    ),
    _Daily(
        stream=GOALS,
        dimensions={"event:goal": "goal"},
        metrics=("visitors", "events"),
        window_days=92,
        is_ordered=False,
    ),
)


def _read_daily(daily: _Daily, client: PlausibleClient, window: DateWindow) -> Iterator[Batch]:
    """Rows of a report by day; a day without any had no visit."""
    has_channels = client.config.channels
    names = {name: ours for name, ours in daily.dimensions.items() if has_channels or name != _CHANNEL}
    unasked = [ours for name, ours in daily.dimensions.items() if name not in names]
    asked = (_DAY, *names)
    landed: Counter[str] = Counter()
    left_out: str | None = None
    for page in client.rows(
        window,
        daily.metrics,
        asked,
        order=asked if daily.is_ordered else (_DAY,),
        what=f"{daily.stream.id} of {window}",
    ):
        batch = _batch(daily, ("date", *names.values()), unasked, client.config.site_id, page)
        landed.update(row[0] for row in page.dimensions)
        left_out = page.left_out
        yield batch
    yield Batch.of_rows(
        REPORT_DAYS,
        [
            {
                "date": str(day),
                "report": daily.stream.id,
                "landed_rows": landed[str(day)],
                "answer_rows": landed[str(day)],
                "truncation": left_out,
            }
            for day in window.days()
        ],
    )


def _batch(daily: _Daily, columns: Sequence[str], unasked: Sequence[str], site_id: str, page: Rows) -> Batch:
    rows = len(page.metrics)
    return Batch(
        daily.stream,
        {
            **{name: [row[place] for row in page.dimensions] for place, name in enumerate(columns)},
            **{name: [None] * rows for name in unasked},
            "site_id": [site_id] * rows,
            **{name: [row[place] for row in page.metrics] for place, name in enumerate(daily.metrics)},
            "imports_included": [page.has_imports] * rows,
        },
    )


def _asked(config: Config, _: Context) -> str:
    return f"site {config.site_id}, imports {config.imports}"


def _asked_of_traffic(config: Config, context: Context) -> str:
    return f"{_asked(config, context)}, channels {config.channels}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a Plausible source lands."""
    return (
        *(
            ReportFeed(
                stream=daily.stream,
                read=partial(_read_daily, daily),
                window_days=daily.window_days,
                beside=(REPORT_DAYS,),
                asked=partial(_asked_of_traffic if daily.stream is TRAFFIC else _asked, config),
            )
            for daily in _DAILY
        ),
        PeriodFeed(
            stream=VISITORS,
            read=read_visitors,
            periods_per_landing=_PERIODS_AT_ONCE,
            beside=(REPORT_DAYS,),
            asked=partial(_asked, config),
        ),
    )
