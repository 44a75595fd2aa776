"""Whose a row is: their own by address, person id or login; of records and browsers only without anybody else."""

from __future__ import annotations

import duckdb
import pytest

from connectors.core.identity import Identity, IdKind, IdScopes, belongs_sql
from connectors.core.stream import Column, Kind, Stream, Type
from connectors.registry import STREAMS

EVENTS = STREAMS["ga4_events/events"].identities
ORDERS = STREAMS["orders/orders"].identities
THEIRS = {
    (IdKind.ADDRESS, "ann"),
    (IdKind.PERSON, "17"),
    (IdKind.BROWSER, "laptop"),
    (IdKind.ORDER, "o1"),
    (IdKind.DEAL, "w1"),
}


def _belongs(identities: tuple[Identity, ...], **row: object) -> bool:
    """Whether a row, null where nothing is given, is that of ``THEIRS``."""

    def matches(identity: Identity, kinds: tuple[IdKind, ...]) -> str:
        values = [value for kind, value in THEIRS if kind in kinds]
        return f"coalesce(list_contains({values}::varchar[], {identity.value}), false)"

    names = {each.column for each in identities}
    names |= {each.only[0] for each in identities if each.only}
    names |= {f"{each.stem}_flags" for each in identities if each.stem}
    booleans = {f"is_role_{each.stem}" for each in identities if each.stem}
    con = duckdb.connect()
    columns = [*(f"$row['{name}'] as {name}" for name in names)]
    columns += [f"cast($row['{name}'] as boolean) as {name}" for name in booleans]
    values = {name: None if row.get(name) is None else str(row[name]) for name in (*names, *booleans)}
    condition = belongs_sql(identities, matches)
    [(found,)] = con.execute(
        f"select {condition} from (select {', '.join(columns)})", {"row": values}
    ).fetchall()
    return bool(found)


@pytest.mark.parametrize(
    ("row", "is_theirs"),
    [
        ({"customer_email_hmac": "ann"}, True),
        ({"customer_id": "17"}, True),
        ({"customer_id": "17", "customer_email_hmac": "bob"}, True),
        ({"order_id": "o1"}, True),
        ({"order_id": "o1", "customer_id": "99"}, False),
        ({"order_id": "o1", "customer_email_hmac": "bob"}, False),
        ({"order_id": "o1", "customer_email_hmac": "info", "is_role_customer_email": True}, True),
        ({"order_id": "o1", "customer_email_hmac": "tester", "customer_email_flags": "x;Test"}, True),
        ({"customer_id": "", "order_id": "o2"}, False),
        ({}, False),
    ],
)
def test_an_order_is_theirs(row: dict[str, object], is_theirs: bool) -> None:
    assert _belongs(ORDERS, **row) is is_theirs


@pytest.mark.parametrize(
    ("row", "is_theirs"),
    [
        ({"user_id_hmac": "ann", "user_pseudo_id": "shared"}, True),
        ({"user_pseudo_id": "laptop"}, True),
        ({"user_pseudo_id": "laptop", "user_id_hmac": "bob"}, False),
        ({"user_pseudo_id": "other", "transaction_id": "o1", "user_id_hmac": "bob"}, True),
        ({"user_pseudo_id": "other", "transaction_id": "(not set)"}, False),
    ],
)
def test_an_event_is_theirs(row: dict[str, object], is_theirs: bool) -> None:
    assert _belongs(EVENTS, **row) is is_theirs


def test_ids_count_only_in_rows_of_their_kind() -> None:
    merges = STREAMS["hubspot/merges"].identities
    assert _belongs(merges, object_type="contacts", id="17", merged_id="4")
    assert not _belongs(merges, object_type="companies", id="17", merged_id="4")
    assert not _belongs(merges, object_type="deals", id="17", merged_id="4")
    assert _belongs(merges, object_type="deals", id="5", merged_id="w1")


def test_every_stream_with_personal_data_says_whose_a_row_is() -> None:
    silent = [stream.id for stream in STREAMS.values() if stream.personal and not stream.identities]
    assert silent == []


def test_scopes_of_ids() -> None:
    scopes = IdScopes(source="till", namespace="store")
    assert [scopes.of(kind) for kind in (IdKind.PERSON, IdKind.BROWSER, IdKind.ORDER)] == [
        "store",
        "till",
        "",
    ]


def test_ids_of_unknown_columns_are_refused() -> None:
    with pytest.raises(ValueError, match=r"ids of unknown columns \['nobody'\]"):
        Stream(
            connector="a",
            name="b",
            kind=Kind.ENTITY,
            description="",
            columns=(Column("c", Type.STRING, ""),),
            ids=(Identity("nobody", IdKind.PERSON),),
        )


def test_a_stream_without_ids_belongs_to_nobody() -> None:
    assert belongs_sql((), lambda _, __: "true") is None
