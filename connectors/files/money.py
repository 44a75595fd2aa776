"""Units of amounts: rial sources declare theirs, foreign ones need none.

A toman is ten rials and a million toman ten million; which one a file means is declared and never guessed.
It may change on a day: the row's own date decides. Amounts land in rials with the code IRR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from connectors.core.errors import SchemaError
from connectors.core.sql import identifier, literal
from connectors.files.config import RIALS, DatedUnit, MoneyUnit
from connectors.files.headers import fold

_RIAL_CODES = {"IRR": None, "IRT": 10, "IRHR": 1_000, "IRHT": 10_000}
_WORDS = {
    "rial": ("rial", "rials", "irr", "ریال"),
    "toman": ("toman", "tomans", "irt", "تومان", "تومن"),
    "thousand_toman": ("irht", "هزار تومان"),
    "million_toman": ("million toman", "میلیون تومان"),
    "million_rial": ("million rial", "میلیون ریال"),
}


@dataclass(frozen=True)
class Money:
    """How amounts of a table become amounts of ``currency``.

    Attributes:
        currency: ISO code of amounts whose row names none.
        unit: declared unit of rial amounts; None for other currencies.
        header_rials: rials in the unit that the table's header names, if it does.
    """

    currency: str
    unit: MoneyUnit | None
    header_rials: int | None = None

    @property
    def units(self) -> tuple[DatedUnit, ...]:
        """The declared units in order of their days."""
        match self.unit:
            case None:
                return ()
            case DatedUnit():
                return (self.unit,)
            case tuple():
                return self.unit
            case _:
                return (DatedUnit(unit=self.unit),)

    @property
    def is_dated(self) -> bool:
        """Whether the day of a row decides what its amounts are worth."""
        return any(unit.start or unit.until for unit in self.units)

    def replacements(
        self, amounts: Collection[str], *, has_code: bool, day: str = "null::date"
    ) -> Iterator[str]:
        """``expression as column`` that turn typed amounts and their codes into units of the code.

        Args:
            amounts: money columns.
            has_code: the table has a column of currency codes.
            day: SQL of the row's own date, where the unit depends on it.
        """
        code = "upper(currency_code)"
        if has_code:
            rial_codes = ", ".join(literal(word) for word in _RIAL_CODES)
            yield (
                f"case when {code} in ({rial_codes}) then 'IRR' when {code} is null then "
                f"{literal(self.currency)} "
                f"else {code} end as currency_code"
            )
        declared = self._rials_sql(day)
        factor = declared
        if has_code:
            cases = " ".join(
                f"when {literal(word)} then {declared if rials is None else rials}"
                for word, rials in _RIAL_CODES.items()
            )
            factor = f"case coalesce({code}, {literal(self.currency)}) {cases} else 1 end"
        if has_code or declared != "1":
            for name in amounts:
                column = identifier(name)
                yield f"try_cast({column} * ({factor}) as decimal(18, 6)) as {column}"

    def reasons(self, amount: str, *, day: str) -> Iterator[str]:
        """SQL reasons to refuse a row whose day has no unit, or another one than its header says.

        Args:
            amount: the money column to name.
            day: SQL of the row's own date.
        """
        if not self.is_dated:
            return
        first, last = self.units[0], self.units[-1]
        undated = literal(f"{amount}|no date to tell the unit of its amount by")
        yield f"case when {day} is null then {undated} end"
        for unit, wrong, words in (
            (first, _before(day, first.start), f"holds from {first.start} on; an earlier"),
            (last, _after(day, last.until), f"holds until {last.until}; a later"),
        ):
            if wrong:
                reason = f"{amount}|{unit.unit} {words} amount is in another unit"
                yield f"case when {wrong} then {literal(reason)} end"
        if self.header_rials is not None:
            reason = f"{amount}|by its date this amount is in another unit than the header says"
            yield f"case when {self._rials_sql(day)} <> {self.header_rials} then {literal(reason)} end"

    def _rials_sql(self, day: str) -> str:
        """SQL of the rials in one unit on ``day``; a plain number where the day doesn't matter."""
        *earlier, last = self.units or (DatedUnit(unit="rial"),)
        cases = [f"when not ({_after(day, unit.until)}) then {unit.worth}" for unit in earlier]
        return f"(case {' '.join(cases)} else {last.worth} end)" if cases else str(last.worth)


def _before(day: str, start: date | None) -> str:
    return f"{day} < date {literal(start.isoformat())}" if start else ""


def _after(day: str, end: date | None) -> str:
    return f"{day} > date {literal(end.isoformat())}" if end else ""


def require_unit(
    *, source_id: str, currency: str, unit: MoneyUnit | None, has_amounts: bool, has_days: bool = True
) -> None:
    """Refuses rial amounts without a declared unit, and a unit on amounts that are no rials.

    Raises:
        SchemaError: saying what to declare.
    """
    if not has_amounts:
        return
    if currency == "IRR" and unit is None:
        raise SchemaError(
            f"sources.{source_id}: the amounts are in IRR, but files mean rials or tomans and don't say so. "
            "Declare `money_unit: rial`, `toman`, `million_toman` … for this source."
        )
    if currency != "IRR" and unit is not None:
        raise SchemaError(
            f"sources.{source_id}: money_unit is for amounts in IRR, but this source's currency is "
            f"{currency}. Remove `money_unit`, or set `currency: IRR`."
        )
    if not has_days and Money(currency, unit).is_dated:
        raise SchemaError(
            f"sources.{source_id}: money_unit says on which days its units hold, but rows of this source "
            "have no date of their own. Split the files by unit, each as a source with one unit."
        )


def currency_of_header(word: str | None, money: Money, *, source_id: str) -> Money:
    """``money`` after looking at the word in brackets of a money header.

    A code such as USD is the currency of the file. A unit such as تومان must be one that is declared.

    Raises:
        SchemaError: the header contradicts the configuration.
    """
    if word is None:
        return money
    folded = fold(word)
    named = next((unit for unit, words in _WORDS.items() if folded in {fold(w) for w in words}), None)
    if named is not None:
        if money.currency != "IRR":
            return money
        if all(RIALS[named] != unit.worth for unit in money.units):
            declared = ", ".join(unit.unit for unit in money.units)
            raise SchemaError(
                f"sources.{source_id}: the header says '{word}', but `money_unit` declares {declared}. "
                "Correct whichever is wrong."
            )
        return replace(money, header_rials=RIALS[named])
    if len(word) == len("USD") and word.isascii() and word.isalpha():
        return Money(word.upper(), money.unit if word.upper() == "IRR" else None)
    return money
