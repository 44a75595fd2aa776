"""What a module of ``nava_apis`` tells of one vendor: the source, its server at a run, and the answers.

Inside of them sources have the names that ``nava`` gives them; :mod:`.story` and :mod:`.answers` rename.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from tests.known_company.clock import AS_OF, START
from tests.known_company.nava.exports import Drop, Span, tehran_day
from tests.known_company.nava_apis.reasons import Reason
from tests.known_company.oracle.feeds import Answers


@dataclass(frozen=True)
class Opened:
    """A server that runs: its address, by the name of its vendor, and the variables of its secrets."""

    addresses: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Vendor(Protocol):
    """What a module of this package gives.

    Attributes:
        INSTEAD_OF: sources of ``nava`` that this vendor is read in place of.
        TELLS: sources of ``nava`` whose answers it gives: these, and those that it leaves a part of to.
        REASONS: why cells may differ from those of ``nava``.
    """

    @property
    def INSTEAD_OF(self) -> tuple[str, ...]:  # noqa: N802 - a constant of a module
        """See above."""

    @property
    def TELLS(self) -> tuple[str, ...]:  # noqa: N802 - a constant of a module
        """See above."""

    @property
    def REASONS(self) -> tuple[Reason, ...]:  # noqa: N802 - a constant of a module
        """See above."""

    def sources(self, run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Entries under ``sources`` before that run, without the brand."""

    def open_server(self, run: int, home: Path, servers: ExitStack) -> Opened:
        """The vendor as it stands at that run."""

    def drops(self, run: int) -> tuple[Drop, ...]:
        """Files of that run that this vendor can't stand in for."""

    def answers(self) -> Answers:
        """What all these sources amount to, their feeds included."""


def every_day(first: date = START) -> list[Span]:
    """What an API has told of after the last run: every day up to the one before it in Tehran."""
    return [(first, tehran_day(AS_OF))]
