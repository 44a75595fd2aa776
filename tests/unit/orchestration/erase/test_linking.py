"""Who the people are: what one record links, and what it doesn't."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from connectors.core.identity import IdKind
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone, Replaces
from connectors.core.sql import identifier, literal
from connectors.core.stream import Personal
from connectors.registry import STREAMS
from orchestration.erase.linking import extend_tokens, note_marks
from orchestration.erase.plan import stored_streams
from orchestration.erase.tokens import Namespaces, Token, fill_tokens, read_tokens, rows_sql

PII = Pseudonymiser(key=b"secret", address_flags={"staff": ("*@staff.example",)})
NAMES = Namespaces({"site": "store", "till": "store", "crm": "crm", "hub": "hub", "ga": "ga", "hot": "hot"})
WHEN = {
    "orders/orders": {"ordered_at": "timestamp '2026-01-01'", "goods_amount": "1::decimal(18,6)"},
    "crm/contacts": {"created_at": "timestamp '2026-01-01'"},
    "ga4_events/events": {
        "event_date": "date '2026-01-01'",
        "event_timestamp": "timestamp '2026-01-01'",
        "event_name": "'x'",
    },
    "hotjar/responses": {"survey_id": "'s'", "created_time": "timestamp '2026-01-01'"},
    "hotjar/answers": {
        "survey_id": "'s'",
        "question_id": "'q'",
        "position": "1::bigint",
        "created_time": "timestamp '2026-01-01'",
    },
}


class Zone:
    """A raw zone that rows land in by their few telling columns."""

    def __init__(self, folder: Path) -> None:
        self.zone = RawZone(folder / "raw", temp=folder / "temp", pii=PII)

    def land(self, source: str, stream_id: str, *rows: dict[str, str | None]) -> None:
        stream = STREAMS[stream_id]
        with self.zone.landing(
            stream, source=source, brand="shop", load_id=1, loaded_at=datetime(2026, 1, 1, tzinfo=UTC)
        ) as landing:
            for number, row in enumerate(rows):
                given = {name: literal(value) + "::varchar" for name, value in row.items()}
                columns = {**WHEN.get(stream_id, {}), **given, "_slice": "'a'", "_line": f"{number}::bigint"}
                body = ", ".join(f"{sql} as {identifier(name)}" for name, sql in columns.items())
                landing.stage(f"select {body}")
            landing.commit(replaces=Replaces.nothing(), window=None)

    def linked(self, *start: str) -> set[tuple[str, str, str]]:
        """Ids linked to addresses; those of addresses by their clear text."""
        with duckdb.connect() as con:
            return {self._clear(token) for token in self._tokens(con, start)}

    def rows(self, *start: str) -> dict[tuple[str, str], int]:
        """Rows of theirs by (source, stream)."""
        found = {}
        with duckdb.connect() as con:
            self._tokens(con, start)
            for folder, manifest, stream in stored_streams(self.zone):
                condition = rows_sql(stream, NAMES.scopes(manifest.source))
                if condition:
                    files = [str(folder / name) for name in manifest.files]
                    [(count,)] = con.execute(
                        f"select count(*) from read_parquet({files}, hive_partitioning = false) where {condition}"
                    ).fetchall()
                    if count:
                        found[(manifest.source, stream.id)] = count
        return found

    def _tokens(self, con: duckdb.DuckDBPyConnection, start: Sequence[str]) -> frozenset[Token]:
        note_marks(con, stored_streams(self.zone), NAMES)
        fill_tokens(con, [Token(IdKind.ADDRESS, "", _hash(address)) for address in start])
        extend_tokens(con)
        return read_tokens(con)

    @staticmethod
    def _clear(token: Token) -> tuple[str, str, str]:
        known = {_hash(address): address for address in KNOWN}
        return token.kind.value, token.scope, known.get(token.value, token.value)


KNOWN = ("ann@x.example", "old@x.example", "bob@x.example", "info@x.example", "eve@staff.example")


def _hash(address: str) -> str:
    replaced = PII.replace(address, Personal.EMAIL)
    assert replaced is not None
    return replaced.hmac


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return Zone(tmp_path)


ANN = ("address", "", "ann@x.example")


def test_ids_and_addresses_of_one_record_are_followed_however_far(zone: Zone) -> None:
    zone.land(
        "site", "orders/orders", {"order_id": "o1", "customer_id": "17", "customer_email": "ann@x.example"}
    )
    zone.land(
        "crm",
        "crm/contacts",
        {"contact_id": "c1", "email": "ann@x.example"},
        {"contact_id": "c2", "email": "old@x.example", "merged_into": "c1"},
        {"contact_id": "c3", "email": "bob@x.example"},
    )
    assert zone.linked("old@x.example") == {
        ANN,
        ("address", "", "old@x.example"),
        ("person", "crm", "c1"),
        ("person", "crm", "c2"),
        ("person", "store", "17"),
        ("order", "", "o1"),
    }


def test_sources_that_share_ids_are_one_namespace(zone: Zone) -> None:
    zone.land(
        "site", "orders/orders", {"order_id": "o1", "customer_id": "17", "customer_email": "ann@x.example"}
    )
    zone.land("till", "orders/orders", {"order_id": "t1", "customer_id": "17"})
    zone.land("crm", "crm/contacts", {"contact_id": "17", "email": "bob@x.example"})
    assert zone.rows("ann@x.example") == {("site", "orders/orders"): 1, ("till", "orders/orders"): 1}


@pytest.mark.parametrize("weak", ["info@x.example", "eve@staff.example"])
def test_role_and_staff_addresses_link_nobody(zone: Zone, weak: str) -> None:
    zone.land(
        "site",
        "orders/orders",
        {"order_id": "o1", "customer_id": "17", "customer_email": "ann@x.example"},
        {"order_id": "o2", "customer_id": "17", "customer_email": weak},
        {"order_id": "o3", "customer_id": "18", "customer_email": weak},
        {"order_id": "o4", "customer_email": weak},
    )
    assert ("person", "store", "18") not in zone.linked("ann@x.example")
    assert zone.rows("ann@x.example") == {("site", "orders/orders"): 2}
    # Asked for by itself, its rows go and nobody is followed.
    assert ("person", "store", "17") not in zone.linked(weak)
    assert zone.rows(weak) == {("site", "orders/orders"): 3}


def test_nobody_is_linked_by_phone(zone: Zone) -> None:
    zone.land(
        "crm",
        "crm/contacts",
        {"contact_id": "c1", "email": "ann@x.example", "phone": "030 1"},
        {"contact_id": "c2", "email": "bob@x.example", "phone": "030 1"},
    )
    assert zone.rows("ann@x.example") == {("crm", "crm/contacts"): 1}


def test_a_browser_is_hers_when_it_names_nobody_else(zone: Zone) -> None:
    zone.land(
        "site",
        "orders/orders",
        {"order_id": "o1", "customer_id": "17", "customer_email": "ann@x.example"},
        {"order_id": "o2", "customer_id": "18", "customer_email": "bob@x.example"},
    )
    zone.land(
        "ga",
        "ga4_events/events",
        {"user_pseudo_id": "laptop", "transaction_id": "o1"},
        {"user_pseudo_id": "laptop"},
        {"user_pseudo_id": "mobile", "user_id": "Ann@X.example"},
        {"user_pseudo_id": "mobile", "transaction_id": "(not set)"},
        {"user_pseudo_id": "tablet", "user_id": "ann@x.example"},
        {"user_pseudo_id": "tablet", "user_id": "bob@x.example"},
        {"user_pseudo_id": "tablet"},
        {"user_pseudo_id": "kiosk", "user_id": "ann@x.example"},
        {"user_pseudo_id": "kiosk", "transaction_id": "o2"},
        {"user_pseudo_id": "else", "transaction_id": "(not set)"},
    )
    browsers = {value for kind, _, value in zone.linked("ann@x.example") if kind == "browser"}
    assert browsers == {"laptop", "mobile"}
    assert zone.rows("ann@x.example") == {("site", "orders/orders"): 1, ("ga", "ga4_events/events"): 6}


def test_a_login_is_hers_when_it_bought_her_orders_alone(zone: Zone) -> None:
    zone.land(
        "site",
        "orders/orders",
        {"order_id": "o1", "customer_id": "17", "customer_email": "ann@x.example"},
        {"order_id": "o2", "customer_id": "18"},
    )
    zone.land(
        "ga",
        "ga4_events/events",
        {"user_pseudo_id": "b1", "user_id": "ann77", "transaction_id": "o1"},
        {"user_pseudo_id": "b2", "user_id": "ann77"},
        {"user_pseudo_id": "b3", "user_id": "family", "transaction_id": "o1"},
        {"user_pseudo_id": "b4", "user_id": "family", "transaction_id": "o2"},
        {"user_pseudo_id": "b5", "user_id": "bob@x.example", "transaction_id": "o1"},
    )
    linked = zone.linked("ann@x.example")
    assert (
        len({value for kind, _, value in linked if kind == "login"}) == 2
    )  # bob is known to no order or CRM here
    assert {value for kind, _, value in linked if kind == "browser"} == {"b1", "b2", "b5"}


def test_an_order_number_of_two_people_is_nobody_s(zone: Zone) -> None:
    zone.land(
        "site", "orders/orders", {"order_id": "1", "customer_id": "17", "customer_email": "ann@x.example"}
    )
    zone.land("hub", "orders/orders", {"order_id": "1", "customer_id": "99"})
    zone.land("ga", "ga4_events/events", {"user_pseudo_id": "b", "transaction_id": "1"})
    assert zone.rows("ann@x.example") == {("site", "orders/orders"): 1}


def test_a_deal_of_several_contacts_stays(zone: Zone) -> None:
    zone.land(
        "hub",
        "hubspot/contacts",
        {"id": "1", "email": "ann@x.example"},
        {"id": "2", "email": "bob@x.example"},
    )
    zone.land("hub", "hubspot/deals", {"id": "71"}, {"id": "72"})
    link = {"from_type": "deals", "to_type": "contacts"}
    zone.land(
        "hub",
        "hubspot/associations",
        link | {"from_id": "71", "to_id": "1"},
        link | {"from_id": "72", "to_id": "1"},
        link | {"from_id": "72", "to_id": "2"},
    )
    assert zone.rows("ann@x.example") == {
        ("hub", "hubspot/contacts"): 1,
        ("hub", "hubspot/deals"): 1,
        ("hub", "hubspot/associations"): 2,
    }


def test_an_answer_leads_to_its_response_and_its_browser(zone: Zone) -> None:
    zone.land(
        "hot", "hotjar/answers", {"response_id": "r1", "answer_email": "ann@x.example"}, {"response_id": "r2"}
    )
    zone.land(
        "hot",
        "hotjar/responses",
        {"response_id": "r1", "hotjar_user_id": "u"},
        {"response_id": "r2", "hotjar_user_id": "u"},
        {"response_id": "r3", "hotjar_user_id": "v"},
    )
    assert zone.rows("ann@x.example") == {("hot", "hotjar/answers"): 2, ("hot", "hotjar/responses"): 2}
