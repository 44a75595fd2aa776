"""Draws what goes wrong with each server of a run, and lets it.

In goes a seed and what an undisturbed landing asked for, out come :class:`Trouble` s. Besides troubles of one run, a server
may have an outage: the same fault on every request, for several runs.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from werkzeug import Request

from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, Seen

FOR_EVER = 1_000_000
SLOW = "slow"
"""Beside the faults: an answer that takes its time, some longer than the sources are patient."""
_OUTAGE_BEGINS, _IS_WELL = 0.06, 0.4
_SLOW_SHARE, _ONE_PATH_SHARE = 0.15, 0.35
_SLOW_TIMES = 4
_SLOW_SECONDS = 0.4


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A fault of one server.

    Attributes:
        server: the connector's word.
        what: a fault, or :data:`SLOW`.
        times: on how many requests.
        after: how many pass first.
        path: of the requests that count; None for all that ask for data.
        seconds: how long a slow answer takes.
    """

    server: str
    what: Fault | str
    times: int
    after: int = 0
    path: str | None = None
    seconds: float = 0.0

    @property
    def is_total(self) -> bool:
        """Whether no request for data gets an answer."""
        return self.times == FOR_EVER and self.after == 0 and self.path is None

    def befall(self, api: FakeApi) -> None:
        """Let it happen from now on."""
        matches = partial(_asks_for, self.path) if self.path else None
        if isinstance(self.what, Fault):
            api.order(self.what, times=self.times, after=self.after, matches=matches)
            return
        for nth in range(self.after + 1, self.after + self.times + 1):
            api.on_request(nth, partial(time.sleep, self.seconds), matches=matches)

    def __str__(self) -> str:
        often = "always" if self.times == FOR_EVER else f"{self.times}x"
        parts = [f"{self.server}: {self.what} {often}"]
        parts += [f"of {self.seconds:g} s"] if self.seconds else []
        parts += [f"after {self.after}"] if self.after else []
        parts += [f"on {self.path}"] if self.path else []
        return " ".join(parts)


def troubles(
    seed: str, number: int, asked: Mapping[str, Sequence[Seen]], *, patience: float
) -> list[Trouble]:
    """Of run ``number``: outages that last, and new troubles; at least one.

    Args:
        seed: of the whole.
        number: of the run, from 1.
        asked: by server, what an undisturbed landing asks for at this clock.
        patience: seconds after which a source gives up an answer.
    """
    dice = random.Random(f"{seed}/{number}")
    lasting = {word: fault for word in sorted(asked) if (fault := _outage(seed, word, number))}
    found = [Trouble(server=word, what=fault, times=FOR_EVER) for word, fault in lasting.items()]
    others = sorted(asked.keys() - lasting.keys())
    for word in others:
        if dice.random() >= _IS_WELL:
            found += _of_one_run(dice, word, asked[word], patience)
    return found or list(_of_one_run(dice, dice.choice(others), (), patience))


def _of_one_run(dice: random.Random, word: str, asked: Sequence[Seen], patience: float) -> Iterator[Trouble]:
    for _ in range(dice.choice((1, 1, 2, 3))):
        seen = [each.path for each in asked if "token" not in each.path]
        paths = sorted(set(seen))
        path = dice.choice(paths) if paths and dice.random() < _ONE_PATH_SHARE else None
        count = sum(path in (None, each) for each in seen)
        after = dice.choice((0, dice.randrange(max(count, 1))))
        if dice.random() < _SLOW_SHARE:
            seconds = dice.choice((_SLOW_SECONDS, 1.4 * patience))
            times = dice.randint(1, _SLOW_TIMES)
            yield Trouble(server=word, what=SLOW, times=times, after=after, path=path, seconds=seconds)
            continue
        times = dice.choice((1, 1, dice.randint(2, 8), FOR_EVER))
        yield Trouble(server=word, what=dice.choice([*Fault]), times=times, after=after, path=path)


def _outage(seed: str, word: str, number: int) -> Fault | None:
    """What ``word`` suffers from for longer, at run ``number``; told by the seed alone, so that a resumed story goes on."""
    dice = random.Random(f"{seed}/{word}")
    fault, left = None, 0
    for _ in range(number):
        left -= 1
        if left <= 0:
            begins = dice.random() < _OUTAGE_BEGINS
            fault, left = (dice.choice([*Fault]), dice.randint(2, 5)) if begins else (None, 0)
    return fault


def _asks_for(path: str, request: Request) -> bool:
    return request.path == path
