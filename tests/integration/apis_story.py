"""Three mornings of the workspace of examples/apis, from local servers to the published file.

The first lands 120 days. On the second the servers answer restated numbers and one more day. A week later two
sources fail while the others go on.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import duckdb

from connectors.core.raw_zone import RawZone
from connectors.registry import API_CONNECTORS
from tests.fakes.demo import LAST_DAY, make_workspace, serving
from tests.fakes.demos import clock_after
from tests.fakes.faults import Fault
from tests.fakes.hotjar import HotjarApi
from tests.integration.warehouse import Workspace

FIRST_DAY = date(2026, 7, 24)
SECOND_DAY = LAST_DAY + timedelta(days=1)
WEEK_LATER = LAST_DAY + timedelta(days=7)


@dataclass(frozen=True)
class Story:
    """What each morning left: the published file, the slices of the raw zone, what the command printed."""

    workspace: Workspace
    published: dict[date, Path]
    slices: dict[date, dict[tuple[str, str, str], int]]
    printed: dict[date, CompletedProcess[str]]

    def rows(self, morning: date, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the file that was published after ``morning``'s run."""
        with duckdb.connect(str(self.published[morning]), read_only=True) as connection:
            return connection.execute(query).fetchall()


def _patient_with_nothing(home: Path) -> None:
    """Let failing servers fail at once."""
    file = home / "sanjeh.yml"
    text = file.read_text(encoding="utf-8")
    for connector in API_CONNECTORS:
        line = f"    connector: {connector}\n"
        text = text.replace(line, f"{line}    http: {{attempts: 2, backoff_seconds: 0}}\n")
    file.write_text(text, encoding="utf-8")


def three_mornings(home: Path) -> Story:
    """The story, in a folder that isn't there yet."""
    workspace = Workspace(home)
    told = Story(workspace, {}, {}, {})
    for last_day in (LAST_DAY, SECOND_DAY, WEEK_LATER):
        days = 120 + (last_day - LAST_DAY).days
        with serving(last_day, days=days) as servers:
            make_workspace(home, servers, last_day)
            if last_day == WEEK_LATER:
                _patient_with_nothing(home)
                servers.apis["hubspot"].order(Fault.SERVER_ERROR, times=100_000)
                hotjar = servers.apis["hotjar"]
                assert isinstance(hotjar, HotjarApi)
                hotjar.client_key = "revoked"
            clock = clock_after(last_day).isoformat()
            done = workspace.sanjeh("run", "--as-of", clock, check=last_day != WEEK_LATER)
            for api in servers.apis.values():
                assert api.violations == []
        told.printed[last_day] = done
        told.published[last_day] = shutil.copy2(workspace.published, home / f"{last_day}.duckdb")
        told.slices[last_day] = _slices(home)
    return told


def _slices(home: Path) -> dict[tuple[str, str, str], int]:
    """Load id by source, stream and slice."""
    zone = RawZone(home / "raw", temp=home / "warehouse" / "tmp", pii=None)
    return {(row.source, f"{row.connector}/{row.stream}", row.slice): row.load_id for row in zone.slices()}
