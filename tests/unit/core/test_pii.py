"""Personal values: one spelling, one hash."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from connectors.core.pii import Pseudonymiser, normalise
from connectors.core.stream import Personal


@pytest.mark.parametrize(
    ("value", "personal", "expected"),
    [
        (" Ann.B@GMail.com\u200f ", Personal.EMAIL, "ann.b@gmail.com"),
        ("+98 (21) ۱۲۳-٤٥", Personal.PHONE, "+982112345"),
        ("۰۲۱ 123", Personal.PHONE, "021123"),
        ("  علي  كريمي ", Personal.NAME, "علی کریمی"),
        ("no number", Personal.PHONE, ""),
    ],
)
def test_values_are_brought_to_one_spelling(value: str, personal: Personal, expected: str) -> None:
    assert normalise(value, personal) == expected


def test_the_hash_is_a_keyed_hmac_and_depends_on_the_key() -> None:
    hashed = Pseudonymiser(key=b"k").replace("A@b.example", Personal.EMAIL)
    assert hashed is not None
    assert hashed.hmac == hmac.new(b"k", b"a@b.example", hashlib.sha256).hexdigest()
    assert hashed != Pseudonymiser(key=b"other").replace("A@b.example", Personal.EMAIL)


def test_flags_and_roles_come_from_the_address() -> None:
    pii = Pseudonymiser(key=b"k", address_flags={"test": ("*+test@*",), "staff": ("*@ACME.example",)})
    hashed = pii.replace("no-reply@acme.example", Personal.EMAIL)
    assert hashed is not None
    assert (hashed.domain, hashed.is_role, hashed.flags) == ("acme.example", True, "staff")
    both = pii.replace("ann+test@acme.example", Personal.EMAIL)
    assert both is not None
    assert (both.is_role, both.flags) == (False, "staff;test")


def test_keeping_clear_text_is_explicit() -> None:
    with pytest.raises(ValueError, match="key"):
        Pseudonymiser(key=b"")
    kept = Pseudonymiser(key=b"", keep=True).replace(" A@b.example", Personal.EMAIL)
    assert kept is not None
    assert kept.hmac == "a@b.example"


def test_nothing_left_is_nothing() -> None:
    assert Pseudonymiser(key=b"k").replace(" \u200c ", Personal.NAME) is None
    assert "secret" not in repr(Pseudonymiser(key=b"secret"))
