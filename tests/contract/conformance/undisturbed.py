"""What one landing of the standard items stores when nothing goes wrong: what all disturbed ones come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.core.stream import Stream
from tests.contract.conformance.bench import Bench, Run
from tests.contract.conformance.case import Breadth, Case, NetworkedCase
from tests.contract.conformance.stored import Content, Stored

_KNOWN: dict[tuple[type[Case], Breadth], Undisturbed] = {}


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """What an undisturbed landing did; many tests look at the same one.

    Attributes:
        run: what it told.
        streams: what the source feeds.
        root: of the raw zone. stored: what is in there.
        content: the same, comparable.
        requests: what was asked for, tokens left out; 0 for files.
        commits: how often it committed.
        personal: what the vendor held of people.
    """

    run: Run
    streams: Sequence[Stream]
    root: Path
    stored: Stored
    content: Content
    requests: int
    commits: int
    personal: Sequence[str]

    @property
    def rows(self) -> int:
        """Rows of all streams."""
        return sum(rows.total() for rows in self.content.values())


def undisturbed_of(
    case_type: type[Case], make_bench: Callable[[type[Case], Breadth], Bench], breadth: Breadth
) -> Undisturbed:
    """The same for every test of a case; it is what the items are, or nothing may be compared with it."""
    key = (case_type, breadth)
    if key not in _KNOWN:
        bench = make_bench(case_type, breadth)
        bench.hold(bench.standard())
        run = bench.landed()
        assert bench.wrong(bench.standard()) == []
        case = bench.case
        _KNOWN[key] = Undisturbed(
            run=run,
            streams=bench.source().streams(),
            root=bench.zone.root,
            stored=bench.stored(),
            content=bench.content(),
            requests=case.requests if isinstance(case, NetworkedCase) else 0,
            commits=sum(each.windows for each in run.outcomes),
            personal=case.personal,
        )
    return _KNOWN[key]
