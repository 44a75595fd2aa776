"""What Google Ads' errors mean: retried, waited for, or told with what to do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.core.http import Answer
from connectors.core.retry import Kind
from connectors.google_ads.errors import judge
from tests.contract.desk import NOW
from tests.contract.google_ads.conftest import FIRST, MANAGER, AdsDesk
from tests.fakes.faults import Fault
from tests.fakes.google_ads_errors import ads_error, quota_error
from tests.fakes.google_api import GoogleError

_SUM = "select sum(cost) from raw.google_ads__campaign_performance"
_ALL = [(Decimal("9007199267.080994"),)]


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Fault.SERVER_ERROR, 1),
        (Fault.CUT_CONNECTION, 1),
        (Fault.HTML_PAGE, 1),
        (Fault.HTML_PAGE_WITH_200, 1),
        (Fault.ERROR_WITH_200, 1),
        (Fault.EXPIRED_TOKEN, 0),
    ],
)
def test_what_passes_is_tried_again(make_desk: Any, fault: Fault, waits: int) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.order(fault, after=1)
    desk.land()
    assert desk.read(_SUM) == _ALL
    assert len(desk.time.waits) == waits


def test_a_temporary_quota_is_waited_for_as_google_says(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.order(Fault.THROTTLED, after=1)
    desk.land()
    assert desk.time.waits == [30.0]
    assert desk.read(_SUM) == _ALL


@pytest.mark.parametrize(("delay", "wait"), [("1.500s", 1.5), ("90s", 90.0), (None, 30.0)])
def test_the_wait_is_the_longest_that_is_named(make_desk: Any, delay: str | None, wait: float) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.break_stream(
        quota_error("RESOURCE_TEMPORARILY_EXHAUSTED", "Slow down.", scope="ACCOUNT", name="x", delay=delay),
        after_batches=0,
    )
    desk.land()
    assert desk.time.waits == [wait]


def test_operations_of_the_day_end_the_source_and_the_next_run_goes_on(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance", "conversions")
    desk.api.requests_left = 3
    errors = desk.errors(parallel=1)
    assert list(errors) == ["google_ads/conversions"]
    assert "the allowance of the day is used up (RESOURCE_EXHAUSTED" in errors["google_ads/conversions"]
    assert desk.time.waits == []
    assert desk.read(_SUM) == _ALL
    desk.api.requests_left = None
    desk.land(at=NOW + timedelta(days=1))
    assert desk.read("select count(*) from raw.google_ads__conversions") == [(3,)]


def test_a_stream_that_breaks_after_its_first_batch_is_read_again(make_desk: Any) -> None:
    """The status is 200 by then; taken as it is, the answer would be short."""
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.batch_rows = 1
    # The first answer with rows is that of the account.
    desk.api.break_stream(GoogleError(500, "Internal error encountered."), after_batches=1)
    desk.api.break_stream(ads_error("internalError", "TRANSIENT_ERROR", "Try again."), after_batches=2)
    desk.land()
    assert desk.read(_SUM) == _ALL
    assert len(desk.time.waits) == 2


@pytest.mark.parametrize("dead", ["html", "json", "failure"])
def test_a_dead_version_is_told_at_once(make_desk: Any, dead: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.dead_version = dead
    told = desk.errors(api_version="v19")[""]
    assert told.startswith(
        "PermanentError: Source shop, POST the account: the request is refused (this version "
    )
    assert "isn't served (any more): set api_version to a current one" in told
    assert desk.time.waits == []


def test_a_manager_account_is_told_with_those_below_it(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    told = desk.errors(customer_id=MANAGER)[""]
    assert told == (
        "PermanentError: Source shop: 9876543210 is a manager account, which has no numbers of its own. Accounts "
        "below it: 1234567890 فروشگاه سیب. Name one of them as customer_id and login_customer_id: "
        '"9876543210", and run `sanjeh check`.'
    )


def test_metrics_of_an_account_that_turns_out_a_manager_are_refused(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.on_request(2, lambda: setattr(desk.account, "is_manager", True))
    told = desk.errors()["google_ads/campaign_performance"]
    assert "REQUESTED_METRICS_FOR_MANAGER: customer_id is a manager account" in told


def test_an_account_behind_a_manager_needs_the_manager_s_id(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.account.is_direct = False
    told = desk.errors()[""]
    assert (
        "have no right to this (HTTP 403: USER_PERMISSION_DENIED: name the manager account as login_customer_id"
        in told
    )
    desk.land(login_customer_id="987-654-3210")
    assert desk.read(_SUM) == _ALL
    assert {seen.headers.get("Login-Customer-Id") for seen in desk.api.seen[-2:]} == {MANAGER}


def test_an_account_that_isn_t_there_or_is_closed_is_told(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    assert "CUSTOMER_NOT_FOUND: there is no such account" in desk.errors(customer_id="1111111111")[""]
    desk.account.status = "CANCELED"
    assert "CUSTOMER_NOT_ENABLED: the account is not activated or was closed" in desk.errors()[""]


def test_a_wrong_developer_token_is_told(make_desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    monkeypatch.setenv("ADS_TOKEN", "token-of-somebody-else")
    told = desk.errors()[""]
    assert "the credentials are refused (HTTP 401: DEVELOPER_TOKEN_INVALID" in told
    assert "token-of-somebody-else" not in told


def test_a_question_that_google_refuses_is_not_repeated(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.break_stream(
        ads_error("queryError", "UNRECOGNIZED_FIELD", "Unrecognized field."), after_batches=0
    )
    told = desk.errors()[""]
    assert "the request is refused (HTTP 400: UNRECOGNIZED_FIELD: Unrecognized field)" in told
    assert desk.time.waits == []


def test_what_broke_off_costs_one_window(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.order(Fault.SERVER_ERROR, after=2, times=100)
    told = desk.errors(days_per_request=1)["google_ads/campaign_performance"]
    assert "still failing after 6 tries (HTTP 500: Internal error encountered)" in told
    assert desk.read("select count(*) from raw.google_ads__campaign_performance") == [(0,)]
    desk.api.forgive()
    desk.land()
    assert desk.read(f"{_SUM} where date = '{FIRST}'") == _ALL


@pytest.mark.parametrize("body", [{}, "nothing", [1], [[]]])
def test_what_is_no_stream_of_batches_is_asked_for_again(body: Any) -> None:
    told = judge(Answer(status=200, headers={}, json=body, text=""))
    assert told is not None
    assert (told.kind, told.said) == (Kind.RETRY, "HTTP 200 with a body that is no stream of batches")


def test_an_answer_that_lacks_a_field_that_was_asked_for_stops_its_stream(
    make_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cost that a new version calls otherwise would pass for zero, were the mask not looked at."""
    desk: AdsDesk = make_desk("campaign_performance", "conversions")
    desk.land()
    healthy = desk.api.serve

    def serve(request: Any) -> Any:
        answer = healthy(request)
        answer.set_data(answer.get_data().replace(b"costMicros", b"spendMicros"))
        return answer

    monkeypatch.setattr(desk.api, "serve", serve)
    desk.api.lies = True
    errors = desk.errors(at=NOW + timedelta(hours=1))
    assert list(errors) == ["google_ads/campaign_performance"]
    assert (
        "Source shop, google_ads/campaign_performance of 2026-11-02 to 2026-11-08: column metrics.cost_micros is "
        "missing: Google Ads doesn't list metrics.cost_micros among the fields"
    ) in errors["google_ads/campaign_performance"]
    assert desk.read(_SUM) == _ALL
