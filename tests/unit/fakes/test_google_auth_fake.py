"""Google's tokens: assertions and refresh tokens in, bearer tokens out, refused once expired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataRestTransport,
)
from google.analytics.data_v1beta.types import DateRange, Metric, RunReportRequest
from google.api_core.client_options import ClientOptions
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials

from tests.fakes.faults import Fault
from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_data import Property
from tests.fakes.google_auth import CLIENT_ID, CLIENT_SECRET, service_account_info
from tests.unit.fakes.conftest import NOW, SHOP

REFRESH = "1//refresh"
SESSIONS = RunReportRequest(
    property=f"properties/{SHOP}",
    metrics=[Metric(name="sessions")],
    date_ranges=[DateRange(start_date="2026-11-02", end_date="2026-11-03")],
)


@pytest.fixture
def api(shop: Property) -> Iterator[Ga4Api]:
    """A server that wants tokens."""
    with Ga4Api({SHOP: shop}, now=NOW) as server:
        yield server


def _account(api: Ga4Api, **changes: str) -> Any:
    info = {**service_account_info(api.token_uri), **changes}
    return service_account.Credentials.from_service_account_info(info, scopes=[api.scope])


def _session(api: Ga4Api, credentials: Any) -> requests.Response:
    session = AuthorizedSession(credentials)
    return session.get(f"{api.base_url}/v1beta/properties/{SHOP}/metadata", timeout=30)


def test_a_service_account_fetches_a_token_and_is_let_in(api: Ga4Api) -> None:
    transport = BetaAnalyticsDataRestTransport(
        host=api.base_url.removeprefix("http://"), url_scheme="http", credentials=_account(api)
    )
    assert len(BetaAnalyticsDataClient(transport=transport).run_report(SESSIONS).rows) == 1
    assert [seen.path for seen in api.seen] == ["/token", f"/v1beta/properties/{SHOP}:runReport"]
    assert api.seen[-1].headers["Authorization"].startswith("Bearer ya29.")
    assert api.violations == []


def test_a_client_made_from_options_signs_its_own_token(api: Ga4Api) -> None:
    client = BetaAnalyticsDataClient(
        transport="rest", credentials=_account(api), client_options=ClientOptions(api_endpoint=api.base_url)
    )
    assert len(client.run_report(SESSIONS).rows) == 1
    assert [seen.path for seen in api.seen] == [f"/v1beta/properties/{SHOP}:runReport"]


def test_an_expired_token_stays_refused_and_a_new_one_works(api: Ga4Api) -> None:
    credentials = _account(api)
    assert _session(api, credentials).status_code == 200
    old = credentials.token
    api.order(Fault.EXPIRED_TOKEN)
    assert _session(api, credentials).status_code == 200, "the session fetches another"
    assert [seen.status for seen in api.seen] == [200, 200, 401, 200, 200]
    address = f"{api.base_url}/v1beta/properties/{SHOP}/metadata"
    again = requests.get(address, headers={"Authorization": f"Bearer {old}"}, timeout=30)
    assert again.json()["error"]["status"] == "UNAUTHENTICATED"
    assert again.headers["WWW-Authenticate"].startswith('Bearer realm="https://accounts.google.com/"')
    assert requests.get(address, timeout=30).status_code == 401
    assert api.violations == []


def test_a_token_of_another_scope_is_known_but_not_enough(api: Ga4Api) -> None:
    token = api.tokens.issue("https://www.googleapis.com/auth/webmasters.readonly")
    answer = requests.get(
        f"{api.base_url}/v1beta/properties/{SHOP}/metadata",
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_a_refresh_token_gets_tokens_until_it_is_revoked(api: Ga4Api) -> None:
    api.tokens.refresh_tokens[REFRESH] = api.scope
    user = Credentials(
        token=None,
        refresh_token=REFRESH,
        token_uri=api.token_uri,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    assert _session(api, user).status_code == 200
    api.tokens.refresh_tokens.clear()
    with pytest.raises(RefreshError, match="invalid_grant: Token has been expired or revoked"):
        user.refresh(Request())
    assert api.violations == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client_email": "other@example-project.iam.gserviceaccount.example"}, "account not found"),
        ({"private_key_id": "of another key"}, "Invalid JWT Signature"),
    ],
)
def test_an_assertion_of_somebody_else_is_an_invalid_grant(
    api: Ga4Api, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(RefreshError, match=f"invalid_grant: .*{said}"):
        _account(api, **changes).refresh(Request())


def test_the_token_endpoint_can_fail(api: Ga4Api) -> None:
    api.order(Fault.FORBIDDEN, matches=lambda request: request.path == "/token")
    with pytest.raises(RefreshError, match="invalid_grant"):
        _account(api).refresh(Request())
    for form, error in (
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_client"),
    ):
        assert requests.post(api.token_uri, data=form, timeout=30).json()["error"] == error


def test_a_disabled_account_is_out_at_once(api: Ga4Api) -> None:
    api.tokens.is_disabled = True
    with pytest.raises(RefreshError, match="account not found"):
        _account(api).refresh(Request())
