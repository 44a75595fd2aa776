"""Visitors of each period of the brand's calendar, asked for exactly that period: people can't be added up.

Days come from one question by day. Each week, month and quarter is a question of its own, since Plausible's
own weeks and months are not the brand's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from connectors.core.api import Period
from connectors.core.errors import SourceDataError
from connectors.core.feed import Batch
from connectors.core.window import DateWindow, spans
from connectors.plausible.streams import VISITORS
from connectors.quality.streams import REPORT_DAYS

if TYPE_CHECKING:
    from connectors.plausible.client import PlausibleClient, Rows

_METRICS = ("visitors",)
_BY_DAY = ("time:day",)
_DAY = timedelta(days=1)


def read_visitors(client: PlausibleClient, periods: Sequence[Period], newest: date) -> Iterator[Batch]:
    """Rows of ``periods``; one that is not over is asked for until ``newest``."""
    reading = _Reading(client, newest)
    yield from reading.days([period for period in periods if period.grain == "day"])
    for period in periods:
        if period.grain != "day":
            yield from reading.longer(period)
    yield reading.report_days()


class _Reading:
    """Answers about some periods, and what Plausible said of them."""

    def __init__(self, client: PlausibleClient, newest: date) -> None:
        self._client = client
        self._newest = newest
        self._landed: Counter[date] = Counter()
        self._left_out: dict[date, str | None] = {}

    def days(self, periods: Sequence[Period]) -> Iterator[Batch]:
        """Single days: one question for those that follow each other; one without visitors has no row."""
        by_name = {str(period.start): period for period in periods}
        for span in spans(period.start for period in periods):
            what = f"{VISITORS.id} by day of {span}"
            for page in self._client.rows(span, _METRICS, _BY_DAY, order=_BY_DAY, what=what):
                unknown = next((row[0] for row in page.dimensions if row[0] not in by_name), None)
                if unknown is not None:
                    raise SourceDataError(
                        f"Source {self._client.context.source_id}, {what}: the answer has a row of "
                        f"{unknown}, which wasn't asked for. Nothing was stored. Report it with this message."
                    )
                yield self._batch([by_name[row[0]] for row in page.dimensions], page)
                self._left_out |= dict.fromkeys(span.days(), page.left_out)

    def longer(self, period: Period) -> Iterator[Batch]:
        """One period: a single row, of 0 where nobody came."""
        last = self._last(period)
        what = f"{VISITORS.id} of {period.key}"
        for page in self._client.rows(DateWindow.inclusive(period.start, last), _METRICS, what=what):
            yield self._batch([period] * len(page.metrics), page)
            self._left_out[last] = page.left_out

    def report_days(self) -> Batch:
        """What Plausible said, at the last day of each answer; that day is asked anew whenever it is."""
        return Batch.of_rows(
            REPORT_DAYS,
            [
                {
                    "date": str(day),
                    "report": VISITORS.id,
                    "landed_rows": self._landed[day],
                    "answer_rows": self._landed[day],
                    "truncation": left_out,
                }
                for day, left_out in sorted(self._left_out.items())
            ],
        )

    def _last(self, period: Period) -> date:
        return min(period.end - _DAY, self._newest)

    def _batch(self, periods: Sequence[Period], page: Rows) -> Batch:
        self._landed.update(self._last(period) for period in periods)
        return Batch(
            VISITORS,
            {
                "grain": [period.grain for period in periods],
                "period_start": [str(period.start) for period in periods],
                "period_end": [str(period.end) for period in periods],
                "site_id": [self._client.config.site_id] * len(periods),
                "visitors": [row[0] for row in page.metrics],
                "imports_included": [page.has_imports] * len(periods),
            },
        )
