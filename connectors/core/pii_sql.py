"""SQL twin of the pseudonymiser: replaces personal values of printable ASCII inside the engine.

That is nearly all values of an API, and the engine does it many times faster than Python and beside it.
Values of other characters, and patterns that SQL can't tell, stay with :class:`Pseudonymiser`; both give the
same, which a test over drawn values holds. The key is a variable of the connection, so no SQL text shows it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import duckdb

from connectors.core.pii import ROLE_WORDS, Pseudonymiser
from connectors.core.sql import literal
from connectors.core.stream import Personal

_BLOCK = 64
"""Bytes of a block of SHA-256, to which HMAC pads its key."""
_INNER, _OUTER = 0x36, 0x5C
_ROLES = "|".join(map(re.escape, sorted(ROLE_WORDS)))


@dataclass(frozen=True, kw_only=True)
class PseudonymiserSql:
    """Expressions of one pseudonymiser; made by :meth:`on`.

    Attributes:
        keep: clear text is kept.
        flags: regular expressions of addresses by flag; None where SQL can't tell one of the patterns.
    """

    keep: bool
    flags: dict[str, list[str]] | None

    @classmethod
    def on(cls, con: duckdb.DuckDBPyConnection, pii: Pseudonymiser) -> PseudonymiserSql:
        """Make the expressions usable on ``con``, and on no other."""
        key = pii.key if len(pii.key) <= _BLOCK else hashlib.sha256(pii.key).digest()
        for name, pad in (("pii_inner", _INNER), ("pii_outer", _OUTER)):
            block = bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0"))
            con.execute(f"set variable {name} = $1::blob", [block])
        return cls(keep=pii.keep, flags=_flag_patterns(pii))

    def can(self, personal: Personal) -> bool:
        """Whether a kind of value can be replaced here at all."""
        return personal is not Personal.EMAIL or self.flags is not None

    def is_plain(self, value: str) -> str:
        """SQL: whether a value is of printable ASCII."""
        return f"regexp_full_match({value}, '[ -~]*')"

    def replaced(self, value: str, personal: Personal) -> tuple[str, ...]:
        """SQL of what is stored of a plain value, in the order of ``Column.landed``.

        Args:
            value: SQL of the value, text.
            personal: what it is; :meth:`can` said yes to it.
        """
        normal = f"nullif({_normal(value, personal)}, '')"
        hashed = (
            f"sha256(getvariable('pii_outer') || unhex(sha256(getvariable('pii_inner') || encode({normal}))))"
        )
        token = normal if self.keep else hashed
        if personal is not Personal.EMAIL:
            return (token,)
        at = f"length({normal}) - strpos(reverse({normal}), '@')"
        local = f"case when contains({normal}, '@') then left({normal}, {at}) else '' end"
        domain = f"case when {local} <> '' then substr({normal}, {at} + 2) end"
        is_role = f"regexp_full_match({local}, {literal(_ROLES)})"
        return (token, domain, f"case when {normal} is not null then {is_role} end", self._flags_of(normal))

    def _flags_of(self, normal: str) -> str:
        cases = [
            f"case when {' or '.join(f'regexp_full_match({normal}, {literal(each)})' for each in patterns)} "
            f"then {literal(flag)} end"
            for flag, patterns in sorted((self.flags or {}).items())
            if patterns
        ]
        return f"nullif(concat_ws(';', {', '.join(cases)}), '')" if cases else "null"


def _normal(value: str, personal: Personal) -> str:
    """SQL of ``normalise`` over a plain value."""
    if personal is Personal.EMAIL:
        return f"lower(replace({value}, ' ', ''))"
    if personal is Personal.PHONE:
        digits = f"regexp_replace({value}, '[^0-9]', '', 'g')"
        is_international = f"{digits} <> '' and starts_with(ltrim({value}, ' '), '+')"
        return f"case when {is_international} then '+' || {digits} else {digits} end"
    return f"lower(trim(regexp_replace({value}, ' +', ' ', 'g'), ' '))"


def _flag_patterns(pii: Pseudonymiser) -> dict[str, list[str]] | None:
    """Regular expressions of the patterns of addresses; None where one has a set of characters."""
    if any("[" in pattern for patterns in pii.address_flags.values() for pattern in patterns):
        return None
    return {
        flag: [_as_regex(pattern.lower()) for pattern in patterns]
        for flag, patterns in pii.address_flags.items()
    }


def _as_regex(pattern: str) -> str:
    wild = {"*": "(?s:.*)", "?": "(?s:.)"}
    return "".join(wild.get(character) or re.escape(character) for character in pattern)
