"""Money in the reporting currency: the rate of the event's day, else the last of at most seven days before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

CARRIED_DAYS = 7
MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Rates:
    """Dated rates: ``quoted[(from, to)][day]`` units of ``to`` for one of ``from``."""

    quoted: Mapping[tuple[str, str], Mapping[date, Decimal]] = field(default_factory=dict)

    def convert(self, amount: Decimal | None, currency: str, to: str, day: date) -> Decimal | None:
        """``amount`` in ``to``, to six decimals; None without a rate (never 1.0), 0 stays 0."""
        if amount is None or currency == to or amount == 0:
            return amount
        quoted = self.quoted.get((currency, to), {})
        for back in range(CARRIED_DAYS + 1):
            rate = quoted.get(day - timedelta(days=back))
            if rate is not None:
                return micro(amount * rate)
        return None


def micro(amount: Decimal) -> Decimal:
    """``amount`` to six decimals, half up, as money is kept in rows."""
    with localcontext() as context:
        context.prec = 60
        return amount.quantize(MICRO, rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Sum; None as soon as one amount is not known, so that no part passes for the whole."""
    whole = Decimal(0)
    with localcontext() as context:
        context.prec = 60
        for amount in amounts:
            if amount is None:
                return None
            whole += amount
    return whole
