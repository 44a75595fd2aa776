"""Customers are the connected components of their records: the SQL beside a plain union of sets."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODELS = PROJECT / "models" / "intermediate" / "customers"
ROUNDS = len(list(MODELS.glob("int_customer_labels_*.sql"))) - 1

Edge = tuple[str, str]


def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(PROJECT / "macros"), autoescape=False)  # noqa: S701 - SQL
    environment.globals |= {"ref": lambda name: name, "config": lambda **_: ""}
    macros = environment.get_template("customers.sql").make_module(environment.globals)
    environment.globals["customer_label_round"] = vars(macros)["customer_label_round"]
    return environment


ENVIRONMENT = _environment()


def _labels(edges: Iterable[Edge]) -> dict[str, str]:
    """Label of each node after the rounds of the models, run as they are."""
    both = {(one, other) for edge in edges for one, other in (edge, edge[::-1]) if one != other}
    with duckdb.connect() as connection:
        connection.execute("create table int_customer_links (brand_id text, node text, other_node text)")
        if both:
            connection.executemany("insert into int_customer_links values ('a', ?, ?)", sorted(both))
        for number in range(ROUNDS + 1):
            model = (MODELS / f"int_customer_labels_{number}.sql").read_text(encoding="utf-8")
            sql = ENVIRONMENT.from_string(model).render()
            connection.execute(f"create table int_customer_labels_{number} as {sql}")
        return dict(connection.execute(f"select node, label from int_customer_labels_{ROUNDS}").fetchall())


def _smallest_of_component(edges: Iterable[Edge]) -> dict[str, str]:
    groups: dict[str, set[str]] = {}
    for one, other in edges:
        if one == other:
            continue
        union = groups.get(one, {one}) | groups.get(other, {other})
        for node in union:
            groups[node] = union
    return {node: min(group) for node, group in groups.items()}


NODES = st.integers(0, 19).map(lambda number: f"{number % 2}|{number:02}")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NODES, NODES), max_size=30))
def test_any_twenty_records_are_resolved(edges: list[Edge]) -> None:
    assert _labels(edges) == _smallest_of_component(edges)


@pytest.mark.parametrize("seed", range(20))
def test_chains_of_twenty_in_any_order(seed: int) -> None:
    nodes = [f"{number:02}" for number in range(20)]
    random.Random(seed).shuffle(nodes)
    chain = list(pairwise(nodes))
    assert set(_labels(chain).values()) == {"00"}


def test_thousand_people_on_one_address_are_one() -> None:
    star = [("0|email:none", f"1|shop:{number}") for number in range(1000)]
    assert set(_labels(star).values()) == {"0|email:none"}
