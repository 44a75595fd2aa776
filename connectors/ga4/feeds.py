"""Which question to GA4 fills which stream; days are the property's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from connectors.core.api import Context
from connectors.core.feed import Batch, Feed, PeriodFeed, ReportFeed
from connectors.core.window import DateWindow
from connectors.ga4.config import Config
from connectors.ga4.quality import marks_of_day
from connectors.ga4.questions import DAILY, EVENT_COUNTS, Daily
from connectors.ga4.streams import EVENTS, USERS
from connectors.ga4.users import read_users
from connectors.quality.streams import REPORT_DAYS

if TYPE_CHECKING:
    from connectors.ga4.client import Ga4Client, Part

_PERIODS_AT_ONCE = 2000
"""Four years of periods land together: some sixty questions."""


def _read_daily(daily: Daily, client: Ga4Client, window: DateWindow) -> Iterator[Batch]:
    """Rows of a report by day, and what Google says of its quality."""
    landed: Counter[str | None] = Counter()
    for part in client.parts(daily.report(window)):
        batch = _batch(daily, client, part)
        landed.update(batch.columns["date"])  # type: ignore[arg-type]  # values of a batch may be anything
        yield batch
    yield _report_days(daily, window, part, answered=landed, landed=landed)


def _read_events(client: Ga4Client, window: DateWindow) -> Iterator[Batch]:
    """Counts of the events that are asked for; one that gave no row on a day didn't fire."""
    names = client.config.event_names
    seen: dict[tuple[object, object], None] = {}
    for part in client.parts(EVENT_COUNTS.report(window, names)):
        batch = _batch(EVENT_COUNTS, client, part)
        seen.update(dict.fromkeys(zip(batch.columns["date"], batch.columns["event_name"], strict=True)))
        yield batch
    answered: Counter[str | None] = Counter(str(day) for day, _ in seen)
    landed = answered.copy()
    # Where Google withholds rows, a row that isn't there is no zero.
    if not part.quality.is_thresholded:
        asked = ((f"{day:%Y%m%d}", name) for day in window.days() for name in names)
        silent = [each for each in asked if each not in seen]
        landed.update(day for day, _ in silent)
        yield Batch(
            EVENTS,
            {
                "date": [day for day, _ in silent],
                "property_id": [client.config.property_id] * len(silent),
                "event_name": [name for _, name in silent],
                "event_count": ["0"] * len(silent),
            },
        )
    yield _report_days(EVENT_COUNTS, window, part, answered=answered, landed=landed)


def _batch(daily: Daily, client: Ga4Client, part: Part) -> Batch:
    columns: dict[str, list[str | None]] = {
        ours: part.columns[name] for name, ours in {**daily.dimensions, **daily.metrics}.items()
    }
    columns["property_id"] = [client.config.property_id] * part.rows
    if "revenue" in columns:
        columns["currency_code"] = [part.currency] * part.rows
    return Batch(daily.stream, columns)


def _report_days(
    daily: Daily,
    window: DateWindow,
    part: Part,
    *,
    answered: Counter[str | None],
    landed: Counter[str | None],
) -> Batch:
    """What Google said of the answer that ``part`` is of, for each day of ``window``.

    Args:
        daily: the report.
        window: days of the answer.
        part: any part of it.
        answered: rows by day that Google gave.
        landed: those and the zeros that stand for silence.
    """
    return Batch.of_rows(
        REPORT_DAYS,
        [
            {
                "date": str(day),
                "report": daily.stream.id,
                "landed_rows": landed[f"{day:%Y%m%d}"],
                "answer_rows": answered[f"{day:%Y%m%d}"],
                **marks_of_day(day, [(part.quality, 0)]),
            }
            for day in window.days()
        ],
    )


def _asked(config: Config, events: tuple[str, ...], _: Context) -> str:
    return f"property {config.property_id}, currency {config.currency}, events {', '.join(sorted(events))}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a GA4 source lands."""
    return (
        *(
            ReportFeed(
                stream=daily.stream,
                read=partial(_read_daily, daily),
                window_days=daily.window_days,
                beside=(REPORT_DAYS,),
                asked=partial(_asked, config, ()),
            )
            for daily in DAILY
        ),
        ReportFeed(
            stream=EVENTS,
            read=_read_events,
            window_days=EVENT_COUNTS.window_days,
            beside=(REPORT_DAYS,),
            asked=partial(_asked, config, config.event_names),
        ),
        PeriodFeed(
            stream=USERS,
            read=read_users,
            periods_per_landing=_PERIODS_AT_ONCE,
            beside=(REPORT_DAYS,),
            asked=partial(_asked, config, ()),
        ),
    )
