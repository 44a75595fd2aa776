"""A build of what can have changed says what a build of everything says, whatever happened before it.

Files go through the real connector, control tables and record of the build file; what is left out is decided by
:mod:`orchestration.build_selection`. A run may die while it builds: what it was about to build has no record then.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.manifest import Manifest
from orchestration.build_record import TIMES, read_inputs
from orchestration.build_selection import BuildSelection, Built, Graph, select_nodes
from orchestration.parsed_project import parsed_project
from tests.properties.drawn import PROFILE
from tests.properties.engine import two_worlds
from tests.properties.test_incremental import (
    HEADER,
    Pipeline,
    applied,
    settings_entries,
    settings_with,
    steps,
)

TARGETS = ("fct_orders", "fct_kpi_daily", "fct_kpi_monthly")
ENTRIES: dict[str, Any] = {
    "timezone": "UTC",
    "salt": "one",
    "currency": "EUR",
    "covers": "dates",
    "returns_are_activity": True,
    "drop_exact_duplicates": False,
    "cancellation_prefix": None,
    "counted_statuses": [],
    "test_patterns": {},
}
endings = st.sampled_from(["built", "built", "built", "landed only", "died while it built"])


@cache
def graph() -> Graph:
    return Graph(json.loads(parsed_project().manifest.read_bytes()))


class Record:
    """What the build file says of its nodes, and what the last build chose by it."""

    def __init__(self) -> None:
        self.built: dict[str, Built] = {}
        self.selection = BuildSelection(now={}, stale=frozenset())

    def choose(self, con: duckdb.DuckDBPyConnection, manifests: Sequence[Manifest]) -> Collection[str]:
        """The nodes to build; they are forgotten until :meth:`note`."""
        inputs = read_inputs(con, graph(), manifests, project_hash="as it is")
        self.selection = select_nodes(graph(), inputs, self.built, times=TIMES)
        self.built = {node: known for node, known in self.built.items() if node not in self.selection.stale}
        return self.selection.stale

    def note(self) -> None:
        """The build ended well."""
        self.built |= {node: self.selection.now[node] for node in self.selection.stale}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("selections")


@PROFILE
@given(
    first=settings_entries,
    runs=st.lists(
        st.tuples(st.lists(st.one_of(steps, st.tuples(st.just("later"), st.just(30))), max_size=2), endings),
        min_size=2,
        max_size=6,
    ),
)
def test_what_is_left_out_is_what_a_full_build_would_say(
    scratch: Path, first: dict[str, Any], runs: list[Any]
) -> None:
    home = scratch / "workspace"
    shutil.rmtree(home, ignore_errors=True)
    chosen, full = two_worlds(TARGETS, family="orders", last=date(2026, 12, 1))
    # While the days and the month that land are still open.
    pipeline = Pipeline(home, settings_with(first), as_of=datetime(2026, 5, 2, 9, tzinfo=UTC))
    record = Record()
    for changes, ending in runs:
        pipeline.land(applied(pipeline, changes))
        if ending == "landed only":
            continue
        if pipeline.is_new:
            record.built.clear()
        pipeline.build(chosen, choose=record.choose)
        if ending == "died while it built":
            continue
        record.note()
        pipeline.built()
        pipeline.require_as_in_full(chosen, full)


def test_a_run_with_nothing_new_chooses_nothing_and_a_later_day_what_reads_the_clock(scratch: Path) -> None:
    """The property above would hold as well if everything were built each time."""
    home = scratch / "quiet"
    shutil.rmtree(home, ignore_errors=True)
    world, _ = two_worlds(TARGETS, family="orders", last=date(2026, 12, 1))
    pipeline, record = Pipeline(home, settings_with(ENTRIES)), Record()
    pipeline.drop("a.csv", HEADER + "1,A-1,1,2026-05-01 10:00:00,4.50,,c1,,paid\n")
    counts = []
    for change in ("first", "nothing", "later"):
        pipeline.land(applied(pipeline, [("later", 1)] if change == "later" else []))
        pipeline.build(world, choose=record.choose)
        record.note()
        pipeline.built()
        counts.append(len(record.selection.stale))
    whole = len(record.selection.now)
    assert counts[:2] == [whole, 0]
    assert 0 < counts[2] < whole
    assert "model.sanjeh.fct_orders" not in record.selection.stale
