"""Which question to GA4 fills which stream; days are the property's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.core.api import Context, Period
from connectors.core.feed import Batch, Feed, PeriodFeed, ReportFeed
from connectors.core.window import DateWindow, spans
from connectors.ga4.config import Config
from connectors.ga4.questions import QUESTIONS, STANDARD_EVENTS, Question
from connectors.ga4.streams import EVENTS, USERS
from connectors.quality.streams import REPORT_DAYS

if TYPE_CHECKING:
    from connectors.ga4.client import Ga4Client

_RANGES_AT_ONCE = 4
"""Date ranges of one question at most."""
_USER_METRICS = {"activeUsers": "active_users", "totalUsers": "total_users", "newUsers": "new_users"}
Columns = dict[str, list[Any]]


def _events_of(config: Config) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*STANDARD_EVENTS, *config.events)))


def _read_days(question: Question, client: Ga4Client, window: DateWindow) -> Iterator[Batch]:
    """Rows of a daily report, and what Google says of its quality."""
    from connectors.ga4.client import Report  # noqa: PLC0415 - a second of imports, when a source is asked
    from connectors.ga4.quality import quality_batch  # noqa: PLC0415

    is_events = question.stream is EVENTS
    report = Report(
        what=f"{question.stream.id} of {window}",
        dimensions=tuple(question.dimensions),
        metrics=tuple(question.metrics),
        ranges=((window.start, window.last),),
        events=_events_of(client.config) if is_events else (),
    )
    names = {**question.dimensions, **question.metrics}
    seen: Counter[str | None] = Counter()
    fired: set[tuple[Any, Any]] = set()
    for page in client.report(report):
        columns: Columns = {names[name]: values for name, values in page.columns.items()}
        seen.update(columns["date"])
        if is_events:
            fired.update(zip(columns["date"], columns["event_name"], strict=True))
        columns["property_id"] = [client.config.property_id] * page.rows
        if "revenue" in columns:
            columns["currency_code"] = [page.metadata.currency_code or None] * page.rows
        yield Batch(question.stream, columns)
    if is_events:
        yield _silent_events(client, window, fired)
    by_day = {_day(text): count for text, count in seen.items() if text}
    yield quality_batch(question.stream, window, page.metadata, total=page.total, rows=by_day)


def _silent_events(client: Ga4Client, window: DateWindow, fired: set[tuple[Any, Any]]) -> Batch:
    """Zeros of the events that were asked for and gave no row: an event that never fired has none."""
    silent = [
        (f"{day:%Y%m%d}", name)
        for day in window.days()
        for name in _events_of(client.config)
        if (f"{day:%Y%m%d}", name) not in fired
    ]
    return Batch(
        EVENTS,
        {
            "date": [day for day, _ in silent],
            "event_name": [name for _, name in silent],
            "event_count": ["0"] * len(silent),
            "property_id": [client.config.property_id] * len(silent),
        },
    )


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day, not a moment


def _read_users(client: Ga4Client, periods: Sequence[Period], newest: date) -> Iterator[Batch]:
    """Users of each period, asked for exactly that period; one that is not over, until ``newest``."""
    days = [period for period in periods if period.grain == "day"]
    for span in spans(period.start for period in days):
        yield from _users_by_day(client, span)
    longer = [period for period in periods if period.grain != "day"]
    for begin in range(0, len(longer), _RANGES_AT_ONCE):
        yield from _users_of(client, longer[begin : begin + _RANGES_AT_ONCE], newest)


def _users_by_day(client: Ga4Client, span: DateWindow) -> Iterator[Batch]:
    """Users of single days: one question for all, since a day's own row counts each person once."""
    from connectors.ga4.client import Report  # noqa: PLC0415

    report = Report(
        what=f"{USERS.id} by day of {span}",
        dimensions=("date",),
        metrics=tuple(_USER_METRICS),
        ranges=((span.start, span.last),),
    )
    told: set[date] = set()
    for page in client.report(report):
        found = [_day(str(text)) for text in page.columns["date"]]
        told.update(found)
        yield _user_batch(client, [Period("day", day, _next(day)) for day in found], page.columns)
    silent = [Period("day", day, _next(day)) for day in span.days() if day not in told]
    yield _user_batch(client, silent, {name: ["0"] * len(silent) for name in _USER_METRICS})


def _users_of(client: Ga4Client, periods: Sequence[Period], newest: date) -> Iterator[Batch]:
    """Users of up to four periods; one without a row had none."""
    from connectors.ga4.client import Report  # noqa: PLC0415

    report = Report(
        what=f"{USERS.id} of {', '.join(period.key for period in periods)}",
        dimensions=(),
        metrics=tuple(_USER_METRICS),
        ranges=tuple(
            (period.start, min(DateWindow(period.start, period.end).last, newest)) for period in periods
        ),
    )
    told: set[int] = set()
    for page in client.report(report):
        places = [
            int(str(name).rsplit("_", 1)[1]) for name in page.columns.get("dateRange", ["_0"] * page.rows)
        ]
        told.update(places)
        yield _user_batch(client, [periods[place] for place in places], page.columns)
    silent = [period for place, period in enumerate(periods) if place not in told]
    yield _user_batch(client, silent, {name: ["0"] * len(silent) for name in _USER_METRICS})


def _next(day: date) -> date:
    return DateWindow.inclusive(day, day).end


def _user_batch(client: Ga4Client, periods: Sequence[Period], columns: Columns) -> Batch:
    return Batch(
        USERS,
        {
            "grain": [period.grain for period in periods],
            "period_start": [str(period.start) for period in periods],
            "period_end": [str(period.end) for period in periods],
            "property_id": [client.config.property_id] * len(periods),
            **{ours: columns[name] for name, ours in _USER_METRICS.items()},
        },
    )


def _asked(config: Config, question: Question, _: Context) -> str:
    return repr(sorted(_events_of(config))) if question.stream is EVENTS else ""


def feeds(config: Config) -> Sequence[Feed]:
    """What a GA4 source lands."""
    daily = [
        ReportFeed(
            stream=question.stream,
            read=partial(_read_days, question),
            window_days=31,
            beside=(REPORT_DAYS,),
            asked=partial(_asked, config, question),
        )
        for question in QUESTIONS.values()
    ]
    return (*daily, PeriodFeed(stream=USERS, read=_read_users))
