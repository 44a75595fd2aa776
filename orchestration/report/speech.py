"""How a report speaks: words, numbers, money, changes and days in English or Persian.

A :class:`Speaker` belongs to one language and one brand's calendar. Ratios are fractions and come out as
percent; changes of ratios as percentage points. Nothing here rounds what is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import jdatetime

from orchestration.persian import persian_digits, persian_number
from orchestration.report.words_en import WORDS as ENGLISH
from orchestration.report.words_fa import WORDS as PERSIAN

LANGUAGES = ("en", "fa")
WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "fa": PERSIAN}
CURRENCIES_FA = {
    "IRR": "ریال",
    "EUR": "یورو",
    "USD": "دلار",
    "GBP": "پوند",
    "JPY": "ین",
    "TRY": "لیر",
    "AED": "درهم",
}
_LEFT_TO_RIGHT = "\u200e"
_RIGHT_TO_LEFT = "\u200f"
_MINUS = "\u2212"
_WHOLE_FROM = 10_000
_COUNTED_WHOLE_FROM = 10
"""Shares of a count below this keep decimals, so that small ones still add up."""
_MILLION, _BILLION, _TRILLION = 1e6, 1e9, 1e12


class Speaker:
    """Words and numbers of one language for one brand."""

    def __init__(self, lang: str, *, calendar: str = "gregorian") -> None:
        self.lang = lang
        self.calendar = calendar
        self.direction = "rtl" if lang == "fa" else "ltr"
        self._words = WORDS[lang]

    @property
    def is_persian(self) -> bool:
        """Whether text runs right to left, with Persian digits."""
        return self.lang == "fa"

    def say(self, key: str, **parts: object) -> str:
        """The phrase ``key``; numbers among ``parts`` are worded already."""
        return self._words[key].format(**parts)

    def either(self, key: str, value: str | None) -> str:
        """The word for a code of the warehouse; the code itself where there is none."""
        if value is None:
            return "–"
        return self._words.get(f"{key}.{value}", value.replace("_", " "))

    def knows(self, key: str) -> bool:
        """Whether there is a phrase ``key``."""
        return key in self._words

    def segment(self, row: Mapping[str, Any]) -> str:
        """A segment by its channel's name, else as the warehouse has it."""
        named = row.get("channel_fa") if self.is_persian else row.get("channel_en")
        return str(named or self._words.get(f"segment.{row['segment']}", row["segment"]))

    def name(self, row: Mapping[str, Any], field: str = "name") -> str:
        """A row's name in the language, else the one it has."""
        own = row.get(f"{field}_fa") if self.is_persian else None
        return str(own or row.get(f"{field}_en") or row.get(field) or "")

    def label(self, period: Mapping[str, Any]) -> str:
        """The label of a row of ``dim_period``."""
        return str(period["label_fa"] if self.is_persian else period["label_en"])

    def day(self, day: date | None) -> str:
        """A day in the brand's calendar, as ``dim_period`` labels days."""
        if day is None:
            return "–"
        if self.calendar == "jalali":
            shown = jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d")
        else:
            shown = day.strftime("%Y/%m/%d" if self.is_persian else "%Y-%m-%d")
        return self.digits(shown)

    def count(self, value: float | None) -> str:
        """A whole number."""
        return "–" if value is None else self._number(f"{value:,.0f}")

    def percent(self, share: float | None, *, digits: int = 0) -> str:
        """A fraction as percent."""
        return "–" if share is None else self._number(f"{share * 100:,.{digits}f}%")

    def value(
        self, value: float | None, unit: str, currency: str | None = None, *, is_short: bool = False
    ) -> str:
        """A KPI's value with its unit; a dash for none.

        Args:
            value: unrounded.
            unit: of the catalogue, or ``rate`` for a plain number.
            currency: of money.
            is_short: from a billion on, say so in place of nine digits.
        """
        if value is None:
            return "–"
        text = self._shortened(value) if is_short and abs(value) >= _BILLION else self._bare(value, unit)
        match unit:
            case "money":
                return f"{text} {self.currency(currency)}".rstrip()
            case "seconds":
                return self.say("unit.seconds", value=text)
            case _:
                return text

    def currency(self, code: str | None) -> str:
        """A currency by its usual word."""
        return (CURRENCIES_FA.get(code or "", code or "")) if self.is_persian else (code or "")

    def difference(self, change: float | None, unit: str, currency: str | None = None) -> str:
        """A signed difference of two values; of ratios in percentage points."""
        if change is None:
            return "–"
        if unit == "ratio":
            text = self.say("unit.points", value=self._signed(change * 100, "{:,.2f}"))
        elif unit == "money":
            digits = "{:,.0f}" if abs(change) >= _WHOLE_FROM else "{:,.2f}"
            text = f"{self._signed(change, digits)} {self.currency(currency)}".rstrip()
        else:
            is_whole = unit == "count" and (change == int(change) or abs(change) >= _COUNTED_WHOLE_FROM)
            text = self._signed(change, "{:,.0f}" if is_whole else "{:,.2f}")
        return text

    def change(self, now: float | None, before: float | None, unit: str, currency: str | None = None) -> str:
        """How ``now`` differs from ``before``: in points, or in percent where that has sense."""
        if now is None or before is None:
            return "–"
        if unit in {"ratio", "points"} or before <= 0:
            return self.difference(now - before, unit, currency)
        return self._signed((now - before) / before * 100, "{:,.1f}") + self._number("%")

    def compact(self, value: float, unit: str, *, step: float) -> str:
        """A value at an axis, short: 25%, 1.2M."""
        if unit == "ratio":
            digits = _digits_of(step * 100)
            return self._number(f"{value * 100:,.{digits}f}%").replace("-", _MINUS)
        for size, key in ((_TRILLION, "trillion"), (_BILLION, "billion"), (_MILLION, "million")):
            if abs(value) >= size:
                digits = _digits_of(step / size)
                return self.say(f"unit.{key}", value=self._number(f"{value / size:,.{digits}f}"))
        digits = _digits_of(step)
        return self._number(f"{value:,.{digits}f}").replace("-", _MINUS)

    def _shortened(self, value: float) -> str:
        size, key = (_TRILLION, "trillion") if abs(value) >= _TRILLION else (_BILLION, "billion")
        return self.say(f"unit.{key}", value=self._unsigned(f"{value / size:,.2f}".rstrip("0").rstrip(".")))

    def _bare(self, value: float, unit: str) -> str:
        if unit == "ratio":
            percent = value * 100
            whole = abs(percent - round(percent)) < 1e-9  # noqa: PLR2004 - float noise of a division
            return self._unsigned(f"{percent:,.0f}%" if whole else f"{percent:,.2f}%")
        if unit == "count" or abs(value) >= _WHOLE_FROM:
            return self._unsigned(f"{value:,.0f}")
        if unit == "seconds":
            return self._unsigned(f"{value:,.1f}")
        text = f"{value:,.2f}"
        return self._unsigned(text.rstrip("0").rstrip(".") if unit == "rate" else text)

    def _unsigned(self, text: str) -> str:
        return self._signed_text(text) if text.startswith("-") else self._number(text)

    def _signed(self, value: float, form: str) -> str:
        text = form.format(abs(value))
        if not text.strip("0.,"):
            return self._number(text)
        return self._signed_text(("-" if value < 0 else "+") + text)

    def _signed_text(self, text: str) -> str:
        shown = self._number(text.replace("-", _MINUS))
        return _LEFT_TO_RIGHT + shown if self.is_persian else shown

    def _number(self, text: str) -> str:
        if not self.is_persian:
            return text
        # Marks keep the sign at the left of its number, whatever stands before it.
        return persian_number(text).replace("٪", f"{_RIGHT_TO_LEFT}٪{_RIGHT_TO_LEFT}")

    def digits(self, text: str) -> str:
        """``text`` with the language's digits."""
        return persian_digits(text) if self.is_persian else text


def _digits_of(step: float) -> int:
    """Decimals that tell even steps of a size apart."""
    return next((digits for digits in range(4) if abs(step - round(step, digits)) < step / 1000), 4)
