"""Limits, rights and keys: what is waited for, what ends a stream, what `sanjeh check` tells."""

from __future__ import annotations

import pytest
from werkzeug import Request, Response

from connectors.core.http import Answer
from connectors.core.retry import Kind
from connectors.stripe.judge import judge
from tests.contract.landed import Workbench, errors_of
from tests.contract.stripe.billing import DAY, HOUR, NOON, subscribe
from tests.fakes.faults import Fault
from tests.fakes.server import json_response
from tests.fakes.stripe import KEY, StripeApi


@pytest.mark.parametrize("code", ["rate_limit", "lock_timeout"])
def test_throttles_are_waited_for(api: StripeApi, bench: Workbench, code: str) -> None:
    api.throttle_code = code
    subscribe(api, 1, at=NOON - HOUR)
    api.order(Fault.THROTTLED, times=2)
    assert bench.landed(NOON)["subscriptions"].rows == 1
    assert len(bench.seconds.waits) >= 2


def test_stripe_says_that_a_retry_is_no_use(api: StripeApi, bench: Workbench) -> None:
    api.should_retry = "false"
    subscribe(api, 1, at=NOON - HOUR)
    api.order(Fault.SERVER_ERROR, matches=lambda request: request.path == "/v1/subscriptions")
    said = errors_of(bench.land(NOON))["subscriptions"]
    assert "the request is refused (HTTP 500 api_error, request req_" in said
    assert sum(seen.path == "/v1/subscriptions" for seen in api.seen) == 1


@pytest.mark.parametrize(
    ("status", "code", "should_retry", "kind"),
    [
        (429, "rate_limit", None, Kind.THROTTLED),
        (429, "lock_timeout", "true", Kind.THROTTLED),
        (429, "rate_limit", "false", Kind.REFUSED),
        (409, None, None, Kind.RETRY),
        (400, "resource_missing", None, Kind.REFUSED),
        (400, None, "true", Kind.RETRY),
        (500, None, None, Kind.RETRY),
        (503, None, "false", Kind.REFUSED),
        (401, None, "false", Kind.AUTH),
        (401, "api_key_expired", None, Kind.AUTH),
        (403, None, "false", Kind.FORBIDDEN),
        (404, "resource_missing", None, Kind.REFUSED),
        (200, None, None, Kind.RETRY),
    ],
)
def test_every_error_means_one_thing(
    status: int, code: str | None, should_retry: str | None, kind: Kind
) -> None:
    body = {"error": {"type": "invalid_request_error", "code": code, "message": "Said."}}
    headers = {} if should_retry is None else {"Stripe-Should-Retry": should_retry}
    error = judge(Answer(status=status, headers=headers, json=body, text=""))
    assert error is not None
    assert error.kind is kind
    assert "Said." in error.said


def test_a_missing_right_ends_its_streams_and_says_which(api: StripeApi, bench: Workbench) -> None:
    subscribe(api, 1, at=NOON - HOUR)
    api.forbidden = {"customers"}
    landed = bench.land(NOON)
    said = errors_of(landed)
    assert list(said) == ["customers"]
    assert "rak_customer_read" in said["customers"]
    assert "no right to this" in said["customers"]
    assert landed["subscriptions"].rows == 1


def test_check_tells_account_mode_and_rights(api: StripeApi, bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == (
        "Stripe Acme tools acct_0001, live mode; restricted key, reads 6 of 6 kinds of records; "
        "zone Europe/Berlin; currency EUR"
    )
    assert told.notes == ()
    api.forbidden = {"events", "account"}
    told = bench.check(now=NOON)
    assert told.summary == "Stripe account not told, live mode; restricted key, reads 5 of 6 kinds of records"
    assert "may not read events" in told.notes[0]
    assert "that is fine" in told.notes[1]


@pytest.mark.parametrize(
    ("key", "live", "told"),
    [
        ("sk_test_of_the_local_server", True, "test mode; secret key"),
        ("a-key-of-2031-that-says-nothing", False, "test mode; key of an unknown kind"),
        ("another-key-that-says-nothing", True, "live mode; key of an unknown kind"),
    ],
)
def test_check_tells_the_test_mode(
    api: StripeApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, key: str, *, live: bool, told: str
) -> None:
    api.key = key
    monkeypatch.setenv("BILLING_KEY", key)
    subscribe(api, 1, at=NOON - HOUR, livemode=live)
    check = bench.check(now=NOON)
    assert told in check.summary
    assert any("no real money" in note for note in check.notes) == ("test" in told)


def test_a_refused_key_is_told_without_showing_it(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("BILLING_KEY", "rk_live_that_was_revoked_long_ago")
    said = errors_of(bench.land(NOON))
    assert "the credentials are refused" in said["subscriptions"]
    everything = f"{said} {caplog.text} {bench.check(now=NOON)}"
    assert "that_was_revoked" not in everything
    assert KEY not in everything


class _Odd(StripeApi):
    """Answers to a list are changed by ``odd``."""

    odd = "order"

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if request.path != "/v1/subscriptions":
            return response
        body = response.get_json()
        changed = {"data": body["data"][::-1]} if self.odd == "order" else {"data": [], "has_more": True}
        return json_response(body | changed)


@pytest.mark.parametrize(
    ("odd", "told"), [("order", "don't come newest first"), ("empty", "there is more and is empty")]
)
def test_a_list_that_can_not_be_followed_is_an_error(
    bench: Workbench, api: StripeApi, odd: str, told: str
) -> None:
    with _Odd() as other:
        other.odd, other.now = odd, NOON
        for number in range(1, 4):
            subscribe(other, number, at=NOON - number * DAY)
        said = errors_of(bench.land(NOON, base_url=other.base_url))
    assert told in said["subscriptions"]
    assert bench.rows("select * from raw.stripe__subscriptions") == [] or api.seen == []
