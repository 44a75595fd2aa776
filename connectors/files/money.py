"""Units of amounts: rial sources declare theirs, foreign ones need none.

A toman is ten rials and a million toman ten million; which one a file means is declared and never guessed.
Amounts land in rials with the code IRR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from connectors.core.errors import SchemaError
from connectors.core.sql import identifier, literal
from connectors.files.config import RIALS, NewUnit
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
    """

    currency: str
    unit: str | NewUnit | None

    @property
    def rials(self) -> int:
        """Rials in one declared unit."""
        if isinstance(self.unit, NewUnit):
            return self.unit.rials
        return RIALS[self.unit.lower()] if self.unit else 1

    def replacements(self, amounts: Collection[str], *, has_code: bool) -> Iterator[str]:
        """``expression as column`` that turn typed amounts and their codes into units of the code."""
        code = "upper(currency_code)"
        if has_code:
            rial_codes = ", ".join(literal(word) for word in _RIAL_CODES)
            yield (
                f"case when {code} in ({rial_codes}) then 'IRR' when {code} is null then "
                f"{literal(self.currency)} "
                f"else {code} end as currency_code"
            )
        factor = str(self.rials)
        if has_code:
            cases = " ".join(
                f"when {literal(word)} then {self.rials if rials is None else rials}"
                for word, rials in _RIAL_CODES.items()
            )
            factor = f"case coalesce({code}, {literal(self.currency)}) {cases} else 1 end"
        if has_code or self.rials != 1:
            for name in amounts:
                column = identifier(name)
                yield f"try_cast({column} * ({factor}) as decimal(18, 6)) as {column}"


def require_unit(*, source_id: str, currency: str, unit: str | NewUnit | None, has_amounts: bool) -> None:
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


def currency_of_header(word: str | None, money: Money, *, source_id: str) -> Money:
    """``money`` after looking at the word in brackets of a money header.

    A code such as USD is the currency of the file. A unit such as تومان must be the one that is declared.

    Raises:
        SchemaError: the header contradicts the configuration.
    """
    if word is None:
        return money
    folded = fold(word)
    named = next((unit for unit, words in _WORDS.items() if folded in {fold(w) for w in words}), None)
    if named is not None:
        if money.currency == "IRR" and RIALS[named] != money.rials:
            raise SchemaError(
                f"sources.{source_id}: the header says '{word}', but `money_unit` declares {money.unit}. "
                "Correct whichever is wrong."
            )
        return money
    if len(word) == len("USD") and word.isascii() and word.isalpha():
        return Money(word.upper(), money.unit if word.upper() == "IRR" else None)
    return money
