"""An incremental build says what a full refresh says, whatever landed before it, and in whichever interleaving.

Files go through the real connector into a real raw zone; builds go through the real control tables, hooks and
incremental SQL. A run may die after landing or after building the incremental models: what the next one builds on
then is what ``built_through`` says.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.errors import ConnectorError
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from connectors.files.source import FileSource
from orchestration.settings import Settings
from orchestration.workspace import Workspace
from tests.properties.drawn import PROFILE
from tests.properties.engine import World, settings_of, two_worlds

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TARGETS = ("fct_order_lines", "fct_orders")
HEADER = "order_id,sku,quantity,ordered_at,unit_price,discount_amount,customer_id,customer_email,status\n"
PII = Pseudonymiser(key=b"k" * 32, address_flags={"staff": ("*@acme.example",)})

cells = {
    "order_id": st.sampled_from(["1", "2", "3", "C4", "A5"]),
    "sku": st.sampled_from(["A-1", "B-2", "POST"]),
    "quantity": st.sampled_from(["1", "2", "-1", "0"]),
    "ordered_at": st.sampled_from(
        [
            "2026-05-01 10:00:00",
            "2026-05-01 23:30:00",
            "2026-05-02 00:00:00",
            "2026-05-02 20:30:00",
            "2026-05-03 12:00:00",
        ]
    ),
    "unit_price": st.sampled_from(["0", "4.50", "19.99"]),
    "discount_amount": st.sampled_from(["", "0.50"]),
    "customer_id": st.sampled_from(["", "c1", "c2"]),
    "customer_email": st.sampled_from(["", "ann@example.com", "bo@example.com", "it@acme.example"]),
    "status": st.sampled_from(["paid", "open"]),
}
lines = st.lists(st.tuples(*cells.values()).map(",".join), min_size=1, max_size=4)
files = st.tuples(st.sampled_from(["a.csv", "b.csv", "c.csv"]), lines)
settings_entries = st.fixed_dictionaries(
    {
        "timezone": st.sampled_from(["UTC", "Asia/Tehran", "America/New_York"]),
        "salt": st.sampled_from(["one", "two"]),
        "currency": st.sampled_from(["EUR", "GBP"]),
        "covers": st.sampled_from(["file", "dates", "keys"]),
        "returns_are_activity": st.booleans(),
        "drop_exact_duplicates": st.booleans(),
        "cancellation_prefix": st.sampled_from([None, "C"]),
        "counted_statuses": st.sampled_from([[], ["paid"]]),
        "test_patterns": st.sampled_from([{}, {"sku": "post%"}]),
    }
)
steps = st.one_of(
    st.tuples(st.just("drop"), files),
    st.tuples(st.just("drop"), files),
    st.tuples(st.just("settings"), settings_entries),
    st.tuples(st.just("delete"), st.sampled_from(["a.csv", "b.csv"])),
    st.tuples(st.just("copy"), st.sampled_from([("a.csv", "b.csv"), ("b.csv", "d.csv")])),
    st.tuples(st.just("backfill"), st.sampled_from([date(2026, 5, 1), date(2026, 5, 2)])),
    st.tuples(st.just("later"), st.integers(1, 3)),
)
endings = st.sampled_from(["built", "built", "built", "landed only", "died after the incremental models"])


def settings_with(entries: dict[str, Any]) -> Settings:
    rules = {
        key: entries[key]
        for key in (
            "returns_are_activity",
            "drop_exact_duplicates",
            "cancellation_prefix",
            "counted_statuses",
        )
        if entries[key] is not None
    }
    return settings_of(
        {
            "project": {"name": "Shop", "currency": entries["currency"], "customer_salt": entries["salt"]},
            "brands": {"acme": {"name": "Acme", "timezone": entries["timezone"]}},
            "sources": {
                "shop": {
                    "connector": "order_lines_file",
                    "brand": "acme",
                    "path": "exports/*.csv",
                    "covers": entries["covers"],
                    "timezone": "UTC",
                    "rules": rules,
                    "test_patterns": entries["test_patterns"],
                    "address_flags": {"staff": ["*@acme.example"]},
                }
            },
        }
    )


@dataclass
class Pipeline:
    """What a workspace remembers between runs."""

    home: Path
    settings: Settings
    load_id: int = 0
    built_through: int = 0
    built_fingerprint: str = ""
    as_of: datetime = NOW
    zone: RawZone = field(init=False)

    def __post_init__(self) -> None:
        self.zone = RawZone(self.home / "raw", temp=self.home / "tmp", pii=PII)
        (self.home / "exports").mkdir(parents=True)

    def drop(self, name: str, content: str) -> None:
        path = self.home / "exports" / name
        path.write_text(content, encoding="utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000))

    def land(self, window: tuple[date, date] | None = None) -> None:
        self.load_id += 1
        source = self.settings.sources["shop"].open(Workspace(self.home))
        assert isinstance(source, FileSource)
        with suppress(ConnectorError):  # a file that contradicts the settings lands nothing
            source.land(self.zone, load_id=self.load_id, loaded_at=self.as_of, window=window)

    @property
    def is_new(self) -> bool:
        """Whether other settings than those of the last build make the build file anew."""
        return self.settings.fingerprint() != self.built_fingerprint

    def build(self, world: World, *, full: bool = False, choose: Any = None) -> None:
        world.build(
            self.settings,
            self.zone,
            as_of=self.as_of,
            load_id=self.load_id,
            built_through=0 if full or self.is_new else self.built_through,
            choose=choose,
        )

    def built(self) -> None:
        self.built_through, self.built_fingerprint = self.load_id, self.settings.fingerprint()

    def require_as_in_full(self, refreshed: World, full: World) -> None:
        """See that ``refreshed`` says in every target what a full build of ``full`` does."""
        self.build(full, full=True)
        for target in full.targets:
            assert refreshed.content(target) == full.content(target), target


def applied(pipeline: Pipeline, changes: list[Any]) -> tuple[date, date] | None:
    """Do what ``steps`` drew; returns the days that are to land anew."""
    window = None
    exports = pipeline.home / "exports"
    for step, what in changes:
        if step == "drop":
            pipeline.drop(what[0], HEADER + "\n".join(what[1]) + "\n")
        elif step == "settings":
            pipeline.settings = settings_with(what)
        elif step == "delete":
            (exports / what).unlink(missing_ok=True)
        elif step == "copy" and (exports / what[0]).exists():
            pipeline.drop(what[1], (exports / what[0]).read_text(encoding="utf-8"))
        elif step == "backfill":
            window = (what, what + timedelta(days=1))
        elif step == "later":
            pipeline.as_of += timedelta(days=what)
    return window


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("interleavings")


@PROFILE
@given(
    first=settings_entries,
    runs=st.lists(st.tuples(st.lists(steps, min_size=1, max_size=2), endings), min_size=2, max_size=5),
)
def test_incremental_builds_equal_full_refreshes(
    scratch: Path, first: dict[str, Any], runs: list[Any]
) -> None:
    home = scratch / "workspace"
    shutil.rmtree(home, ignore_errors=True)
    incremental, full = two_worlds(TARGETS, family="orders")
    pipeline = Pipeline(home, settings_with(first))
    for changes, ending in runs:
        pipeline.land(applied(pipeline, changes))
        if ending == "landed only":
            continue
        pipeline.build(incremental)
        if ending == "died after the incremental models":
            continue
        pipeline.built()
        pipeline.require_as_in_full(incremental, full)
