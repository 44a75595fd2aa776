"""The engine replaces plain personal values exactly as Python does; the others stay with Python."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.pii import Pseudonymiser
from connectors.core.pii_sql import PseudonymiserSql
from connectors.core.raw_zone import RawZone
from connectors.core.stream import Personal
from tests.unit.core.landings import CONTACTS, land_contacts, read

_FLAGS = {"staff": ("*@ACME.example", "b.?@*"), "test": ("*+test@*", "a.b"), "none": ()}
_PIIS = {
    "hashed": Pseudonymiser(key=b"k", address_flags=_FLAGS),
    "long key": Pseudonymiser(
        key=b"a key of more than sixty-four bytes is itself hashed before it is used, says HMAC"
    ),
    "kept": Pseudonymiser(key=b"", keep=True, address_flags=_FLAGS),
}
_PLAIN = st.text(
    st.sampled_from([chr(code) for code in range(32, 127)] + list("@@@+++...  aAbB1")), max_size=14
)
_ADDRESSES = st.builds(
    "{}@{}".format,
    st.sampled_from(["info", "Sales ", "b.c", "x+test", ""]),
    st.sampled_from(["ACME.example", "a@b"]),
)


@pytest.mark.parametrize("pii", _PIIS.values(), ids=_PIIS)
@pytest.mark.parametrize("personal", list(Personal))
@settings(max_examples=15, deadline=None)
@given(values=st.lists(_PLAIN | _ADDRESSES, max_size=30))
def test_both_give_the_same(pii: Pseudonymiser, personal: Personal, values: list[str]) -> None:
    con = duckdb.connect()
    sql = PseudonymiserSql.on(con, pii)
    assert sql.can(personal)
    columns = ", ".join(sql.replaced("value", personal))
    given_values = "(select unnest($1::varchar[]) as value)"
    found = con.execute(f"select {sql.is_plain('value')}, {columns} from {given_values}", [values]).fetchall()
    width = 4 if personal is Personal.EMAIL else 1
    expected = [(True, *(pii.replace(value, personal) or (None,) * 4)[:width]) for value in values]
    assert found == expected


@pytest.mark.parametrize(
    "value", ["مینا@people.example", "a\u200cb@c.example", "tab\tor\nline@c.example", "é@c.example"]
)
def test_other_characters_are_left_to_python(value: str) -> None:
    con = duckdb.connect()
    sql = PseudonymiserSql.on(con, _PIIS["hashed"])
    assert con.execute(f"select {sql.is_plain('$1')}", [value]).fetchall() == [(False,)]


def test_sets_of_characters_are_left_to_python() -> None:
    pii = Pseudonymiser(key=b"k", address_flags={"test": ("qa[0-9]@*",)})
    sql = PseudonymiserSql.on(duckdb.connect(), pii)
    assert not sql.can(Personal.EMAIL)
    assert sql.can(Personal.PHONE)


def test_both_ways_meet_in_one_landing(zone: RawZone) -> None:
    values = [" Ann@Acme.example", "ann@acme.example", "آن@acme.example", "", None]
    rows = ", ".join(
        f"('{place}', {'null' if value is None else repr(value)}, '۰۲۱')"
        for place, value in enumerate(values)
    )
    land_contacts(
        zone,
        f"select contact_id, email, phone, 'a.csv' as _slice from (values {rows}) as v(contact_id, email, phone)",
    )
    assert zone.pii is not None
    hashed = [value and zone.pii.replace(value, Personal.EMAIL) for value in values]
    phone = zone.pii.replace("021", Personal.PHONE)
    assert phone is not None
    stored = (
        f"select email_hmac, email_domain, is_role_email, email_flags, phone_hmac from raw.{CONTACTS.view}"
    )
    assert read(zone, f"{stored} order by contact_id") == [
        (*(each or (None,) * 4), phone.hmac) for each in hashed
    ]


def test_the_key_is_in_no_text(zone: RawZone) -> None:
    sql = PseudonymiserSql.on(duckdb.connect(), Pseudonymiser(key=b"the key of the test"))
    assert "key of the test" not in "".join(sql.replaced("value", Personal.EMAIL)) + repr(sql)
