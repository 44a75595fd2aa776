"""Who asks: a service account or a user with a refresh token, as which account, and what `sanjeh check` says."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.google_ads.access import SCOPE
from connectors.google_ads.config import Config
from tests.contract.desk import NOW
from tests.contract.google_ads.conftest import MANAGER, AdsDesk
from tests.fakes.google_auth import CLIENT_ID, CLIENT_SECRET

_REFRESH = "1//refresh-token-of-the-local-server"
_USER = {
    "credentials_file_env": None,
    "client_id_env": "ADS_CLIENT",
    "client_secret_env": "ADS_SECRET",
    "refresh_token_env": "ADS_REFRESH",
}


@pytest.fixture
def user(make_desk: Any, monkeypatch: pytest.MonkeyPatch) -> AdsDesk:
    """A desk whose source asks as a user."""
    desk: AdsDesk = make_desk("campaign_performance")
    monkeypatch.setenv("ADS_CLIENT", CLIENT_ID)
    monkeypatch.setenv("ADS_SECRET", CLIENT_SECRET)
    monkeypatch.setenv("ADS_REFRESH", _REFRESH)
    desk.api.tokens.refresh_tokens[_REFRESH] = SCOPE
    desk.keys = {**desk.keys, **_USER, "token_uri": desk.api.token_uri}
    return desk


def test_a_refresh_token_lets_in(user: AdsDesk) -> None:
    user.land()
    assert user.read("select count(*) from raw.google_ads__campaign_performance") == [(3,)]
    assert [seen.body["grant_type"] for seen in user.api.seen if seen.path == "/token"] == ["refresh_token"]


def test_a_refresh_token_that_was_revoked_is_told(user: AdsDesk) -> None:
    user.api.tokens.refresh_tokens.clear()
    told = user.errors()[""]
    assert told.startswith("AuthError: Source shop: Google refuses the credentials")
    assert "Token has been expired or revoked" in told
    assert "refresh token" in told
    assert _REFRESH not in told


def test_a_token_of_another_scope_is_told(user: AdsDesk) -> None:
    user.api.tokens.refresh_tokens[_REFRESH] = "https://www.googleapis.com/auth/webmasters.readonly"
    assert (
        "have no right to this (HTTP 403: Request had insufficient authentication scopes" in user.errors()[""]
    )


def test_check_tells_the_account(make_desk: Any) -> None:
    desk: AdsDesk = make_desk()
    told = desk.source(login_customer_id=MANAGER).check(now=NOW)
    assert told.problems == ()
    assert told.summary == (
        "Google Ads account 1234567890 فروشگاه سیب; reads reports through manager 9876543210; zone Asia/Tehran; "
        "currency IRR"
    )
    assert len([seen for seen in desk.api.seen if seen.path != "/token"]) == 1


def test_check_tells_what_is_worth_knowing(make_desk: Any) -> None:
    desk: AdsDesk = make_desk()
    desk.account.is_test, desk.account.status = True, "SUSPENDED"
    assert desk.source().check(now=NOW).notes == (
        "a test account: it serves no ads",
        "the account is SUSPENDED",
    )


@pytest.mark.parametrize("written", ["123-456-7890", "1234567890"])
def test_a_customer_id_may_have_its_dashes(written: str) -> None:
    config = Config.model_validate(
        {"connector": "google_ads", "brand": "sib", "customer_id": written, "developer_token_env": "T"}
    )
    assert config.customer_id == "1234567890"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"customer_id": "123"}, "no customer id of Google Ads: write its ten digits"),
        ({"customer_id": "۱۲۳۴۵۶۷۸۹۰"}, "no customer id of Google Ads"),
        ({"login_customer_id": "manager"}, "no customer id of Google Ads"),
        ({"client_id_env": "A"}, "go together: name all three"),
        (
            {
                "client_id_env": "A",
                "client_secret_env": "B",
                "refresh_token_env": "C",
                "credentials_file_env": "D",
            },
            "not both",
        ),
        ({"api_version": "26"}, "api_version"),
    ],
)
def test_wrong_keys_are_told(keys: dict[str, str], said: str) -> None:
    right = {
        "connector": "google_ads",
        "brand": "sib",
        "customer_id": "1234567890",
        "developer_token_env": "T",
    }
    with pytest.raises(ValidationError, match=said):
        Config.model_validate({**right, **keys})
