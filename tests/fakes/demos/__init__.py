"""What the demo's servers hold: a module per vendor, found by its name; those that begin with ``_`` are help.

Each module has ``open_servers(last_day, days, stack)``: starts the vendor's servers on ``stack``, filled with ``days`` days
up to ``last_day``, and returns an :class:`Opened`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.fakes.server import FakeApi


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A vendor's servers.

    Attributes:
        apis: by the connector's word.
        addresses: by the address that stands for it in examples/apis.
        environment: variables of the workspace's ``.env``, given the workspace's folder.
    """

    apis: Mapping[str, FakeApi]
    addresses: Mapping[str, str]
    environment: Callable[[Path], Mapping[str, str]] = field(default=lambda _: {})


def opened(last_day: date, *, days: int, stack: ExitStack) -> Iterator[Opened]:
    """Every vendor's servers, in the order of their names."""
    for name in sorted(module.name for module in iter_modules(__path__) if module.name[0] != "_"):
        yield import_module(f"{__name__}.{name}").open_servers(last_day, days, stack)


def clock_after(last_day: date) -> datetime:
    """The morning after ``last_day``."""
    return datetime.combine(last_day + timedelta(days=1), datetime.min.time(), tzinfo=UTC) + timedelta(
        hours=9
    )
