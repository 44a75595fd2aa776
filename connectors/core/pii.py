"""Personal data: normalised, then replaced by a keyed hash before anything is stored.

Of an e-mail address its domain, whether it is a role address (info@, sales@) and the configured pattern flags
are kept beside the hash, so that staff and test rules stay SQL. Distinct values only pass through Python.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

from connectors.core.stream import Personal
from connectors.core.text import fold

ROLE_WORDS = frozenset(
    {
        "abuse",
        "accounts",
        "admin",
        "billing",
        "careers",
        "contact",
        "enquiries",
        "feedback",
        "finance",
        "hello",
        "help",
        "hostmaster",
        "hr",
        "info",
        "inquiries",
        "jobs",
        "mail",
        "marketing",
        "newsletter",
        "no-reply",
        "noreply",
        "office",
        "orders",
        "postmaster",
        "press",
        "privacy",
        "sales",
        "security",
        "service",
        "shop",
        "support",
        "team",
        "webmaster",
    }
)
"""Local parts of addresses that aren't a person's."""


class Hashed(NamedTuple):
    """What is stored of one personal value; the last three only of e-mail addresses."""

    hmac: str
    domain: str | None = None
    is_role: bool | None = None
    flags: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pseudonymiser:
    """Replaces personal values.

    Attributes:
        key: secret of the HMAC-SHA256; ignored under ``keep``.
        address_flags: fnmatch patterns of e-mail addresses by flag.
        keep: store normalised clear text instead of a hash (``pii: keep``, an explicit choice).
    """

    key: bytes = field(repr=False)
    address_flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: bool = False

    def __post_init__(self) -> None:
        if not self.key and not self.keep:
            raise ValueError("a pseudonymiser needs a key")

    def replace(self, value: str, personal: Personal) -> Hashed | None:
        """What to store of ``value``; None if nothing is left of it after normalising."""
        normal = normalise(value, personal)
        if not normal:
            return None
        token = normal if self.keep else hmac.digest(self.key, normal.encode(), "sha256").hex()
        if personal is not Personal.EMAIL:
            return Hashed(token)
        local, _, domain = normal.rpartition("@")
        flags = self._flags_of(normal) if self.address_flags else None
        return Hashed(token, domain if local else None, local in ROLE_WORDS, flags)

    def _flags_of(self, address: str) -> str | None:
        flags = (
            flag
            for flag, patterns in sorted(self.address_flags.items())
            if any(fnmatchcase(address, pattern.lower()) for pattern in patterns)
        )
        return ";".join(flags) or None


def normalise(value: str, personal: Personal) -> str:
    """``value`` in the one spelling that is hashed; empty if it holds nothing.

    E-mail addresses are folded, lower case and without spaces (dots of Gmail stay: they are the user's).
    Phones keep their digits and a leading plus. Names are folded and case-folded.
    """
    folded = fold(value)
    if personal is Personal.EMAIL:
        return folded.replace(" ", "").lower()
    if personal is Personal.PHONE:
        digits = "".join(character for character in folded if character in "0123456789")
        return f"+{digits}" if digits and folded.startswith("+") else digits
    return folded.casefold()
