"""Users of each period of the brand's calendar, asked for exactly that period: people can't be added up.

Days come from one question by day, for a day's own row counts each person once. Weeks, months and quarters
are date ranges, four to a question. A period without users has no row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from connectors.core.api import Period
from connectors.core.errors import SourceDataError
from connectors.core.feed import Batch
from connectors.core.window import DateWindow, spans
from connectors.ga4.quality import Quality, marks_of_day
from connectors.ga4.questions import DATE_RANGE, USER_COUNTS, Report
from connectors.ga4.streams import USERS
from connectors.quality.streams import REPORT_DAYS

if TYPE_CHECKING:
    from connectors.ga4.client import Ga4Client, Part

_RANGES_AT_ONCE = 4
"""Date ranges of a question at most."""
_DAY = timedelta(days=1)


def read_users(client: Ga4Client, periods: Sequence[Period], newest: date) -> Iterator[Batch]:
    """Rows of ``periods``; one that is not over is asked for until ``newest``."""
    reading = _Reading(client, newest)
    yield from reading.days({period.start: period for period in periods if period.grain == "day"})
    longer = [period for period in periods if period.grain != "day"]
    for begin in range(0, len(longer), _RANGES_AT_ONCE):
        yield from reading.ranges(longer[begin : begin + _RANGES_AT_ONCE])
    yield reading.report_days()


class _Reading:
    """Answers about some periods, and what Google said of them."""

    def __init__(self, client: Ga4Client, newest: date) -> None:
        self._client = client
        self._newest = newest
        self._landed: Counter[date] = Counter()
        self._answers: dict[date, list[tuple[Quality, int]]] = defaultdict(list)

    def days(self, periods: Mapping[date, Period]) -> Iterator[Batch]:
        """Single days, by their first day: one question for those that follow each other."""
        for span in spans(periods):
            report = Report(
                what=f"{USERS.id} by day of {span}",
                dimensions=("date",),
                metrics=tuple(USER_COUNTS),
                ranges=(span,),
            )
            by_name = {f"{day:%Y%m%d}": periods[day] for day in span.days()}
            for part in self._client.parts(report):
                yield self._batch([_known(by_name, name, report) for name in part.columns["date"]], part)
            for day in span.days():
                self._answers[day].append((part.quality, 0))

    def ranges(self, periods: Sequence[Period]) -> Iterator[Batch]:
        """Up to four longer periods; without users in any of them there is no row at all."""
        report = Report(
            what=f"{USERS.id} of {', '.join(period.key for period in periods)}",
            dimensions=(),
            metrics=tuple(USER_COUNTS),
            ranges=tuple(DateWindow.inclusive(period.start, self._last(period)) for period in periods),
        )
        by_name = {f"date_range_{place}": period for place, period in enumerate(periods)}
        for part in self._client.parts(report):
            # A single range isn't named.
            names = part.columns.get(DATE_RANGE, ["date_range_0"] * part.rows)
            yield self._batch([_known(by_name, name, report) for name in names], part)
        for place, period in enumerate(periods):
            self._answers[self._last(period)].append((part.quality, place))

    def report_days(self) -> Batch:
        """What Google said, at the last day that an answer counts; that day is asked anew whenever it is."""
        return Batch.of_rows(
            REPORT_DAYS,
            [
                {
                    "date": str(day),
                    "report": USERS.id,
                    "landed_rows": self._landed[day],
                    "answer_rows": self._landed[day],
                    **marks_of_day(day, answers),
                }
                for day, answers in sorted(self._answers.items())
            ],
        )

    def _last(self, period: Period) -> date:
        return min(period.end - _DAY, self._newest)

    def _batch(self, periods: Sequence[Period], part: Part) -> Batch:
        self._landed.update(self._last(period) for period in periods)
        return Batch(
            USERS,
            {
                "grain": [period.grain for period in periods],
                "period_start": [str(period.start) for period in periods],
                "period_end": [str(period.end) for period in periods],
                "property_id": [self._client.config.property_id] * len(periods),
                **{ours: part.columns[name] for name, ours in USER_COUNTS.items()},
            },
        )


def _known(periods: Mapping[str, Period], name: str | None, report: Report) -> Period:
    period = periods.get(name or "")
    if period is None:
        raise SourceDataError(
            f"{report.what}: the answer has a row of {name}, which wasn't asked for. Nothing was stored. "
            "Report it with this message."
        )
    return period
