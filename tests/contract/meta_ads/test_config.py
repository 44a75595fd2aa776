"""Keys of a source, and what ``sanjeh check`` tells."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.meta_ads.config import Config
from tests.contract.desk import NOW
from tests.contract.meta_ads.conftest import ACCOUNT, MetaDesk


def _config(**keys: Any) -> Config:
    common = {"connector": "meta_ads", "brand": "sib", "account_id": "12", "token_env": "T"}
    return Config.model_validate(common | keys)


@pytest.mark.parametrize("window", ["7d_view", "28d_view"])
def test_windows_that_meta_stopped_are_refused(window: str) -> None:
    with pytest.raises(
        ValidationError, match=rf"'{window}' is an attribution window that Meta stopped on 2026-01-12"
    ):
        _config(attribution_windows=["7d_click", window])


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        (["3d_click"], "no attribution window of Meta"),
        (["1d_view", "1d_view"], "twice"),
        ([], "at least 1 item"),
    ],
)
def test_windows_must_be_some_that_exist(windows: list[str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _config(attribution_windows=windows)


@pytest.mark.parametrize("account", ["act_12", "12", 12])
def test_an_account_is_named_as_people_do(account: object) -> None:
    assert _config(account_id=account).account_id == "12"


@pytest.mark.parametrize("account", ["act_", "acme", "12-34", None, 1.5])
def test_an_account_is_a_number(account: object) -> None:
    with pytest.raises(ValidationError):
        _config(account_id=account)


def test_check_tells_the_account(make_desk: Any) -> None:
    desk: MetaDesk = make_desk()
    tier = {"ads_api_access_tier": "standard_access"}
    desk.api.usage = {"X-Ad-Account-Usage": {"acc_id_util_pct": 9.67, "reset_time_duration": 100, **tier}}
    told = desk.source().check(now=NOW)
    assert told.ok
    assert told.summary == (
        f"Meta ad account {ACCOUNT} (Acme); reads insights (ads_read); zone Europe/Berlin; currency EUR; "
        "quota 9.67 % of the present allowance is used (standard_access)"
    )
    assert told.notes == ()
    assert len(desk.api.seen) == 1


@pytest.mark.parametrize(("status", "said"), [(2, "disabled"), (101, "closed"), (77, "in state 77")])
def test_check_tells_an_account_that_does_not_run(make_desk: Any, status: int, said: str) -> None:
    desk: MetaDesk = make_desk()
    desk.account.status = status
    assert desk.source().check(now=NOW).notes == (f"the account is {said}",)


def test_check_tells_an_action_that_nobody_took(make_desk: Any) -> None:
    desk: MetaDesk = make_desk(conversion_action="leads")
    assert desk.source().check(now=NOW).notes == (
        "nobody took the action leads in the last 28 days; taken were: lead, link_click",
    )
    assert make_desk(conversion_action="lead").source().check(now=NOW).notes == ()
    desk.account.days.clear()
    assert desk.source().check(now=NOW).notes == (
        "nobody took the action leads in the last 28 days; taken were: none at all",
    )
    desk.api.most_rows = -1
    assert desk.source().check(now=NOW).notes == ()


def test_an_app_may_want_a_proof_of_its_secret(
    make_desk: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk: MetaDesk = make_desk()
    desk.api.app_secret = "app-key-of-the-local-server"  # noqa: S105 - of this server only
    assert "require an appsecret_proof argument" in desk.errors()[""]
    monkeypatch.setenv("META_APP_SECRET", desk.api.app_secret)
    desk.land(app_secret_env="META_APP_SECRET")  # noqa: S106 - a variable
    (proof,) = {seen.query["appsecret_proof"] for seen in desk.api.seen if "appsecret_proof" in seen.query}
    assert desk.asked("POST", "/insights")[0].body["appsecret_proof"] == proof
    assert "appsecret_proof=***" in caplog.text
    assert proof not in caplog.text
    assert desk.api.app_secret not in f"{caplog.text} {desk.api.seen}"


def test_an_account_of_others_is_told(make_desk: Any) -> None:
    desk: MetaDesk = make_desk()
    desk.api.forbidden = {ACCOUNT}
    (told,) = desk.source().check(now=NOW).problems
    assert (
        "the credentials have no right to this (Meta's error 200: (#200) Ad account owner has NOT grant"
        in told
    )
    assert "does not exist or cannot be loaded" in desk.errors(account_id="99")[""]
