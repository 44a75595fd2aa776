"""Attribution: touches within the window, four rules, credits that sum to exactly one, revenue that sums to the order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.ga4_events.streams import EVENTS
from connectors.orders.streams import ORDERS
from tests.properties.drawn import MICRO, PROFILE, DrawnBrand, brands, moments, money
from tests.properties.families import FIRST, LAST, build, window, world_of
from tests.properties.invariants import check_facts
from tests.properties.periods import ONE_DAY
from tests.properties.zone import MemoryZone

RULES = ("first", "last_non_direct", "linear", "position_based")
CHANNELS = {None: "direct", "Organic Search": "organic_search", "Email": "email"}
ORIGINS = {
    None: None,
    ("google", "cpc", None): ("paid_search", "(not set)"),
    ("newsletter", "email", "spring"): ("email", "spring"),
    (None, None, "autumn"): ("unassigned", "autumn"),
}
UNIT = Decimal("0.000000000001")


@dataclass(frozen=True)
class Touch:
    at: datetime
    channel: str
    campaign: str


def credits_of(rule: str, touches: Sequence[Touch]) -> list[Decimal]:
    """Credit of each touch, cut to 12 digits; what is left goes to the last that has any."""
    count = len(touches)
    if count <= 1:
        return [Decimal(1)] * count
    if rule == "first":
        shares = [Decimal(1)] + [Decimal(0)] * (count - 1)
    elif rule == "last_non_direct":
        last = max((n for n, touch in enumerate(touches) if touch.channel != "direct"), default=count - 1)
        return [Decimal(int(n == last)) for n in range(count)]
    elif rule == "linear" or count == 2:
        shares = [Decimal(1) / count] * count
    else:
        middle = Decimal("0.2") / (count - 2)
        shares = [Decimal("0.4"), *[middle] * (count - 2), Decimal("0.4")]
    cut = [share.quantize(UNIT, ROUND_DOWN) for share in shares]
    if rule != "first":
        cut[-1] = 1 - sum(cut[:-1])
    return cut


def amounts_of(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """The amount by share, cut to 6 digits towards zero; the last touch takes the rest where it has a share."""
    cut = [(total * share).quantize(MICRO, ROUND_DOWN) for share in shares]
    if shares[-1] != 0:
        cut[-1] = total - sum(cut[:-1])
    return cut


@st.composite
def visits(draw: st.DrawFn, brand: DrawnBrand) -> list[dict[str, Any]]:
    """Events of sessions of three browsers; a signed-in browser keeps its person."""
    people = {user: draw(st.sampled_from([None, "h1", "h2"])) for user in ("u1", "u2", "u3")}
    found = []
    for number in range(draw(st.integers(0, 7))):
        user = draw(st.sampled_from(sorted(people)))
        at = draw(moments(brand)) + timedelta(seconds=number + 1)
        if brand.day(at) > brand.today:
            continue
        event = {
            "event_date": brand.day(at),
            "event_timestamp": at,
            "event_name": "page_view",
            "user_pseudo_id": user,
            "ga_session_id": number,
            "user_id_hmac": people[user],
            "session_default_channel_group": draw(st.sampled_from([*CHANNELS])),
            "table_kind": "daily",
        }
        found.append(event)
        order = draw(st.sampled_from([None, "0", "1", "2", "(not set)"]))
        if order:
            found.append(
                {
                    **event,
                    "event_name": "purchase",
                    "transaction_id": order,
                    "event_timestamp": at + timedelta(seconds=1),
                }
            )
    return found


@st.composite
def sales(draw: st.DrawFn, brand: DrawnBrand) -> list[dict[str, Any]]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        origin = draw(st.sampled_from([*ORIGINS])) or (None, None, None)
        email = draw(st.sampled_from([None, "h1", "h2"]))
        found.append(
            {
                "order_id": str(number),
                "ordered_at": draw(moments(brand)) + timedelta(hours=1),
                "customer_id": draw(st.sampled_from([None, "c1", "c2"])),
                "customer_email_hmac": email,
                "is_role_customer_email": False if email else None,
                "goods_amount": draw(money) + Decimal("0.01"),
                "refunded_amount": draw(st.sampled_from([None, None, Decimal("0.005")])),
                "utm_source": origin[0],
                "utm_medium": origin[1],
                "utm_campaign": origin[2],
            }
        )
    return [order for order in found if brand.day(order["ordered_at"]) <= brand.today]


def addresses(orders: list[dict[str, Any]]) -> dict[str, set[str]]:
    """By order, the addresses of its customer: ids and addresses that any order links are one customer."""
    groups: list[set[str]] = []
    for order in orders:
        nodes = {
            f"{kind}:{value}" for kind in ("customer_id", "customer_email_hmac") if (value := order[kind])
        }
        touching = [group for group in groups if group & nodes]
        groups = [group for group in groups if not group & nodes] + [set().union(nodes, *touching)]
    found = {}
    for order in orders:
        nodes = {
            f"{kind}:{value}" for kind in ("customer_id", "customer_email_hmac") if (value := order[kind])
        }
        group = next((group for group in groups if group & nodes), set())
        found[order["order_id"]] = {
            node.partition(":")[2] for node in group if node.startswith("customer_email")
        }
    return found


def touches_of(
    order: dict[str, Any], events: list[dict[str, Any]], known: set[str], days: int
) -> list[Touch]:
    browsers = {event["user_pseudo_id"] for event in events if event["user_id_hmac"] in known}
    # A receipt that is opened again on another device buys nothing: the first purchase of a number counts.
    bought = [event for event in events if event.get("transaction_id") == order["order_id"]]
    if bought:
        browsers.add(min(bought, key=lambda event: event["event_timestamp"])["user_pseudo_id"])
    starts: dict[tuple[str, int], dict[str, Any]] = {}
    for event in events:
        starts.setdefault((event["user_pseudo_id"], event["ga_session_id"]), event)
    found = [
        Touch(first["event_timestamp"], CHANNELS[first["session_default_channel_group"]], "(not set)")
        for (user, _), first in starts.items()
        if user in browsers
        and timedelta(0) <= order["ordered_at"] - first["event_timestamp"] <= timedelta(hours=24 * days)
    ]
    origin = (
        ORIGINS[(order["utm_source"], order["utm_medium"], order["utm_campaign"])]
        if order["utm_campaign"] or order["utm_source"]
        else None
    )
    if origin and not bought:
        found.append(Touch(order["ordered_at"], *origin))
    return sorted(found, key=lambda touch: touch.at)


@PROFILE
@given(st.data())
def test_credits_go_to_the_touches_and_sum_to_one(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(20, 45, 100)))
    events = data.draw(visits(brand))
    orders = data.draw(sales(brand))
    rule, days = data.draw(st.sampled_from(RULES)), data.draw(st.sampled_from([1, 7, 30]))
    zone = MemoryZone(brands={"site": "acme", "shop": "acme"}, shuffled=12)
    zone.land(EVENTS, "site", "covered", [], load_id=1, window=window(brand))
    by_day: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        by_day[event["event_date"]].append(event)
    for day, rows in by_day.items():
        zone.land(EVENTS, "site", str(day), rows, load_id=1, window=(day, day + ONE_DAY))
    zone.land(ORDERS, "shop", "covered", [], load_id=1, window=window(brand))
    zone.land(ORDERS, "shop", "o.csv", orders, load_id=1)
    world = world_of("events", "orders", also=("fct_attributed_revenue",))
    sources = {
        "site": {"connector": "ga4_events", "path": "e/*.parquet"},
        "shop": {"connector": "orders_file", "path": "o.csv"},
    }
    build(world, brand, zone, sources, attribution={"rule": rule, "window_days": days})
    check_facts(
        world, reconciled=("channel", "campaign"), uniques=("customers",), unbounded=("aov", "aov_paid")
    )

    expected = set()
    known = addresses(orders)
    for order in orders:
        touches = touches_of(order, events, known[order["order_id"]], days)
        total = order["goods_amount"]
        entries = [("order", brand.day(order["ordered_at"]), total)]
        if order["refunded_amount"]:
            entries.append(("refund", brand.day(order["ordered_at"]), -order["refunded_amount"]))
        for each in RULES:
            shares = credits_of(each, touches) or [Decimal(1)]
            for kind, day, amount in entries:
                for number, (share, part) in enumerate(
                    zip(shares, amounts_of(amount, shares), strict=True), start=1
                ):
                    touch = touches[number - 1] if touches else None
                    expected.add(
                        (
                            order["order_id"],
                            kind,
                            day,
                            each,
                            days,
                            number if touch else 0,
                            len(touches),
                            touch.channel if touch else "unassigned",
                            touch.campaign if touch else "(not set)",
                            share if kind == "order" else Decimal(0),
                            part,
                        )
                    )
    found = set(
        world.rows(
            "select conversion_id, entry_type, entry_date, attribution_rule, window_days, touch_number, touch_count, "
            "channel_id, campaign, credit, revenue from marts.fct_attributed_revenue"
        )
    )
    assert found == expected, (sorted(found - expected)[:3], sorted(expected - found)[:3])
    wrong = world.rows(
        "select conversion_id, attribution_rule, sum(credit) from marts.fct_attributed_revenue "
        "where entry_type = 'order' group by all having sum(credit) <> 1"
    )
    assert not wrong
    unequal = world.rows(
        f"""with credited as (
            select entry_date as period_start, channel_id as segment, sum(revenue) as revenue
            from marts.fct_attributed_revenue where attribution_rule = '{rule}' group by all)
        select * from credited left join facts using (period_start, segment)
        where grain = 'day' and kpi_id = 'revenue' and segment_type = 'channel' and numerator <> credited.revenue"""
    )
    assert not unequal
