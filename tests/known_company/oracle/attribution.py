"""Who gets the credit for a conversion: shares of its touches by rule; contracts.md, section 4.

Shares of a conversion sum to exactly 1 and its money to exactly its amount: earlier touches are rounded down towards
zero, the last one takes what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal, localcontext

from tests.known_company.oracle.cells import Segment

UNCREDITED = ("unassigned", "(not set)")
"""Channel and campaign of a conversion without any touch."""
SHARE = Decimal("1e-12")
MONEY = Decimal("1e-6")
FIRST_AND_LAST = Decimal("0.4")


@dataclass(frozen=True, order=True)
class Touch:
    """One contact with a campaign before a conversion, in order of time, ties by key."""

    at: datetime
    key: str
    channel: str
    campaign: str = "(not set)"


def shares(rule: str, touches: Sequence[Touch]) -> list[Decimal]:
    """Share of each touch, in the order of ``touches``, which is that of time.

    Args:
        rule: first, last_non_direct, linear or position_based.
        touches: at least one.
    """
    count = len(touches)
    if rule == "first":
        exact = [Decimal(at == 0) for at in range(count)]
    elif rule == "last_non_direct":
        named = [at for at, touch in enumerate(touches) if touch.channel != "direct"]
        winner = named[-1] if named else count - 1
        exact = [Decimal(at == winner) for at in range(count)]
    elif rule == "linear" or count <= 2:
        exact = [Decimal(1) / count] * count
    elif rule == "position_based":
        middle = (1 - 2 * FIRST_AND_LAST) / (count - 2)
        exact = [FIRST_AND_LAST, *[middle] * (count - 2), FIRST_AND_LAST]
    else:
        raise ValueError(f"no attribution rule {rule}")
    return _rest_to_last(exact, Decimal(1), SHARE)


def split(amount: Decimal | None, parts: Sequence[Decimal]) -> list[Decimal | None]:
    """``amount`` by shares; unknown stays unknown."""
    if amount is None:
        return [None] * len(parts)
    with localcontext() as context:
        context.prec = 60
        exact = [amount * part for part in parts]
        return list(_rest_to_last(exact, amount, MONEY))


def _rest_to_last(exact: Sequence[Decimal], whole: Decimal, unit: Decimal) -> list[Decimal]:
    with localcontext() as context:
        context.prec = 60
        earlier = [each.quantize(unit, rounding=ROUND_DOWN) for each in exact[:-1]]
        return [*earlier, whole - sum(earlier, Decimal(0))]


def credited(rule: str, touches: Sequence[Touch]) -> list[tuple[Segment, Segment, Decimal]]:
    """Channel segment, campaign segment and share of each touch; one uncredited row where there is none."""
    if not touches:
        return [(("channel", UNCREDITED[0]), ("campaign", UNCREDITED[1]), Decimal(1))]
    ordered = sorted(touches)
    return [
        (("channel", touch.channel), ("campaign", touch.campaign), share)
        for touch, share in zip(ordered, shares(rule, ordered), strict=True)
    ]
