"""What Google's errors mean, over both transports: retried, waited for, or told with what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.contract.desk import NOW
from tests.contract.ga4.conftest import Ga4Desk
from tests.fakes.faults import Fault
from tests.fakes.ga4_answer import Page, ReportAnswer
from tests.fakes.ga4_report import TableRow

_PASSING = [
    Fault.SERVER_ERROR,
    Fault.CUT_CONNECTION,
    Fault.HTML_PAGE,
    Fault.HTML_PAGE_WITH_200,
    Fault.THROTTLED,
    Fault.EXPIRED_TOKEN,
]


@pytest.mark.parametrize(
    ("transport", "fault"),
    [*product(["rest", "grpc"], _PASSING), ("rest", Fault.ERROR_WITH_200)],
)
def test_what_passes_is_tried_again(make_desk: Any, transport: str, fault: Fault) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/totals")
    desk.api.order(fault, after=1)
    landed = desk.land()["ga4/totals"]
    assert desk.read("select sum(sessions) from raw.ga4__totals") == [(9,)]
    assert landed.requests == 2
    assert len(desk.time.waits) == (0 if fault is Fault.EXPIRED_TOKEN else 1)


def test_a_server_that_stays_broken_ends_the_stream(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/totals")
    desk.api.order(Fault.SERVER_ERROR, after=1, times=100)
    errors = desk.errors(http={"attempts": 3, "backoff_seconds": 1})
    assert (
        "ga4/totals of 2026-11-02 to 2026-11-09: still failing after 3 tries (500: " in errors["ga4/totals"]
    )
    assert len(desk.api.seen) == 5  # a token, the account, three tries


@pytest.mark.parametrize(
    ("quota", "told"),
    [
        ("tokensPerDay", "the allowance of the day is used up (429: "),
        ("tokensPerHour", "the vendor asks to wait 3,600 s (429: "),
        ("tokensPerProjectPerHour", "the vendor asks to wait 3,600 s (429: "),
    ],
)
def test_tokens_that_return_much_later_end_the_run_of_the_source(
    make_desk: Any, transport: str, quota: str, told: str
) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/totals", "ga4/pages")
    desk.shop.quota.limits[quota] = 1
    errors = desk.errors(parallel=1)
    assert told in errors["ga4/totals"]
    assert "not asked any further" in errors["ga4/pages"]
    assert desk.time.waits == []


def test_an_hour_is_waited_where_that_is_configured(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/totals")
    desk.shop.quota.limits["tokensPerHour"] = 1
    desk.api.on_request(3, desk.shop.quota.next_hour)
    desk.land(http={"longest_wait_seconds": 4000})
    assert max(desk.time.waits) == 3600


def test_too_many_at_once_is_over_soon(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/totals")
    limits = desk.shop.quota.limits
    desk.api.on_request(2, lambda: limits.update(concurrentRequests=0))
    desk.api.on_request(5, lambda: limits.update(concurrentRequests=10))
    assert desk.land()["ga4/totals"].requests == 4
    assert 0 < max(desk.time.waits) < 60


def test_the_servers_own_wait_goes_first(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/totals")
    desk.api.order(Fault.THROTTLED_WITH_RETRY_AFTER, after=1)
    desk.land()
    assert 2 in desk.time.waits


def test_a_property_of_others_is_named_with_what_to_do(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport)
    told = desk.errors(property_id="999")[""]
    assert told.startswith(
        "ScopeError: Source shop, the property: the credentials have no right to this (403: "
    )
    assert "User does not have sufficient permissions for this property" in told


def test_an_api_that_is_switched_off_is_told(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport)
    desk.api.is_disabled = True
    assert "has not been used in project 1084 before or it is disabled" in desk.errors()[""]


def test_credentials_that_are_refused_are_told(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport)
    desk.api.tokens.is_disabled = True
    told = desk.errors()[""]
    assert told.startswith("AuthError: Source shop: Google refuses the credentials (")
    assert "account not found" in told


def test_a_token_that_runs_out_is_fetched_anew_once(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/totals")
    desk.api.order(Fault.EXPIRED_TOKEN, after=1, times=2)
    told = desk.errors()["ga4/totals"]
    assert "the credentials are refused (401: " in told
    assert "Request had invalid authentication credentials" in told
    assert sum(seen.path == "/token" for seen in desk.api.seen) == 2


def test_a_field_that_google_does_not_know_is_told(make_desk: Any, transport: str) -> None:
    told = make_desk(transport).errors(currency="XXX")[""]
    assert told.startswith("PermanentError: Source shop, the property: the request is refused (400: ")
    assert "The currency code XXX is not supported" in told


def test_an_address_that_is_no_api_is_told(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk()
    desk.api.checks_contract = False
    told = desk.errors(base_url=f"{desk.api.base_url}/elsewhere")[""]
    assert told.startswith("PermanentError: Source shop, the property: the request is refused (404: ")


def test_a_key_file_that_is_none_is_told(
    make_desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk: Ga4Desk = make_desk()
    monkeypatch.delenv("GA4_KEY")
    assert "the variable GA4_KEY is not set" in desk.errors()[""]
    for content in ("", "[]", "{}", json.dumps({"private_key": "nonsense"})):
        (tmp_path / "key.json").write_text(content, encoding="utf-8")
        monkeypatch.setenv("GA4_KEY", str(tmp_path / "key.json"))
        told = desk.errors()[""]
        assert f"the key file {tmp_path / 'key.json'} can't be used" in told
    monkeypatch.setenv("GA4_KEY", str(tmp_path / "nowhere.json"))
    assert "No such file" in desk.errors()[""]


def _with_column(report: ReportAnswer) -> ReportAnswer:
    names = [*report.headers["dimensionHeaders"], {"name": "country"}]
    return replace(report, headers={**report.headers, "dimensionHeaders": names})


def _counting(rows: int) -> Callable[[ReportAnswer], ReportAnswer]:
    return lambda report: replace(report, rest={**report.rest, "rowCount": rows})


def _with_gap(report: ReportAnswer) -> ReportAnswer:
    first, *others = report.page.rows
    return replace(report, page=Page([TableRow(first.dimensions, first.metrics[1:]), *others]))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_with_column, "sessions, engagedSessions, userEngagementDuration"),
        (_counting(7), "came twice, so paging would never end"),
        (_counting(1), "2 rows came where 1 are"),
        (_with_gap, "came with gaps"),
    ],
    ids=["another column", "fewer rows", "more rows", "a row with gaps"],
)
def test_an_answer_that_is_not_whole_does_not_land(
    make_desk: Any, transport: str, change: Callable[[ReportAnswer], ReportAnswer], told: str
) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/totals")
    desk.land()
    desk.api.lies = True
    desk.api.change = lambda report: change(report) if len(report.headers["metricHeaders"]) == 7 else report
    assert told in desk.errors(at=NOW + timedelta(hours=1))["ga4/totals"]
    assert desk.read("select sum(sessions), max(_load_id) from raw.ga4__totals") == [(9, 1)]


def test_no_secret_is_logged_or_told(
    make_desk: Any, transport: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk: Ga4Desk = make_desk(transport, "ga4/totals")
    desk.land()
    desk.api.order(Fault.EXPIRED_TOKEN, after=1, times=3)
    errors = desk.errors()
    tokens = [
        seen.headers["Authorization"].removeprefix("Bearer ")
        for seen in desk.api.seen
        if "Authorization" in seen.headers
    ]
    assert len(set(tokens)) >= 3
    told = caplog.text + repr(errors) + "".join(str(vars(record)) for record in caplog.records)
    assert [secret for secret in (*desk.secrets, *tokens) if secret in told] == []
