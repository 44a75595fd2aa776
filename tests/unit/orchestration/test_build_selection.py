"""What is left as it is and what is built again, over a graph small enough to check by eye.

raw.orders ──> stg_orders ──> fct_orders ──> test_fct
control.brands(as_of_date) ──────^   └──> fct_days (names as_of_date through a macro)
control.source_streams ──> fct_freshness (names last_success_at)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from orchestration.build_selection import BuildSelection, Built, Graph, Inputs, select_nodes

TIMES = frozenset({"last_success_at"})


def _node(unique_id: str, *parents: str, code: str = "", macros: tuple[str, ...] = ()) -> dict[str, Any]:
    kind, _, name = unique_id.split(".")
    return {
        "resource_type": kind,
        "raw_code": code,
        "fqn": ["sanjeh", name],
        "config": {},
        "depends_on": {"nodes": list(parents), "macros": list(macros)},
    }


RAW, BRANDS, STREAMS = (
    "source.sanjeh.raw.orders",
    "source.sanjeh.control.brands",
    "source.sanjeh.control.source_streams",
)
STG, ORDERS, DAYS, FRESH, TEST = (
    "model.sanjeh.stg_orders",
    "model.sanjeh.fct_orders",
    "model.sanjeh.fct_days",
    "model.sanjeh.fct_freshness",
    "test.sanjeh.unique_orders",
)
MANIFEST: Mapping[str, Any] = {
    "nodes": {
        TEST: _node(TEST, ORDERS),
        DAYS: _node(DAYS, ORDERS, BRANDS, macros=("macro.sanjeh.today",)),
        ORDERS: _node(ORDERS, STG, BRANDS, code="select brands.timezone from brands"),
        STG: _node(STG, RAW),
        FRESH: _node(FRESH, STREAMS, code="select last_success_at, last_error from streams"),
    },
    "sources": {
        RAW: {"source_name": "raw", "name": "orders"},
        BRANDS: {"source_name": "control", "name": "brands"},
        STREAMS: {"source_name": "control", "name": "source_streams"},
    },
    "macros": {
        "macro.sanjeh.today": {
            "package_name": "sanjeh",
            "macro_sql": "{% macro today() %} brands.as_of_date {% endmacro %}",
            "depends_on": {"macros": []},
        }
    },
}
GRAPH = Graph(MANIFEST)


def _inputs(
    *,
    orders: str = "o1",
    zone: str = "z1",
    day: str = "d1",
    tried: str = "t1",
    error: str = "e1",
    programs: str = "p1",
) -> Inputs:
    return Inputs(
        programs=programs,
        sources={RAW: orders, BRANDS: zone, STREAMS: error},
        columns={("brands", "as_of_date"): day, ("source_streams", "last_success_at"): tried},
    )


def _record(inputs: Inputs) -> dict[str, Built]:
    return dict(select_nodes(GRAPH, inputs, {}, times=TIMES).now)


def _stale(inputs: Inputs, built: Mapping[str, Built]) -> set[str]:
    return set(select_nodes(GRAPH, inputs, built, times=TIMES).stale)


def test_everything_is_built_where_nothing_is_recorded() -> None:
    selection = select_nodes(GRAPH, _inputs(), {}, times=TIMES)
    assert selection.is_whole
    assert selection.arguments(MANIFEST) == []


def test_nothing_is_built_when_only_an_attempt_is_newer() -> None:
    built = _record(_inputs())
    assert _stale(_inputs(), built) == set()
    assert _stale(_inputs(tried="t2"), built) == set()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (_inputs(orders="o2"), {STG, ORDERS, DAYS, TEST}),
        (_inputs(zone="z2"), {ORDERS, DAYS, TEST}),
        (_inputs(day="d2"), {DAYS}),
        (_inputs(error="e2"), {FRESH}),
        (_inputs(programs="p2"), {STG, ORDERS, DAYS, FRESH, TEST}),
        # Something is published anew, so the time of the last attempt is to be right too.
        (_inputs(day="d2", tried="t2"), {DAYS, FRESH}),
    ],
)
def test_what_is_below_a_change_is_built(now: Inputs, expected: set[str]) -> None:
    assert _stale(now, _record(_inputs())) == expected


def test_a_change_that_is_taken_back_leaves_what_it_never_reached() -> None:
    """A run with new orders broke off before it built anything: its nodes are out of the record."""
    built = _record(_inputs())
    for node in _stale(_inputs(orders="o2"), built):
        del built[node]
    assert _stale(_inputs(), built) == {STG, ORDERS, DAYS, TEST}


def test_with_a_node_everything_below_it_is_built() -> None:
    built = _record(_inputs())
    del built[STG]
    assert _stale(_inputs(), built) == {STG, ORDERS, DAYS, TEST}


def test_a_test_that_warned_runs_again_alone() -> None:
    built = _record(_inputs())
    del built[TEST]
    selection = select_nodes(GRAPH, _inputs(), built, times=TIMES)
    assert selection.arguments(MANIFEST) == [
        "--select",
        "fqn:sanjeh.unique_orders",
        "--indirect-selection",
        "eager",
    ]


def test_tests_of_selected_nodes_are_left_to_dbt() -> None:
    selection = select_nodes(GRAPH, _inputs(orders="o2"), _record(_inputs()), times=TIMES)
    [_, names, *_] = selection.arguments(MANIFEST)
    assert names == "fqn:sanjeh.fct_days fqn:sanjeh.fct_orders fqn:sanjeh.stg_orders"


def test_kept_nodes_come_parents_first() -> None:
    kept = BuildSelection(now=_record(_inputs()), stale=frozenset()).kept("model")
    assert kept.index(STG) < kept.index(ORDERS) < kept.index(DAYS)


def test_a_source_that_nobody_described_is_an_error() -> None:
    inputs = Inputs(programs="p", sources={RAW: "o"}, columns={})
    with pytest.raises(KeyError, match="brands"):
        GRAPH.digests(inputs)
