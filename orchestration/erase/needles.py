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

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest one."""
        return max((len(each.encode()) for each in (*self.exact, *self.addresses)), default=0)

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[bytes, re.Pattern[bytes]]]]:
        """By kind: bytes that must be there, which is quick to tell, and what must match then."""
        return {
            "hash": _compiled(self.hashes, before=rb"", after=rb""),
            "id": _compiled(self.ids, before=rb"(?<![0-9A-Za-z])", after=rb"(?![0-9A-Za-z])"),
            "address": _compiled(
                self.addresses,
                before=rb"(?<![0-9A-Za-z._%+-])",
                after=rb"(?![0-9A-Za-z-])",
                flags=re.IGNORECASE,
            ),
        }

    def found_in(self, content: bytes) -> set[str]:
        """Kinds of the needles in ``content``: hash, id, address."""
        lower = content.lower() if self.addresses else b""
        return {
            kind
            for kind, needles in self._patterns.items()
            if any(
                needle in (lower if kind == "address" else content) and pattern.search(content)
                for needle, pattern in needles
            )
        }

    def redacted(self, content: bytes) -> bytes:
        """``content`` with each needle replaced by a word that says so."""
        for needles in self._patterns.values():
            for _, pattern in needles:
                content = pattern.sub(ERASED, content)
        return content


def _compiled(
    texts: Iterable[str], *, before: bytes, after: bytes, flags: re.RegexFlag = re.NOFLAG
) -> list[tuple[bytes, re.Pattern[bytes]]]:
    needles = sorted(text.encode() for text in texts)
    return [(needle, re.compile(before + re.escape(needle) + after, flags)) for needle in needles]


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
