"""Keys that every API source may have, what is refused of them, and secrets from variables."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from connectors.core.api_config import ApiConfig, HttpConfig, secret_of
from connectors.core.errors import AuthError
from connectors.core.redaction import redact
from tests.unit.core.toy_connector import Config


def config(**keys: object) -> Config:
    """A toy source with ``keys``."""
    return Config.model_validate({"base_url": "https://api.vendor.example", **keys})


def test_a_source_needs_only_connector_and_brand() -> None:
    plain = ApiConfig.model_validate({"connector": "toy", "brand": "acme"})
    assert (plain.start, plain.timezone, plain.currency, plain.parallel, plain.pii) == (
        None,
        None,
        None,
        2,
        "hash",
    )


def test_keys_are_read_as_yaml_gives_them() -> None:
    read = config(start="2026-01-01", timezone="Asia/Tehran", currency="IRR", http={"attempts": 2})
    assert (read.start, read.timezone, read.currency) == (date(2026, 1, 1), "Asia/Tehran", "IRR")
    assert read.http.attempts == 2


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("timezone", "Tehran", "unknown time zone 'Tehran'; write an IANA name such as Asia/Tehran"),
        ("timezone", "../etc/passwd", "unknown time zone"),
        ("currency", "toman", "currency"),
        ("parallel", 0, "greater than or equal to 1"),
        ("parallel", 99, "less than or equal to 8"),
        ("pii", "clear", "'hash' or 'keep'"),
        ("api_key", "x", "api_key"),
        ("http", {"attempts": 0}, "attempts"),
        ("http", {"read_timeout": 0}, "read_timeout"),
        ("http", {"proxy": "http://ali:word@proxy.example"}, "name it with proxy_env"),
        ("base_url", "http://api.vendor.example", "would send the credentials in clear; write https://"),
        ("base_url", "api.vendor.example", "is no address of an API"),
        ("base_url", "ftp://api.vendor.example", "is no address of an API"),
        ("base_url", "https://api.vendor.example?key=1", "is no address of an API"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(key: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        config(**{key: value})
    assert said in str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "http://localhost",
        "http://api.localhost",
        "https://x.example/v1/",
    ],
)
def test_plain_http_is_for_this_machine_only(address: str) -> None:
    assert config(base_url=address).base_url == address.rstrip("/")


def test_the_retry_policy_is_that_of_the_keys() -> None:
    http = HttpConfig(attempts=4, backoff_seconds=2, longest_wait_seconds=30)
    assert (http.policy.attempts, http.policy.backoff_seconds, http.policy.longest_wait_seconds) == (4, 2, 30)


def test_a_secret_comes_from_its_variable_and_is_struck_out_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOY_SECRET", " word-of-config-tests\n")
    assert secret_of("TOY_SECRET", source_id="shop", user="ali") == "word-of-config-tests"
    assert redact("word-of-config-tests YWxpOndvcmQtb2YtY29uZmlnLXRlc3Rz") == "*** ***"


@pytest.mark.parametrize("value", [None, "", "   ", "abc"])
def test_a_variable_without_a_secret_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("TOY_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("TOY_SECRET", value)
    with pytest.raises(AuthError) as caught:
        secret_of("TOY_SECRET", source_id="shop")
    assert "Source shop: the variable TOY_SECRET is not set or holds no secret." in str(caught.value)
    assert "TOY_SECRET=..." in str(caught.value)
    assert "abc" not in str(caught.value)
