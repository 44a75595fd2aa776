"""Touches of orders: sessions of the browser that bought and of browsers that the customer is known in.

contracts.md, section 4: sessions that began at or before the order and not earlier than the window; without a session
that holds the purchase, the order's own UTM words are a touch at its moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from tests.known_company.clickstream import Event
from tests.known_company.oracle import attribution, clickstream
from tests.known_company.oracle.attribution import Touch
from tests.known_company.oracle.identity import Customers, address
from tests.known_company.oracle.orders import Credit
from tests.known_company.records import Order, Utm

NAMELESS = frozenset({"", "(not set)", "(none)", "(all)", "(direct)", "(organic)", "(referral)"})


def touches_by(
    customers: Customers,
    *,
    events: Iterable[Event] = (),
    window_days: int = 30,
    channel_of: Callable[[Utm], str],
    shown: Callable[[str], str],
) -> Callable[[Order], list[Touch]]:
    """Touches of an order, in no order of time.

    Args:
        customers: whose browsers are found by their address.
        events: of the brand's one export.
        window_days: how many times 24 hours before the order a touch may be.
        channel_of: the channel of what an order says itself.
        shown: the name of a campaign.
    """
    seen = clickstream.counted(events)
    by_user: dict[str, list[clickstream.Session]] = defaultdict(list)
    for session in clickstream.sessions(seen).values():
        by_user[session.user].append(session)
    buying: dict[str, set[str]] = defaultdict(set)
    known_in: dict[str, set[str]] = defaultdict(set)
    for event in seen:
        if event.user is None:
            continue
        if event.name == "purchase" and event.transaction_id and event.session is not None:
            buying[event.transaction_id].add(event.user)
        if who := address(event.user_id):
            known_in[who].add(event.user)

    def campaign(name: str | None) -> str:
        return "(not set)" if (name or "").strip().lower() in NAMELESS else shown(name or "")

    def touches(order: Order) -> list[Touch]:
        users = set(buying.get(order.order_id, ()))
        customer = customers.of_order(order)
        for who in customers.addresses(customer) if customer else ():
            users |= known_in.get(who, set())
        since = order.ordered_at - timedelta(days=window_days)
        found = [
            Touch(
                session.started_at,
                f"{session.user}|{session.number}",
                session.channel,
                campaign(session.campaign),
            )
            for user in users
            for session in by_user[user]
            if since <= session.started_at <= order.ordered_at
        ]
        if order.order_id not in buying and not order.utm.is_empty:
            found.append(
                Touch(order.ordered_at, "order", channel_of(order.utm), campaign(order.utm.campaign))
            )
        return found

    return touches


def credits_by(
    rule: str, orders: Iterable[Order], touches: Callable[[Order], list[Touch]]
) -> Callable[[Order], list[Credit]]:
    """Who gets what of each order that counts; ``rule`` as for :func:`attribution.shares`."""
    credited: Mapping[tuple[str, str], list[Credit]] = {
        (order.source, order.order_id): attribution.credited(rule, touches(order))
        for order in orders
        if order.counts
    }
    return lambda order: credited[order.source, order.order_id]
