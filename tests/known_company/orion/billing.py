"""Orion's billing: the history of every subscription item, as an export of changes.

Planted: annual prepaid, quarterly, weekly and daily prices; seats that grow and shrink; trials, pauses, unpaid and past due;
cancelling at the period's end, leaving and coming back; metered items; graduated and volume tiers; discounts in
percent and amount, once, for some months and for good, one larger than its item; dollars, also on days without a rate;
states that begin at midnight, on days of 23 and 25 hours and on leap day; rows that come late and rows that are corrected.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from tests.known_company.clock import START
from tests.known_company.oracle.items import ItemState, Tier
from tests.known_company.orion.dice import BERLIN, dice, moment

_SUBSCRIBERS = 90
_TIERS = (Tier(5, Decimal("12.00")), Tier(20, Decimal("9.50"), Decimal("10.00")), Tier(None, Decimal("7.25")))
_ODD_STARTS = (
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 10, 27),
    date(2025, 3, 30),
    date(2025, 10, 26),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A state with the runs whose file holds it: late ones only later ones, mistaken ones only the first."""

    state: ItemState
    first_run: int = 0
    last_run: int = 2


Story = Callable[[ItemState, Random], Iterator[ItemState]]


def states() -> list[ItemState]:
    """What is known after the last run: of a corrected row the correction."""
    return [row.state for row in rows() if row.last_run == 2]


def rows() -> Iterator[Row]:
    """Every row that was ever in the file."""
    for number in range(_SUBSCRIBERS):
        thrown = dice("subscriber", number)
        day = _ODD_STARTS[number % 5] if number < 10 else START + timedelta(days=thrown.randrange(640))
        first = ItemState(
            item=f"i{number}",
            subscription=f"s{number}",
            subscriber=f"c{number}",
            # At midnight, just before it, or in the day.
            effective_at=moment(day, thrown.choice((0, 0, 1_439 if day.month != 3 else 30, 700))),
            unit_amount=Decimal(thrown.randrange(1_900, 29_900)) / 100,
            currency="USD" if number % 8 == 3 else "EUR",
        )
        for place, state in enumerate(_STORIES[number % len(_STORIES)](first, thrown)):
            if state.effective_at >= datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=1):
                continue
            if place == 1 and number % 11 == 4:
                # First told with a wrong price.
                yield Row(replace(state, unit_amount=Decimal("1.23")), last_run=0)
                yield Row(state, first_run=1)
            else:
                yield Row(state, first_run=1 if place == 2 and number % 7 == 2 else 0)


def _later(state: ItemState, days: float, **changes: object) -> ItemState:
    return replace(state, effective_at=state.effective_at + timedelta(days=days), **changes)


def _seats(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """Seats come and go."""
    state = replace(first, quantity=Decimal(thrown.randrange(2, 9)))
    yield state
    for _ in range(4):
        state = _later(state, thrown.randrange(20, 130), quantity=Decimal(thrown.randrange(1, 14)))
        yield state


def _annual(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """Prepaid for a year; dearer after it."""
    state = replace(first, interval="year", unit_amount=Decimal(thrown.randrange(900, 3_000)))
    yield state
    yield _later(state, 365, unit_amount=(state.unit_amount or Decimal(0)) + 100)


def _odd_intervals(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """By the quarter, then by the week, then by the day, then every second week."""
    state = replace(first, interval_count=3)
    yield state
    for interval, count in (("week", 1), ("day", 1), ("week", 2)):
        state = _later(
            state,
            thrown.randrange(60, 140),
            interval=interval,
            interval_count=count,
            unit_amount=Decimal(thrown.randrange(100, 999)) / 100,
        )
        yield state


def _trial(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """Tries, pays, falls behind, is unpaid, leaves, and comes back after months."""
    state = replace(first, status="trialing")
    yield state
    for days, status in ((14, "active"), (100, "past_due"), (20, "unpaid"), (30, "canceled"), (90, "active")):
        state = _later(state, days, status=status)
        yield state


def _paused(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """Pauses for two months and goes on."""
    yield first
    pause = _later(first, thrown.randrange(40, 200), is_paused=True)
    yield pause
    yield _later(pause, 61, is_paused=False)


def _cancels(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """Cancels in the middle of a month and is there until its end."""
    yield first
    asked = first.effective_at + timedelta(days=thrown.randrange(50, 250))
    end = asked.astimezone(BERLIN).date() + timedelta(days=17)
    yield replace(first, effective_at=asked, cancels_at_period_end=True, period_end=moment(end, 0))
    if thrown.random() < 0.5:
        yield replace(first, effective_at=moment(end, 5), status="canceled")


def _tiered(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """Tiers of units, graduated or by volume, up to a bound, on it and beyond it."""
    state = replace(first, unit_amount=None, tiers=_TIERS, is_volume=thrown.random() < 0.5)
    for quantity in (3, 5, 6, 20, 37):
        yield replace(state, quantity=Decimal(quantity))
        state = _later(state, thrown.randrange(30, 120))


def _metered(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """A licence with usage beside it, in one subscription."""
    yield first
    yield replace(first, item=f"{first.item}m", is_metered=True, unit_amount=Decimal("500.00"))
    yield _later(first, thrown.randrange(100, 300), is_deleted=True)


def _percent(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """A third off for good, for three months, or once."""
    kind = thrown.choice(("forever", "repeating", "once"))
    ends = moment(first.effective_at.astimezone(BERLIN).date() + timedelta(days=92), 0)
    yield replace(
        first,
        percent=Decimal("33.3"),
        duration=kind,
        discount_ends_at=ends if kind == "repeating" else None,
    )
    yield _later(first, 400, quantity=Decimal(2))


def _amount_off(first: ItemState, thrown: Random) -> Iterator[ItemState]:
    """Two items share an amount off; now and then it is more than both cost."""
    off = Decimal(thrown.choice(("15.00", "33.33", "2000.00")))
    ends = moment(first.effective_at.astimezone(BERLIN).date() + timedelta(days=180), 0)
    shared = replace(first, amount_off=off, duration="repeating", discount_ends_at=ends)
    yield shared
    second = replace(shared, item=f"{first.item}b", unit_amount=Decimal("45.67"), quantity=Decimal(3))
    yield _later(second, 25)
    yield _later(second, 110, status="canceled")


_STORIES: tuple[Story, ...] = (
    _seats,
    _annual,
    _odd_intervals,
    _trial,
    _paused,
    _cancels,
    _tiered,
    _metered,
    _percent,
    _amount_off,
)
_COLUMNS = (
    *(
        "Item ID",
        "Subscription ID",
        "Customer ID",
        "Customer email",
        "Effective from",
        "Status",
        "Paused",
        "Quantity",
    ),
    *("Unit amount", "Currency", "Interval", "Interval count", "Usage type", "Pricing tiers", "Tiers mode"),
    *("Discount percent", "Discount amount", "Discount duration", "Discount ends at"),
    *("Cancel at period end", "Current period end", "Deleted"),
)


def write_billing(folder: Path, run: int, through: date) -> None:
    """The export as it is before a run."""
    lines = [
        "\t".join(_cells(row.state))
        for row in rows()
        if row.first_run <= run <= row.last_run
        and row.state.effective_at.astimezone(BERLIN).date() <= through
    ]
    (folder / "billing.tsv").write_text("\n".join(["\t".join(_COLUMNS), *lines]) + "\n", encoding="utf-8")


def _cells(state: ItemState) -> Iterator[str]:
    yield from (state.item, state.subscription, state.subscriber, f"{state.subscriber}@customer.example")
    yield from (
        _instant(state.effective_at),
        state.status,
        _flag(is_set=state.is_paused),
        str(state.quantity),
    )
    yield "" if state.unit_amount is None else str(state.unit_amount)
    yield from (state.currency, state.interval, str(state.interval_count))
    yield "metered" if state.is_metered else "licensed"
    yield _tiers(state)
    yield ("volume" if state.is_volume else "graduated") if state.tiers else ""
    yield "" if state.percent is None else str(state.percent)
    yield "" if state.amount_off is None else str(state.amount_off)
    yield from (state.duration or "", _instant(state.discount_ends_at))
    yield from (
        _flag(is_set=state.cancels_at_period_end),
        _instant(state.period_end),
        _flag(is_set=state.is_deleted),
    )


def _tiers(state: ItemState) -> str:
    if not state.tiers:
        return ""
    return json.dumps(
        [
            {"up_to": tier.up_to, "unit_amount": str(tier.unit), "flat_amount": str(tier.flat)}
            for tier in state.tiers
        ]
    )


def _flag(*, is_set: bool) -> str:
    return "yes" if is_set else "no"


def _instant(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"
