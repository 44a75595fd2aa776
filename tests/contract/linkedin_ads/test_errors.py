"""What LinkedIn's errors mean: a retired version, a daily limit, tokens of 60 days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.contract.landed import Workbench, errors_of
from tests.contract.linkedin_ads.conftest import DAY, NOON
from tests.fakes.faults import Fault
from tests.fakes.linkedin_ads import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, TOKEN, LinkedInAdsApi


def test_a_retired_version_says_which_key_to_change(api: LinkedInAdsApi, bench: Workbench) -> None:
    told = errors_of(bench.land(NOON, api_version="202506"))["campaign_performance"]
    assert "HTTP 426: NONEXISTENT_VERSION Requested version 20250601 is not active" in told
    assert "set api_version to a newer one, YYYYMM" in told
    assert len(api.seen) == 2


def test_the_limit_of_the_day_is_not_waited_for(api: LinkedInAdsApi, bench: Workbench) -> None:
    api.order(Fault.QUOTA_EXHAUSTED, times=100)
    told = errors_of(bench.land(NOON, parallel=1))
    assert "the allowance of the day is used up" in told["campaign_performance"]
    assert "LinkedIn resets it at midnight UTC" in told["campaign_performance"]
    assert "not asked any further" in told["conversions"]
    assert len(api.seen) == 1
    assert bench.seconds.waits == []
    api.forgive()
    bench.landed(NOON + DAY)


def test_a_limit_that_names_its_wait_is_waited_for(api: LinkedInAdsApi, bench: Workbench) -> None:
    api.order(Fault.THROTTLED_WITH_RETRY_AFTER)
    bench.landed(NOON, parallel=1)
    assert 2 in bench.seconds.waits


def test_a_fixed_token_that_expired_ends_the_run(api: LinkedInAdsApi, bench: Workbench) -> None:
    api.tokens.clear()
    told = errors_of(bench.land(NOON, parallel=1))
    assert "the credentials are refused" in told["campaign_performance"]
    assert len(api.seen) == 1


@pytest.fixture
def refreshing(api: LinkedInAdsApi, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Any]:
    """Keys of a source that fetches its tokens."""
    api.tokens.clear()
    for name, value in (("APP", CLIENT_ID), ("APP_SECRET", CLIENT_SECRET), ("REFRESH", REFRESH_TOKEN)):
        monkeypatch.setenv(name, value)
    return {
        "token_env": None,
        "client_id_env": "APP",
        "client_secret_env": "APP_SECRET",
        "refresh_token_env": "REFRESH",
        "token_url": api.base_url,
    }


def test_tokens_are_fetched_by_the_refresh_token_and_anew_when_they_expire(
    api: LinkedInAdsApi, bench: Workbench, refreshing: Mapping[str, Any]
) -> None:
    api.order(Fault.EXPIRED_TOKEN, after=2)
    bench.landed(NOON, parallel=1, **refreshing)
    assert sum(seen.path == "/oauth/v2/accessToken" for seen in api.seen) == 2
    assert bench.rows("select count(*) from raw.linkedin_ads__campaign_performance") == [(8,)]


def test_a_refresh_token_that_is_no_good_is_told_without_showing_it(
    api: LinkedInAdsApi,
    bench: Workbench,
    refreshing: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("REFRESH", "a refresh token of last year")
    told = errors_of(bench.land(NOON, parallel=1, **refreshing))
    assert "the credentials are refused (invalid_grant" in told["campaign_performance"]
    everything = f"{told} {caplog.text} {bench.check(now=NOON, **refreshing)}"
    for secret in ("a refresh token of last year", CLIENT_SECRET, TOKEN):
        assert secret not in everything


def test_check_tells_the_account(api: LinkedInAdsApi, bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == (
        "LinkedIn ad account حساب سیب (12345); sees it; the account is active; zone UTC; currency EUR"
    )
    assert [seen.path for seen in api.seen] == ["/rest/adAccounts/12345"]


def test_a_test_account_is_said_to_be_one(api: LinkedInAdsApi, bench: Workbench) -> None:
    api.accounts[12345].test = True
    assert bench.check(now=NOON).notes == ("it is a test account: its reports are empty",)
