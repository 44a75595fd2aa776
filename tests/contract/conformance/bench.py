"""Bench: one scenario's workspace around a case: lands, and tells what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.core.errors import ConnectorError
from connectors.core.outcome import StreamLanding
from connectors.core.stream import Stream
from tests.contract.conformance.case import Breadth, Case, Item, Row
from tests.contract.conformance.moments import EARLIER, NOW, RECENT, FakeTime
from tests.contract.conformance.opening import SOURCE, Source, open_zone
from tests.contract.conformance.stored import Content, Stored, unlike

PERSIAN = "کفش‌های ۱۲۳ و ٤٥٦ زنانهٔ كويتي — ٪۲۰ تخفيف"
"""Two kinds of Persian digits, a zero-width non-joiner, Arabic letters and a combining hamza."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one landing told.

    Attributes:
        outcomes: per stream; none where the source couldn't be reached.
        raised: what kept the source from being reached.
        said: lines of progress.
    """

    outcomes: Sequence[StreamLanding]
    raised: ConnectorError | None
    said: Sequence[str]

    @property
    def errors(self) -> dict[str, str]:
        """What went wrong, by stream id; under no id where it is all of the source."""
        whole = {"": str(self.raised)} if self.raised else {}
        return whole | {each.stream.id: each.error for each in self.outcomes if each.error}

    def of(self, stream: Stream) -> StreamLanding:
        """The outcome of ``stream``."""
        return next(each for each in self.outcomes if each.stream == stream)


class Bench:
    """Lands one case's source, again and again.

    Args:
        case: entered.
        set_variable: sets a variable of the environment for the time of the test.
        breadth: which streams land.
    """

    def __init__(
        self, case: Case, set_variable: Callable[[str, str], None], *, breadth: Breadth = Breadth.ALL
    ) -> None:
        self.case = case
        self.breadth = breadth
        self._set_variable = set_variable
        self.time = FakeTime()
        self.zone = open_zone(case.folder)
        self.load_id = 0

    def items(self, count: int, *, day: date | None = None, begin: int = 1) -> list[Item]:
        """``count`` items of one day, of the first one if not said."""
        return [
            Item(
                number=number,
                day=day or self.case.first_day,
                text=f"{PERSIAN} {number}" if number % 3 == 0 else f"Autumn sale {number}",
                label=self.case.label,
                amount=100 + number,
            )
            for number in range(begin, begin + count)
        ]

    def standard(self) -> list[Item]:
        """Items enough for several pages and several windows, the last of them still restated."""
        middle = self.case.first_day + (EARLIER - self.case.first_day) / 2
        return [
            *self.items(12),
            *self.items(3, day=middle, begin=13),
            *self.items(2, day=EARLIER, begin=16),
            *self.items(3, day=RECENT, begin=18),
        ]

    def hold(self, items: Sequence[Item], *, at: datetime = NOW) -> None:
        """Let the vendor have exactly ``items``."""
        self.case.hold(items, at=at)

    def source(self, source_id: str = SOURCE, **keys: Any) -> Source:
        """The source, with ``keys`` over the case's; its variables are set."""
        for name, value in self.case.environment().items():
            self._set_variable(name, value)
        return self.case.source(
            source_id,
            self.keys(**keys),
            workspace=self.case.folder,
            clock=self.time.clock,
            breadth=self.breadth,
        )

    def keys(self, **keys: Any) -> dict[str, Any]:
        """All keys of the source."""
        return {**self.case.shared_keys(), **self.case.keys(), **keys}

    def land(self, *, at: datetime = NOW, source: str = SOURCE, **keys: Any) -> Run:
        """One run's landing; what goes wrong with the source is told, not raised."""
        self.load_id += 1
        self.zone.collect_garbage()
        self.case.set_time(at)
        said: list[str] = []
        try:
            outcomes = self.source(source, **keys).land(
                self.zone, load_id=self.load_id, loaded_at=at, progress=said.append
            )
        except ConnectorError as error:
            return Run(outcomes=(), raised=error, said=said)
        return Run(outcomes=outcomes, raised=None, said=said)

    def landed(self, *, at: datetime = NOW, source: str = SOURCE, **keys: Any) -> Run:
        """One landing in which nothing may go wrong."""
        run = self.land(at=at, source=source, **keys)
        assert not run.errors, run.errors
        return run

    def stored(self, source: str = SOURCE) -> Stored:
        """What is in the zone of one source."""
        return Stored(self.zone.root, source)

    def rows(self, source: str = SOURCE) -> list[dict[str, Any]]:
        """Stored rows of the case's stream."""
        return self.stored(source).rows(self.case.stream)

    def content(self) -> Content:
        """All that is stored, comparable."""
        return self.stored().content(self.source().streams())

    def unlike(self, told: Sequence[Row], *, source: str = SOURCE) -> list[str]:
        """How the case's stream differs from rows told by hand; empty where it doesn't."""
        return unlike(self.rows(source), told)

    def wrong(self, items: Sequence[Item], *, source: str = SOURCE) -> list[str]:
        """How what is stored differs from what ``items`` are; empty where it doesn't."""
        told = self.case.expected(items)
        assert self.case.stream.id in told
        return [
            f"{stream.id}: {difference}"
            for stream in self.source().streams()
            if stream.id in told
            for difference in unlike(self.stored(source).rows(stream), told[stream.id])
        ]
