"""Web traffic of a day that landed again is that of the day; of all other days it stays, whatever landed before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.drawn import PROFILE
from tests.properties.engine import settings_of, two_worlds
from tests.properties.test_incremental import Pipeline

TARGETS = ("int_web_traffic_unioned", "int_web_traffic_daily", "fct_kpi_daily", "fct_kpi_monthly")
HEADER = "Date,Session default channel group,Session source,Session medium,Session campaign,Sessions,Views\n"

cells = st.tuples(
    st.sampled_from(["20260430", "20260501", "20260502"]),
    st.sampled_from(["Organic Search", "Email", "Unheard Of", ""]),
    st.sampled_from(["google", "Newsletter", "(direct)", ""]),
    st.sampled_from(["cpc", "email", "(none)", ""]),
    st.sampled_from(["Spring", "spring ", "بهار", "(not set)"]),
    st.sampled_from(["0", "7", "12"]),
    st.sampled_from(["20", "30"]),
).map(",".join)
rows = st.lists(cells, min_size=1, max_size=5)
steps = st.one_of(
    st.tuples(st.just("drop"), st.tuples(st.sampled_from(["a.csv", "b.csv"]), rows)),
    st.tuples(st.just("drop"), st.tuples(st.sampled_from(["a.csv", "b.csv"]), rows)),
    st.tuples(st.just("delete"), st.sampled_from(["a.csv", "b.csv"])),
    st.tuples(st.just("words"), st.sampled_from(["UTC", "Asia/Tehran"])),
)
endings = st.sampled_from(["built", "built", "landed only", "died before the end"])


def settings_with(timezone: str) -> Any:
    return settings_of(
        {
            "project": {"name": "Shop", "currency": "EUR"},
            "brands": {"acme": {"name": "Acme", "timezone": timezone}},
            "sources": {
                "shop": {
                    "connector": "ga4_report_file",
                    "brand": "acme",
                    "path": "exports/*.csv",
                    "covers": "dates",
                    "expect": "none",
                }
            },
        }
    )


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("web")


@PROFILE
@given(runs=st.lists(st.tuples(st.lists(steps, min_size=1, max_size=2), endings), min_size=2, max_size=5))
def test_refreshing_changed_days_equals_a_full_build(scratch: Path, runs: list[Any]) -> None:
    home = scratch / "workspace"
    shutil.rmtree(home, ignore_errors=True)
    incremental, full = two_worlds(TARGETS, family="web")
    pipeline = Pipeline(home, settings_with("UTC"))
    for changes, ending in runs:
        for step, what in changes:
            if step == "drop":
                pipeline.drop(what[0], HEADER + "\n".join(what[1]) + "\n")
            elif step == "delete":
                (home / "exports" / what).unlink(missing_ok=True)
            else:
                pipeline.settings = settings_with(what)
        pipeline.land()
        if ending == "landed only":
            continue
        pipeline.build(incremental)
        if ending == "died before the end":
            continue
        pipeline.built()
        pipeline.require_as_in_full(incremental, full)


def test_days_that_did_not_land_again_are_not_read_again(scratch: Path) -> None:
    """A row spoiled in the build file stays spoiled until its own day lands: the property above sees real work."""
    home = scratch / "spoiled"
    shutil.rmtree(home, ignore_errors=True)
    world, _ = two_worlds(TARGETS, family="web")
    pipeline = Pipeline(home, settings_with("UTC"))
    pipeline.drop("a.csv", HEADER + "20260501,Email,,,,7,20\n20260502,Email,,,,9,20\n")
    pipeline.land()
    pipeline.build(world, full=True)
    pipeline.built()
    world.rows("update intermediate.int_web_traffic_unioned set sessions = 1000")
    pipeline.drop("b.csv", HEADER + "20260502,Email,,,,12,20\n")
    pipeline.land()
    pipeline.build(world)
    stored = "select traffic_date, sessions from intermediate.int_web_traffic_unioned order by 1"
    assert world.rows(stored) == [(date(2026, 5, 1), 1000), (date(2026, 5, 2), 12)]
