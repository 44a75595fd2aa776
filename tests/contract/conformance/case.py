"""Case: what the suite has to know of a connector: its server, its data in the vendor's words, what must land.

Scenarios speak of :class:`Item` s. A case turns them into whatever the vendor holds, and says in plain Python,
by no way of ours, which rows they become. A case lives for one scenario, with servers of its own.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from werkzeug import Request

from connectors.core.clock import Clock
from connectors.core.stream import Stream
from tests.contract.conformance.moments import NOW
from tests.contract.conformance.opening import SOURCE, Source, open_source
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi

Row = Mapping[str, Any]
PAGE = 5
"""Rows of a page; so small that a handful of items fills several."""


FOR_EVER = 1_000_000
"""More requests than any landing makes."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that a source holds; it becomes one row of the case's stream.

    Attributes:
        number: what identifies it, from 1.
        day: what it belongs to.
        text: what somebody called it; lands as it is.
        label: a word of the vendor's, such as a device or a stage; None where there is none.
        amount: a number that may be restated; None where the vendor may leave it open.
    """

    number: int
    day: date
    text: str
    label: str | None = None
    amount: int | None = 1


class Breadth(StrEnum):
    """Which streams of a connector land."""

    ALL = "all"
    SOME = "some"
    """The case's stream and another that is asked for apart; enough where every call goes the same way."""


class Drift(StrEnum):
    """How the shape of the vendor's answers changes."""

    VANISHED = "a field vanished"
    RENAMED = "a field was renamed"
    RETYPED = "a field has another type"
    NEW = "a field is new"


class Case(ABC):
    """One connector in one way of using it; a context manager.

    Args:
        folder: workspace of the scenario.

    Attributes:
        name: of the case. connector: its word in ``sanjeh.yml``.
        stream: the stream whose rows are the items.
        is_networked: False for files, which have no transport to break.
        first_day: first day that the source is configured to have.
        label: a word of the vendor's that is known. nothing: what stands for a label that is None.
        place: what errors name as the place: the source; of files the file.
        changes_seen_after: how long after a run another one sees a changed item for certain.
        absence_seen_after: the same for an item that is gone.
        beside: ids of streams that land besides the case's stream where only some do.
        lands_nothing: ids of streams that the case's data can't fill, with the reason.
        time: what time it is at the vendor's.
    """

    name: ClassVar[str]
    connector: ClassVar[str]
    stream: ClassVar[Stream]
    is_networked: ClassVar[bool] = True
    first_day: ClassVar[date] = date(2026, 10, 28)
    label: ClassVar[str]
    nothing: ClassVar[str | None] = None
    place: ClassVar[str] = f"Source {SOURCE}"
    changes_seen_after: ClassVar[timedelta] = timedelta(hours=1)
    absence_seen_after: ClassVar[timedelta] = timedelta(hours=1)
    beside: ClassVar[frozenset[str]] = frozenset()
    lands_nothing: ClassVar[Mapping[str, str]] = {}

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = NOW
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @abstractmethod
    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Have exactly ``items`` from the moment ``at`` on: others go, new ones come, changed ones change."""

    @abstractmethod
    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Rows by stream id that ``items`` are, by the columns that matter; one stream at least."""

    @abstractmethod
    def keys(self) -> dict[str, Any]:
        """Keys of the source in ``sanjeh.yml``, without those that all cases share."""

    def shared_keys(self) -> dict[str, Any]:
        """Keys that all sources of a kind have."""
        return {"brand": "sib"}

    def serial_keys(self) -> dict[str, Any]:
        """Keys with which a landing asks for one thing after the other, so that every run of it is the same."""
        return {}

    def environment(self) -> dict[str, str]:
        """Variables that the keys name."""
        return {}

    @property
    def secrets(self) -> Sequence[str]:
        """What must never leave the process."""
        return ()

    @property
    def personal(self) -> Sequence[str]:
        """Addresses, names and numbers of people that the vendor holds, items or not."""
        return ()

    def set_time(self, at: datetime) -> None:
        """Let it be ``at`` at the vendor's; most don't care."""
        self.time = at

    @abstractmethod
    def drift(self, kind: Drift) -> None:
        """Change the shape of the answers from now on."""

    @abstractmethod
    def disturb(self, dice: random.Random, *, requests: int) -> None:
        """Break what comes next, at random; ``requests`` is what an undisturbed landing takes."""

    @abstractmethod
    def heal(self) -> None:
        """Be sound again, after any drift or fault."""

    @classmethod
    def source(
        cls, source_id: str, keys: Mapping[str, Any], *, workspace: Path, clock: Clock, breadth: Breadth
    ) -> Source:
        """The source with these keys."""
        only = cls.only(breadth)
        return open_source(cls.connector, source_id, keys, workspace=workspace, clock=clock, only=only)

    @classmethod
    def only(cls, breadth: Breadth) -> Sequence[str] | None:
        """Ids of the streams to land; None for all."""
        return None if breadth is Breadth.ALL else [cls.stream.id, *sorted(cls.beside)]


class NetworkedCase(Case):
    """A case with an API.

    Attributes:
        api: the server.
        hears_retry_after: whether the transport shows the header to the connector at all.
        renews_credentials: False where there is but one key, so that a refused one is the end of the run.
        another_account: a key and its value of another account; or why there is nothing to ask anew.
    """

    api: FakeApi
    hears_retry_after: ClassVar[bool] = True
    renews_credentials: ClassVar[bool] = True
    another_account: ClassVar[tuple[str, Any] | str]

    def shared_keys(self) -> dict[str, Any]:
        """Also the first day, and no wait before a retry but what the vendor asks for."""
        first = self.first_day.isoformat()
        return {**super().shared_keys(), "start": first, "http": {"backoff_seconds": 0}}

    def serial_keys(self) -> dict[str, Any]:
        """One stream after the other."""
        return {"parallel": 1}

    @abstractmethod
    def asks_for_stream(self, request: Request) -> bool:
        """Whether ``request`` asks for a page of the case's stream."""

    @abstractmethod
    def in_front(self, items: Sequence[Item]) -> Item:
        """An item of the first item's day that the vendor lists before all ``items``."""

    @abstractmethod
    def repeat_pages(self) -> None:
        """Answer with the same page for ever, in the vendor's way of paging."""

    def disturb(self, dice: random.Random, *, requests: int) -> None:
        """One to four kinds of faults, each on one to eight requests somewhere."""
        for fault in dice.choices([*Fault], k=dice.randint(1, 4)):
            matches = self.asks_for_stream if dice.random() < 0.3 else None
            after = dice.randrange(4 if matches else max(requests, 1))
            self.api.order(fault, times=dice.randint(1, 8), after=after, matches=matches)

    def heal(self) -> None:
        """Drop every fault."""
        self.api.forgive()
        self.api.lies = False

    @property
    def violations(self) -> Sequence[str]:
        """What broke the vendor's contract so far."""
        return self.api.violations

    @property
    def requests(self) -> int:
        """Requests so far, those for tokens left out."""
        return sum("token" not in seen.path for seen in self.api.seen)
