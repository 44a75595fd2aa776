"""What a vendor repeats of a secret, and what libraries log of it, is struck out."""

from __future__ import annotations

import base64
import logging
from contextlib import closing

import pytest

from connectors.core.errors import ConnectorError, TransientError
from connectors.core.redaction import register_secret
from tests.fakes.faults import Fault
from tests.unit.core.fake_clock import FakeClock
from tests.unit.core.http_caller import caller
from tests.unit.core.toy_api import ToyApi

SECRET = "zq9/Kx7+Wv2 Lm4=="  # noqa: S105 - of a server on loopback
register_secret(SECRET, user="reader")


def _basic() -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"reader:{SECRET}".encode()).decode()}


@pytest.mark.parametrize("cut_at", range(150, 215, 7))
def test_a_secret_that_the_vendor_repeats_shows_not_even_in_part(
    api: ToyApi, clock: FakeClock, cut_at: int
) -> None:
    with closing(caller(api.base_url, clock)) as http, pytest.raises(ConnectorError) as caught:
        http.call("GET", "/status/400", params={"said": "." * cut_at + SECRET})
    shown = str(caught.value)
    assert not [start for start in range(len(SECRET) - 3) if SECRET[start : start + 4] in shown]


@pytest.mark.parametrize("fault", [None, Fault.SERVER_ERROR, Fault.CUT_CONNECTION, Fault.ECHOED_CREDENTIALS])
def test_no_secret_is_in_errors_or_in_logs_of_any_library(
    api: ToyApi, clock: FakeClock, caplog: pytest.LogCaptureFixture, fault: Fault | None
) -> None:
    if fault is not None:
        api.order(fault, times=9)
    with caplog.at_level(logging.DEBUG), closing(caller(api.base_url, clock)) as http:
        for path in ("/status/500", "/status/403", "/echo"):
            try:
                http.call(
                    "GET",
                    path,
                    params={"key": SECRET, "said": SECRET},
                    headers=_basic(),
                    what=f"with {SECRET}",
                )
            except ConnectorError as error:
                logging.getLogger("tests.http").exception("failed", exc_info=error)
                assert SECRET not in str(error)
    assert "urllib3" in caplog.text, "urllib3 logs the address of each call"
    for spelling in (SECRET, "zq9%2FKx7", _basic()["Authorization"].split()[1]):
        assert spelling not in caplog.text
    assert "key=***" in caplog.text


def test_the_key_of_a_source_is_not_in_the_error_of_an_unreachable_server(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        closing(caller("http://127.0.0.1:9", clock)) as http,
        pytest.raises(TransientError) as caught,
    ):
        http.call("GET", "/visits", params={"key": SECRET})
    assert "key=***" in str(caught.value)
    assert "zq9%2FKx7" not in str(caught.value) + caplog.text
    assert caught.value.__cause__ is None
