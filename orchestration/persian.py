"""Numbers as Persian text: digits, decimal and thousands marks, percent sign."""

from __future__ import annotations

_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_MARKS = str.maketrans({",": "٬", ".": "٫", "%": "٪"})


def persian_digits(text: str) -> str:
    """``text`` with its ASCII digits as Persian ones."""
    return text.translate(_DIGITS)


def persian_number(text: str) -> str:
    """A number written as ``1,234.5 %`` in Persian digits and marks."""
    return persian_digits(text.translate(_MARKS))
