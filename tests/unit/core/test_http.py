"""Calls over a real connection: what is sent, what is retried, what each failure becomes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.core.auth import BearerKey, FetchedToken
from connectors.core.errors import (
    AuthError,
    ConnectorError,
    PermanentError,
    QuotaError,
    ScopeError,
    TransientError,
)
from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.meter import Meter, metering
from connectors.core.rate_limit import Rate, RateLimiter
from tests.fakes.faults import Fault
from tests.unit.core.fake_clock import FakeClock
from tests.unit.core.http_caller import caller
from tests.unit.core.toy_api import ToyApi


def test_parameters_headers_and_credentials_arrive(api: ToyApi, clock: FakeClock) -> None:
    with closing(caller(api.base_url + "/", clock, auth=BearerKey("k"))) as http:
        told = http.call("GET", "/echo", params={"نام": "ماه & سال", "n": 3}, headers={"X-Way": "here"}).json
    assert told["query"] == {"نام": "ماه & سال", "n": "3"}
    assert told["headers"]["X-Way"] == "here"
    assert told["headers"]["Authorization"] == "Bearer k"
    assert told["headers"]["User-Agent"] == "sanjeh"


def test_bodies_arrive_as_json_or_as_a_form(api: ToyApi, clock: FakeClock) -> None:
    with closing(caller(api.base_url, clock)) as http:
        http.call("POST", "/echo", json={"days": ["2026-11-01"]})
        http.call("POST", "/token", form={"client_id": "a b"})
    assert [seen.body for seen in api.seen] == [{"days": ["2026-11-01"]}, {"client_id": "a b"}]


@pytest.mark.parametrize("status", [408, 423, 425, 429, 500, 502, 503, 504, 520, 522, 524])
def test_a_status_that_may_pass_is_tried_thrice(api: ToyApi, clock: FakeClock, status: int) -> None:
    with (
        closing(caller(api.base_url, clock)) as http,
        metering(Meter()) as meter,
        pytest.raises(TransientError, match=rf"^Source shop, GET the list: .*3 tries.*HTTP {status}.*well"),
    ):
        http.call("GET", f"/status/{status}", params={"said": "not well"}, what="the list")
    assert len(api.seen) == meter.requests == 3
    assert len(clock.waits) == meter.retries == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, PermanentError) for status in (400, 404, 410, 501)),
        (401, AuthError),
        (402, ScopeError),
        (403, ScopeError),
    ],
)
def test_a_status_that_stays_is_not_tried_again(
    api: ToyApi, clock: FakeClock, status: int, expected: type[ConnectorError]
) -> None:
    with closing(caller(api.base_url, clock)) as http, pytest.raises(ConnectorError) as caught:
        http.call("GET", f"/status/{status}", params={"said": "no"})
    assert type(caught.value) is expected
    assert f"GET /status/{status}" in str(caught.value)
    assert (len(api.seen), clock.waits) == (1, [])


def test_retry_after_goes_before_the_own_wait(api: ToyApi, clock: FakeClock) -> None:
    api.order(Fault.THROTTLED_WITH_RETRY_AFTER)
    with closing(caller(api.base_url, clock)) as http:
        assert http.call("GET", "/echo").status == 200
    assert clock.waits == [2]


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2026 07:28:00 GMT", "soon", ""])
def test_the_own_wait_holds_when_retry_after_is_no_number(said: str) -> None:
    assert retry_after({"Retry-After": said}) is None
    assert retry_after({"Retry-After": "-3"}) == 0
    assert retry_after({}) is None


def test_a_retry_after_beyond_patience_is_a_quota(api: ToyApi, clock: FakeClock) -> None:
    with (
        closing(caller(api.base_url, clock, longest_wait_seconds=60)) as http,
        pytest.raises(QuotaError, match="wait 3,600 s"),
    ):
        http.call("GET", "/status/429", params={"wait": "3600"})
    assert (len(api.seen), clock.waits) == (1, [])


def test_all_callers_of_an_account_keep_the_pause_that_one_was_told(api: ToyApi, clock: FakeClock) -> None:
    limiter = RateLimiter(Rate(calls=1000, seconds=1), clock.clock)
    api.order(Fault.THROTTLED_WITH_RETRY_AFTER)
    started: list[float] = []
    with (
        closing(caller(api.base_url, clock, limiter=limiter)) as one,
        closing(caller(api.base_url, clock, limiter=limiter)) as other,
    ):

        def call_meanwhile() -> None:
            other.call("GET", "/echo")
            started.append(clock.now)

        clock.meanwhile = call_meanwhile
        one.call("GET", "/echo")
    assert started == [2]


@pytest.mark.parametrize(
    "fault", [Fault.CUT_CONNECTION, Fault.HTML_PAGE, Fault.HTML_PAGE_WITH_200, Fault.SERVER_ERROR]
)
def test_a_broken_answer_is_asked_for_again(api: ToyApi, clock: FakeClock, fault: Fault) -> None:
    api.order(fault, times=2)
    with closing(caller(api.base_url, clock)) as http:
        assert http.call("GET", "/echo", params={"n": 1}).json["query"] == {"n": "1"}
    assert len(api.seen) == 3


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.CUT_CONNECTION, "ChunkedEncodingError"),
        (Fault.HTML_PAGE, "HTTP 502: .*Bad Gateway"),
        (Fault.HTML_PAGE_WITH_200, "HTTP 200 with a body that is no JSON: .*Bad Gateway"),
    ],
)
def test_answers_that_stay_broken_end_with_what_came(
    api: ToyApi, clock: FakeClock, fault: Fault, said: str
) -> None:
    api.order(fault, times=3)
    with closing(caller(api.base_url, clock)) as http, pytest.raises(TransientError, match=said) as caught:
        http.call("GET", "/echo")
    assert "\n" not in str(caught.value)


def test_an_answer_that_never_comes_is_asked_for_again(api: ToyApi, clock: FakeClock) -> None:
    released = threading.Event()
    api.on_request(1, lambda: released.wait(timeout=30))
    with closing(caller(api.base_url, clock, read_timeout=0.1)) as http:
        assert http.call("GET", "/echo").status == 200
        released.set()
    assert len(clock.waits) == 1


def test_a_server_that_is_not_there_is_tried_thrice(clock: FakeClock) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with closing(caller(address, clock)) as http, pytest.raises(TransientError, match="ConnectionError"):
            http.call("GET", "/echo")
    assert len(clock.waits) == 2


@pytest.mark.parametrize("scheme", ["https://", "gopher://"])
def test_an_address_that_cannot_work_is_refused_at_once(api: ToyApi, clock: FakeClock, scheme: str) -> None:
    address = scheme + api.base_url.removeprefix("http://")
    with closing(caller(address, clock)) as http, pytest.raises(PermanentError, match="refused"):
        http.call("GET", "/echo")
    assert clock.waits == []


def test_an_expired_token_is_renewed_once_and_the_call_goes_on(api: ToyApi, clock: FakeClock) -> None:
    with closing(caller(api.base_url, clock)) as tokens:
        auth = FetchedToken(lambda: str(tokens.call("POST", "/token").json["access_token"]))
        with closing(caller(api.base_url, clock, auth=auth)) as http:
            assert http.call("GET", "/account").status == 200
            api.keys = set()
            assert http.call("GET", "/account").status == 200
            api.refuses_keys = True
            with pytest.raises(AuthError, match="credentials are refused"):
                http.call("GET", "/account")
    assert [(seen.path, seen.status) for seen in api.seen] == [
        ("/token", 200),
        ("/account", 200),
        ("/account", 401),
        ("/token", 200),
        ("/account", 200),
        ("/account", 401),
        ("/token", 200),
        ("/account", 401),
    ]
    assert clock.waits == []


class _KeepsOpen(BaseHTTPRequestHandler):
    """Says on which connection a call came; werkzeug, unlike the vendors, closes each."""

    protocol_version = "HTTP/1.1"
    wait: Callable[[], object] = staticmethod(lambda: None)

    def do_GET(self) -> None:
        self.wait()
        body = str(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
        """Keep quiet."""


def _connections(clock: FakeClock, *, threads: int, at_once: bool) -> set[int]:
    """Connections of one call from each of some threads."""
    found: list[int] = []
    all_in = threading.Barrier(threads if at_once else 1, timeout=30)
    handler = type("Handler", (_KeepsOpen,), {"wait": staticmethod(all_in.wait)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        with closing(caller(f"http://127.0.0.1:{server.server_port}", clock)) as http:
            callers = [
                threading.Thread(target=lambda: found.append(http.call("GET", "/").json))
                for _ in range(threads)
            ]
            for each in callers:
                each.start()
                if not at_once:
                    each.join()
            for each in callers:
                each.join()
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
    assert len(found) == threads
    return set(found)


def test_threads_that_follow_each_other_share_one_connection(clock: FakeClock) -> None:
    assert len(_connections(clock, threads=5, at_once=False)) == 1


def test_threads_at_the_same_time_have_a_connection_each(clock: FakeClock) -> None:
    assert len(_connections(clock, threads=3, at_once=True)) == 3


def test_a_judge_may_know_more_than_the_status() -> None:
    assert judge_status(Answer(status=200, headers={}, json={}, text="")) is None
    assert judge_status(Answer(status=204, headers={}, json=None, text="")) is not None
