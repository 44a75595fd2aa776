"""Needles: the byte strings by which a person would be found in any file, and the search for them.

Hashes and customer keys are long and found anywhere. Addresses are found in any case. Ids are found as words
of their own, from ten characters on; shorter ones, such as 17850, mean nothing by themselves and are looked
up in the columns that hold ids of their kind (``warehouse_rows``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from connectors.core.identity import IdKind
from orchestration.erase.plan import Plan
from orchestration.erase.tokens import Namespaces, Token

DISTINCTIVE = 10
"""Characters from which on an id is looked for in every byte."""
ERASED = b"[erased]"
_HASHED = frozenset({IdKind.ADDRESS, IdKind.LOGIN})


@dataclass(frozen=True, kw_only=True)
class Needles:
    """What to look for.

    Attributes:
        hashes: keyed hashes and customer keys.
        ids: long natural ids.
        addresses: normalised clear text.
    """

    hashes: frozenset[str]
    ids: frozenset[str]
    addresses: frozenset[str]

    @property
    def exact(self) -> frozenset[str]:
        """Those that fill a cell where they stand in a table."""
        return self.hashes | self.ids

    @property
    def longest(self) -> int:
        """Bytes of the longest one."""
        return max((len(each.encode()) for each in (*self.exact, *self.addresses)), default=0)

    @cached_property
    def _as_bytes(self) -> tuple[list[bytes], list[bytes], list[bytes]]:
        groups = (self.hashes, self.ids, self.addresses)
        hashes, ids, addresses = (sorted(each.encode() for each in group) for group in groups)
        return hashes, ids, addresses

    @cached_property
    def _patterns(self) -> list[re.Pattern[bytes]]:
        hashes, ids, addresses = self._as_bytes
        return [
            *(re.compile(re.escape(each)) for each in hashes),
            *(re.compile(rb"(?<![0-9A-Za-z])" + re.escape(each) + rb"(?![0-9A-Za-z])") for each in ids),
            *(
                re.compile(rb"(?<![0-9A-Za-z._%+-])" + re.escape(each) + rb"(?![0-9A-Za-z-])", re.IGNORECASE)
                for each in addresses
            ),
        ]

    def found_in(self, content: bytes) -> set[str]:
        """Kinds of the needles in ``content``: hash, id, address."""
        hashes, ids, addresses = self._as_bytes
        kinds = set()
        if any(each in content for each in hashes):
            kinds.add("hash")
        offset = len(hashes)
        if any(each in content and self._patterns[offset + n].search(content) for n, each in enumerate(ids)):
            kinds.add("id")
        offset += len(ids)
        if addresses:
            lower = content.lower()
            if any(
                each in lower and self._patterns[offset + n].search(content)
                for n, each in enumerate(addresses)
            ):
                kinds.add("address")
        return kinds

    def redacted(self, content: bytes) -> bytes:
        """``content`` with each needle replaced by a word that says so."""
        for pattern in self._patterns:
            content = pattern.sub(ERASED, content)
        return content


def needles_of(plan: Plan, names: Namespaces, salt: str) -> Needles:
    """The needles of a plan, without those that rows of others hold too.

    Args:
        plan: whom to look for.
        names: namespaces of the sources.
        salt: of the brand's customer keys.
    """
    hashes = set(plan.hashes)
    ids = set()
    keys = {customer_key(salt, node) for node in nodes_of(plan.tokens, names)}
    for token in plan.tokens:
        if token.kind in _HASHED:
            hashes.add(token.value)
        elif len(token.value) >= DISTINCTIVE:
            ids.add(token.value)
    addresses = {address.text for address in plan.addresses}
    # Clear text that is kept (`pii: keep`) stands where hashes do.
    hashes -= addresses
    return Needles(
        hashes=frozenset((hashes - plan.shared) | keys),
        ids=frozenset(ids - plan.shared),
        addresses=frozenset(addresses - plan.shared),
    )


def nodes_of(tokens: Iterable[Token], names: Namespaces) -> list[str]:
    """Nodes of the customer graph, of respondents and of visitors that tokens are in the warehouse."""
    nodes = set()
    for kind, scope, value in tokens:
        match kind:
            case IdKind.ADDRESS:
                # A respondent without an id is known by address, in the namespace of the survey's source.
                nodes |= {f"email:{value}", *(f"{each}:{value}" for each in names.by_source.values())}
            case IdKind.PERSON:
                nodes.add(f"{scope}:{value}")
            case IdKind.BROWSER:
                nodes |= {f"visitor:{scope}:{value}", f"{names.scopes(scope).namespace}:{value}"}
            case _:
                pass
    return sorted(nodes)


def customer_key(salt: str, node: str) -> str:
    """As the macro ``customer_key``."""
    return hashlib.md5(f"{salt}{node}".encode(), usedforsecurity=False).hexdigest()
