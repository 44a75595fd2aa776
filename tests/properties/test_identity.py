"""One customer across records: whatever chain of ids and addresses links them, and nothing that links nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from connectors.crm.streams import CONTACTS
from connectors.orders.streams import ORDER_LINES, ORDERS
from tests.properties.drawn import PROFILE
from tests.properties.engine import World, settings_of
from tests.properties.zone import MemoryZone

AT = datetime(2026, 5, 1, 12)  # noqa: DTZ001 - raw instants are UTC without zone
SETTINGS = settings_of(
    {
        "project": {"name": "Acme", "currency": "EUR"},
        "brands": {"acme": {"name": "Acme"}},
        "sources": {
            "shop": {
                "connector": "orders_file",
                "brand": "acme",
                "path": "o.csv",
                "customer_ids": "shop_ids",
            },
            "till": {
                "connector": "order_lines_file",
                "brand": "acme",
                "path": "l.csv",
                "customer_ids": "shop_ids",
            },
            "crm": {"connector": "crm_contacts_file", "brand": "acme", "path": "c.csv"},
        },
    }
)
ids = st.one_of(st.none(), st.integers(0, 9).map(str))
addresses = st.one_of(st.none(), st.integers(0, 9).map(lambda number: f"h{number}"))
records = st.lists(
    st.tuples(
        st.sampled_from(["shop", "till", "crm"]),
        ids,
        addresses,
        st.sampled_from(["", "", "", "role", "test"]),
    ),
    max_size=24,
)
chains = st.integers(2, 18).map(
    # An id and an address in turn, so that the ends are as many links apart as there are records.
    lambda length: [("shop", str((n + 1) // 2), f"h{n // 2}", "") for n in range(length)]
)


@cache
def world() -> World:
    return World(("int_customers",), families=(), first=date(2026, 1, 1), last=date(2026, 12, 31))


def components(found: list[tuple[str, str | None, str | None, str]]) -> dict[str, str]:
    """The node each node's component is named after: its smallest address, else its smallest id."""
    groups: list[set[str]] = []
    for source, customer, address, kind in found:
        nodes = set()
        if customer is not None:
            nodes.add(f"{'crm' if source == 'crm' else 'shop_ids'}:{customer}")
        if address is not None and (not nodes or not kind):
            nodes.add(f"email:{address}")
        touching = [group for group in groups if group & nodes]
        groups = [group for group in groups if not group & nodes]
        if nodes:
            groups.append(nodes.union(*touching))
    return {
        node: min([each for each in group if each.startswith("email:")] or group)
        for group in groups
        for node in group
    }


@PROFILE
@given(st.one_of(records, records, chains, st.tuples(chains, records).map(lambda pair: pair[0] + pair[1])))
def test_customers_are_the_connected_records(found: list[tuple[str, str | None, str | None, str]]) -> None:
    zone = MemoryZone(brands=dict.fromkeys(["shop", "till", "crm"], "acme"), shuffled=13)
    rows: dict[str, list[dict[str, object]]] = {"shop": [], "till": [], "crm": []}
    kept = []
    for number, (source, customer, address, kind) in enumerate(found):
        flags = "test" if kind == "test" else None
        if source == "crm":
            # A contact is a record by itself; a later one of the same id replaces it.
            if customer is None or any(row["contact_id"] == customer for row in rows["crm"]):
                continue
            row = {"contact_id": customer, "created_at": AT}
            row |= {"email_hmac": address, "is_role_email": kind == "role", "email_flags": flags}
        else:
            row = {"order_id": str(number), "ordered_at": AT, "customer_id": customer}
            row |= {"customer_email_hmac": address, "is_role_customer_email": kind == "role"}
            row |= {"customer_email_flags": flags}
            row |= {"goods_amount": 1} if source == "shop" else {"quantity": 1, "unit_price": 1}
        rows[source].append(row)
        kept.append((source, customer, address, kind))
    for stream, source in ((ORDERS, "shop"), (ORDER_LINES, "till"), (CONTACTS, "crm")):
        zone.land(stream, source, "file", rows[source], load_id=1)
    world().build(SETTINGS, zone, as_of=datetime(2026, 6, 1, tzinfo=UTC), load_id=1)
    nodes: dict[str, str] = dict(world().rows("select node, surviving_node from intermediate.int_customers"))
    expected = components(kept)
    assert {node: nodes[node] for node in expected if node in nodes} == {
        node: surviving for node, surviving in expected.items() if node in nodes
    }
    assert expected.keys() <= nodes.keys()
    assert world().rows("select count(*) from intermediate.int_customers where not is_resolved") == [(0,)]
