"""Persian-aware text: digits, marks and letters folded, numbers parsed by declared marks.

Each rule exists twice with one meaning: a pure function for single values and a builder of a DuckDB
expression for whole columns (arguments named ``expr`` are SQL). Nothing is guessed: decimal and thousands
marks are declared.
"""

from __future__ import annotations

import re
from decimal import Decimal

from connectors.core.sql import literal

PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
DIGITS = "0123456789"
MINUS_SIGNS = "−–‒﹣-"
PERCENT_SIGNS = "٪﹪%"
INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c"
)
"""ZWNJ and its kin, bidi marks, BOM, soft hyphen: no part of a number, a date or a name to match."""
SPACES = "\u00a0\u2007\u202f\u2009\t"
"""Spaces that are folded to an ordinary one."""

_DIGIT_MAP = str.maketrans(PERSIAN_DIGITS + ARABIC_DIGITS, DIGITS * 2)
_FOLD_MAP = str.maketrans(
    PERSIAN_DIGITS + ARABIC_DIGITS + "يك" + SPACES, DIGITS * 2 + "یک" + " " * len(SPACES), INVISIBLE
)
_TO_PERSIAN_MAP = str.maketrans(DIGITS, PERSIAN_DIGITS)
_SIGN_MAP = str.maketrans(MINUS_SIGNS + PERCENT_SIGNS, "-" * len(MINUS_SIGNS) + "%" * len(PERCENT_SIGNS))
_UNSIGNED = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_NUMBER = rf"^([+-]?{_UNSIGNED}|{_UNSIGNED}-)$"
_PERCENT = rf"^(%?[+-]?%?{_UNSIGNED}%?|%?{_UNSIGNED}-%?)$"
_SQL_CLEAN = "^[!-~]+( [!-~]+)*$"


def ascii_digits(text: str) -> str:
    """``text`` with Persian and Arabic digits as ASCII."""
    return text.translate(_DIGIT_MAP)


def persian_digits(text: str) -> str:
    """``text`` with ASCII digits as Persian."""
    return text.translate(_TO_PERSIAN_MAP)


def fold(text: str) -> str:
    """``text`` for matching: ASCII digits, Persian ی and ک, no invisible marks, single spaces, trimmed."""
    if not text.isascii():  # else there is nothing to translate, and that is most text
        text = text.translate(_FOLD_MAP)
    return " ".join(text.split())


def parse_number(
    text: str, *, decimal: str = ".", thousands: str = "", percent: bool = False
) -> Decimal | None:
    """The number in ``text``, or None if it isn't one under the declared marks.

    Args:
        text: digits in any of the three scripts, sign before or after, with a percent sign or not.
        decimal: the decimal mark.
        thousands: the thousands marks, each character one of them; empty for none.
        percent: 12 or 12 % means 0.12. Without it a percent sign is refused.
    """
    bare = "".join(text.translate(_FOLD_MAP).split()).translate(_SIGN_MAP)
    for mark in thousands.replace(decimal, ""):
        bare = bare.replace(mark, "")
    if decimal != "." and "." in bare:
        return None
    bare = bare.replace(decimal, ".")
    if not re.fullmatch(_PERCENT if percent else _NUMBER, bare):
        return None
    bare = bare.replace("%", "")
    value = Decimal(f"-{bare[:-1]}" if bare.endswith("-") else bare)
    return value / 100 if percent else value


def fold_sql(expr: str) -> str:
    """SQL of :func:`fold`; plain ASCII without spare spaces takes a short way."""
    source = PERSIAN_DIGITS + ARABIC_DIGITS + "يك" + SPACES + "\r\n" + INVISIBLE
    target = DIGITS * 2 + "یک" + " " * (len(SPACES) + 2)
    folded = f"translate({expr}, {literal(source)}, {literal(target)})"
    clean = f"trim(regexp_replace({folded}, ' +', ' ', 'g'))"
    return f"case when regexp_matches({expr}, {literal(_SQL_CLEAN)}) then {expr} else {clean} end"


def number_text_sql(expr: str, *, decimal: str = ".", thousands: str = "", percent: bool = False) -> str:
    """SQL that turns a text into plain ASCII number text (``-1234.5``), or null if it isn't a number.

    Plain ASCII numbers take a short way, so that clean files load at full speed. Percent signs are removed
    under ``percent``; the division is left to :func:`number_sql`.
    """
    removed = INVISIBLE + SPACES + " \r\n" + thousands.replace(decimal, "")
    source = PERSIAN_DIGITS + ARABIC_DIGITS + MINUS_SIGNS + PERCENT_SIGNS
    target = DIGITS * 2 + "-" * len(MINUS_SIGNS) + "%" * len(PERCENT_SIGNS)
    if decimal != ".":
        # A point under another decimal mark is no number, unless it was declared as a thousands mark.
        source, target = source + decimal, target + "."
        if "." not in thousands:
            source, target = source + ".", target + "?"
    bare = f"translate({expr}, {literal(source + removed)}, {literal(target)})"
    signed = rf"regexp_replace(replace({bare}, '%', ''), '^([0-9.eE]+)-$', '-\1')"
    valid = literal(_PERCENT if percent else _NUMBER)
    slow = f"case when regexp_matches({bare}, {valid}) then {signed} end"
    plain = r"'^-?[0-9]+$'" if decimal != "." else r"'^-?[0-9]+(\.[0-9]+)?$'"
    return f"case when regexp_matches({expr}, {plain}) then {expr} else {slow} end"


def number_sql(
    expr: str, type_: str, *, decimal: str = ".", thousands: str = "", percent: bool = False
) -> str:
    """SQL of :func:`parse_number` as DuckDB type ``type_``; null where it isn't a number or doesn't fit.

    A fraction under an integer type is null, not rounded.
    """
    text = number_text_sql(expr, decimal=decimal, thousands=thousands, percent=percent)
    if percent:
        # A product stays decimal where a quotient would be a double.
        return f"try_cast(try_cast({text} as decimal(30, 12)) * cast(0.01 as decimal(3, 2)) as {type_})"
    if type_ != "BIGINT":
        return f"try_cast({text} as {type_})"
    number = f"try_cast({text} as decimal(38, 12))"
    return f"case when {number} = floor({number}) then try_cast({number} as bigint) end"
