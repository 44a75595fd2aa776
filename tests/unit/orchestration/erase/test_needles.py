"""What names a person, and finding it in bytes."""

from __future__ import annotations

import pytest

from connectors.core.identity import IdKind
from orchestration.erase.needles import Needles, customer_key, needles_of, nodes_of
from orchestration.erase.tokens import Namespaces, Token
from tests.unit.orchestration.erase.people import plan_of

NAMES = Namespaces({"site": "store", "ga": "ga"})
HASH = "a" * 64
NEEDLES = Needles(
    hashes=frozenset({HASH}), ids=frozenset({"90000000071"}), addresses=frozenset({"ann@example.com"})
)


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (f"x{HASH}y", {"hash"}),
        ("id 90000000071, next", {"id"}),
        ("900000000711 190000000071 a90000000071", set()),
        ("<Ann@Example.COM>", {"address"}),
        ("joann@example.com ann@example.com.au sue.ann@example.com", {"address"}),
        ("joann@example.com sue.ann@example.com ann@example.company", set()),
        ("", set()),
    ],
)
def test_needles_are_found_as_words(content: str, kinds: set[str]) -> None:
    assert NEEDLES.found_in(content.encode()) == kinds


def test_redacting_leaves_the_rest() -> None:
    text = f'{{"a": "{HASH}", "b": "ANN@example.com", "c": "joann@example.com", "d": 90000000071}}'
    expected = b'{"a": "[erased]", "b": "[erased]", "c": "joann@example.com", "d": [erased]}'
    assert NEEDLES.redacted(text.encode()) == expected


def test_needles_of_a_plan() -> None:
    plan = plan_of(
        Token(IdKind.ADDRESS, "", HASH),
        Token(IdKind.PERSON, "store", "17"),
        Token(IdKind.PERSON, "store", "90000000071"),
        Token(IdKind.BROWSER, "ga", "1111111111.17"),
        hashes={"b" * 64, "c" * 64},
        shared={"c" * 64, "1111111111.17"},
    )
    needles = needles_of(plan, NAMES, "salt")
    nodes = ["email:" + HASH, "store:17", "store:90000000071", "visitor:ga:1111111111.17", "store:" + HASH]
    assert {HASH, "b" * 64, *(customer_key("salt", node) for node in nodes)} <= needles.hashes
    assert "c" * 64 not in needles.hashes
    assert needles.ids == {"90000000071"}
    assert needles.addresses == {"ann@example.com"}
    assert needles.longest == 64


def test_records_are_no_nodes() -> None:
    assert nodes_of([Token(IdKind.ORDER, "", "o1")], NAMES) == []
