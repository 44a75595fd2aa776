"""Ann of brand shop, whom the tests erase, and the hash that is stored of a value."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.core.pii import Pseudonymiser
from connectors.core.stream import Personal
from orchestration.erase.addresses import Address
from orchestration.erase.plan import Plan
from orchestration.erase.tokens import Token

KEY = "the key"


def hashed(text: str, personal: Personal = Personal.EMAIL) -> str:
    """What is stored of a personal value under ``KEY``."""
    replaced = Pseudonymiser(key=KEY.encode()).replace(text, personal)
    assert replaced is not None
    return replaced.hmac


def plan_of(*tokens: Token, hashes: Iterable[str] = (), shared: Iterable[str] = ()) -> Plan:
    """The plan to erase ann@example.com, who is known by ``tokens``."""
    return Plan(
        brand="shop",
        addresses=(Address(1, "ann@example.com"),),
        known=frozenset({1}),
        tokens=frozenset(tokens),
        hashes=frozenset(hashes),
        shared=frozenset(shared),
        holders=(),
        rows={},
    )
