"""Orion's billing as it happens in a Stripe account: objects that change, and the events that tell of it.

A subscription that was cancelled doesn't come back, a new one begins; one that is cancelled at its period's end is deleted
then; an item that ends alone is taken out; a discount that is over is taken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import zip_longest

from tests.fakes.stripe import StripeApi
from tests.fakes.stripe_rows import (
    Record,
    coupon,
    customer,
    discount,
    item,
    price,
    product,
    seconds,
    subscription,
    tier,
)
from tests.known_company.oracle.items import ItemState
from tests.known_company.orion import billing

_PLAN = product(1, "Plan")
_ENDED = "canceled"


@dataclass
class Account:
    """A Stripe account whose time goes on.

    Attributes:
        api: the server that shows it.
    """

    api: StripeApi
    _happened: int = 0
    _made: int = 0
    _held: dict[str, str] = field(default_factory=dict)
    _items: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    _prices: dict[object, Record] = field(default_factory=dict)

    def go_on(self, clock: datetime) -> None:
        """Let everything happen that happens before ``clock``."""
        moments = _moments()
        while self._happened < len(moments) and moments[self._happened].at < clock:
            self._let(moments[self._happened])
            self._happened += 1
        self.api.now = clock

    def _let(self, moment: Moment) -> None:
        at, name = moment.at, moment.subscription
        states = [state for state in moment.states if _is_there(state)]
        held = self._held.get(name)
        if held is None:
            if states:
                self._begin(moment, states)
            return
        if not states:
            self.api.cancel(held, at=at)
            del self._held[name]
            return
        discounts = self._discounts(states, at)
        now = self.api.subscriptions[held]
        if [each["id"] for each in now["discounts"]] != [each["id"] for each in discounts]:
            self.api.discount(held, discounts, at=at)
        changes = _standing(states[0]) | {"items": self._items_of(states, at, held)}
        if any(now[key] != value for key, value in changes.items()):
            self.api.change(held, at=at, **changes)

    def _begin(self, moment: Moment, states: list[ItemState]) -> None:
        number, at, first = len(self.api.subscriptions) + 1, moment.at, states[0]
        payer = customer(
            int(first.subscriber.removeprefix("c")) + 1, f"{first.subscriber}@customer.example", at=at
        )
        self.api.customers.setdefault(payer["id"], payer)
        for state in states:
            self._items.pop(state.item, None)
        trial = {"trial_start": seconds(at), "trial_end": seconds(moment.trial_ends_at)}
        begun = subscription(
            number,
            self._items_of(states, at, ""),
            at=at,
            customer=payer["id"],
            **_standing(first),
            **(trial if first.status == "trialing" else {}),
        )
        begun["discounts"] = [{**each, "subscription": begun["id"]} for each in self._discounts(states, at)]
        self._held[moment.subscription] = self.api.subscribe(begun, at=at)["id"]

    def _items_of(self, states: list[ItemState], at: datetime, subscription_id: str) -> list[Record]:
        rows = []
        for state in states:
            if state.item not in self._items:
                self._made += 1
                self._items[state.item] = (self._made, at)
            number, since = self._items[state.item]
            row = item(
                number,
                self._price(state),
                at=since,
                quantity=None if state.is_metered else int(state.quantity),
                subscription=subscription_id,
            )
            if state.period_end is not None:
                row["current_period_end"] = seconds(state.period_end)
            rows.append(row)
        return rows

    def _price(self, state: ItemState) -> Record:
        key = (
            *(state.unit_amount, state.currency, state.interval, state.interval_count),
            *(state.is_metered, state.tiers, state.is_volume),
        )
        if key not in self._prices:
            tiers = [tier(each.up_to, _minor(each.unit), _minor(each.flat) or None) for each in state.tiers]
            amount = None if state.unit_amount is None or tiers else str(_minor(state.unit_amount))
            self._prices[key] = price(
                len(self._prices) + 1,
                amount,
                at=state.effective_at,
                of=_PLAN,
                currency=state.currency.lower(),
                interval=state.interval,
                interval_count=state.interval_count,
                usage_type="metered" if state.is_metered else "licensed",
                tiers=tiers or None,
                tiers_mode=("volume" if state.is_volume else "graduated") if tiers else None,
            )
        return self._prices[key]

    def _discounts(self, states: list[ItemState], at: datetime) -> list[Record]:
        """The discount that the items share, while it lasts."""
        first = states[0]
        if first.percent is None and first.amount_off is None:
            return []
        if first.discount_ends_at is not None and first.discount_ends_at <= at:
            return []
        number = int(first.subscription.removeprefix("s")) + 1
        of = coupon(
            number,
            at=first.effective_at,
            percent=None if first.percent is None else float(first.percent),
            amount=None if first.amount_off is None else _minor(first.amount_off),
            currency=None if first.amount_off is None else first.currency.lower(),
            duration=first.duration or "forever",
            months=3 if first.duration == "repeating" else None,
        )
        self.api.coupons.setdefault(of["id"], of)
        known = self.api.coupons[of["id"]]
        return [discount(number, known, at=first.effective_at, end=first.discount_ends_at)]


@dataclass(frozen=True)
class Moment:
    """All items of a subscription as they are from ``at`` on; ``trial_ends_at`` is when they change next."""

    at: datetime
    subscription: str
    states: tuple[ItemState, ...]
    trial_ends_at: datetime | None = None


@cache
def _moments() -> list[Moment]:
    of_subscription: dict[str, list[ItemState]] = defaultdict(list)
    for state in billing.states():
        of_subscription[state.subscription].append(state)
    return sorted(
        (moment for states in of_subscription.values() for moment in _of_one(states)),
        key=lambda moment: (moment.at, moment.subscription),
    )


def _of_one(states: list[ItemState]) -> Iterator[Moment]:
    changes: dict[datetime, list[ItemState]] = defaultdict(list)
    for state in states:
        changes[state.effective_at].append(state)
        if state.discount_ends_at is not None:
            changes.setdefault(state.discount_ends_at, [])
    current: dict[str, ItemState] = {}
    for at, following in zip_longest(sorted(changes), sorted(changes)[1:]):
        current |= {state.item: state for state in changes[at]}
        yield Moment(at, states[0].subscription, tuple(current.values()), following)
    ends = {
        state.period_end
        for state in current.values()
        if state.cancels_at_period_end and state.period_end is not None
    }
    for end in ends:
        yield Moment(end, states[0].subscription, ())


def _is_there(state: ItemState) -> bool:
    return state.status != _ENDED and not state.is_deleted


def _standing(state: ItemState) -> Record:
    """What a subscription says of itself as a whole."""
    return {
        "status": state.status,
        "pause_collection": {"behavior": "void", "resumes_at": None} if state.is_paused else None,
        "cancel_at_period_end": state.cancels_at_period_end,
        "cancel_at": seconds(state.period_end) if state.cancels_at_period_end else None,
    }


def _minor(amount: Decimal) -> int:
    return int(amount * 100)
