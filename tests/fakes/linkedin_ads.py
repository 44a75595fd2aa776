"""LinkedInAdsApi: ad accounts, their campaigns and adAnalytics on loopback, as LinkedIn serves them.

adAnalytics has no pages: it is cut at 15,000 elements without a word, and empty for an account that the token may not
see. Rest.li's lists are read from the query as it was sent, since encoded parentheses are no lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from tests.fakes.contract import Contract
from tests.fakes.linkedin import LinkedInApi, RefusalError
from tests.fakes.server import json_response

TOKEN = "token-of-the-local-ad-account"  # noqa: S105 - of a local server
CLIENT_ID, CLIENT_SECRET = "app-of-the-local-server", "secret-of-the-local-app"
REFRESH_TOKEN = "refresh-token-of-the-local-app"  # noqa: S105 - of a local server
ELEMENT_CAP = 15_000
MOST_METRICS = 20
DEFAULT_METRICS = ("impressions", "clicks")
RETIRED_BEFORE = "202511"
"""The oldest version that still lives in November 2026."""

_TOKENS = "/oauth/v2/accessToken"
_ACCOUNT = re.compile(r"/rest/adAccounts/(\d+)")
_CAMPAIGNS = re.compile(r"/rest/adAccounts/(\d+)/adCampaigns")
_ANALYTICS = "/rest/adAnalytics"
_DAY = r"\(year:(\d+),month:(\d+),day:(\d+)\)"
_RANGE = re.compile(rf"\(start:{_DAY},end:{_DAY}\)")
_LIST = re.compile(r"List\(urn%3Ali%3AsponsoredAccount%3A(\d+)\)")
_NOT_METRICS = frozenset({"dateRange", "pivotValues"})


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What one campaign did on one day (UTC); ``metrics`` as adAnalytics writes them."""

    day: date
    campaign_id: int
    metrics: Mapping[str, object]


@dataclass
class AdAccount:
    """One ad account.

    Attributes:
        campaigns: as the API lists them.
        deliveries: in any order.
    """

    name: str
    currency: str = "EUR"
    status: str = "ACTIVE"
    test: bool = False
    campaigns: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


def campaign(
    number: int, name: str, *, account_id: int, kind: str | None = "SPONSORED_UPDATES"
) -> dict[str, Any]:
    """A campaign as the list has it; without ``type`` where ``kind`` is None."""
    told = {
        "id": number,
        "name": name,
        "status": "ACTIVE",
        "account": f"urn:li:sponsoredAccount:{account_id}",
    }
    return told if kind is None else told | {"type": kind}


class LinkedInAdsApi(LinkedInApi):
    """LinkedIn's Marketing API for one app.

    Attributes:
        accounts: by id.
        unseen: accounts that the token may not see: refused by themselves, empty in reports.
        element_cap: elements after which an answer is cut.
        repeats_token: every page of campaigns names the same next one, as a broken server would.
        tokens: access tokens that are good.
    """

    contract: ClassVar[Contract | None] = Contract.of("linkedin_ads")

    def __init__(self, accounts: Mapping[int, AdAccount] | None = None, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.accounts = dict(accounts or {})
        self.unseen: set[int] = set()
        self.element_cap = ELEMENT_CAP
        self.repeats_token = False
        self.tokens = {TOKEN}
        self._issued = 0

    def is_data(self, request: Request) -> bool:
        """Whether it isn't for a token."""
        return request.path != _TOKENS

    def routed(self, request: Request) -> Response:
        """The answer, or a refusal."""
        if request.path == _TOKENS and request.method == "POST":
            return self._token(request.form)
        if request.method != "GET":
            raise NotFound
        self._require_let_in(request)
        if found := _ACCOUNT.fullmatch(request.path):
            return json_response(_account(int(found[1]), self._seen_account(int(found[1]))))
        if found := _CAMPAIGNS.fullmatch(request.path):
            return self._campaigns(self._seen_account(int(found[1])), request)
        if request.path == _ANALYTICS:
            return self._analytics(request)
        raise RefusalError(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {request.path}")

    def _require_let_in(self, request: Request) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise RefusalError(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        version = request.headers.get("LinkedIn-Version", "")
        if not version:
            raise RefusalError(400, "VERSION_MISSING", "A version must be present. Please specify a version")
        if version < RETIRED_BEFORE:
            raise RefusalError(426, "NONEXISTENT_VERSION", f"Requested version {version}01 is not active")

    def _seen_account(self, account_id: int) -> AdAccount:
        if account_id not in self.accounts or account_id in self.unseen:
            raise RefusalError(
                403, "ACCESS_DENIED", f"Not enough permissions to access: GET /adAccounts/{account_id}"
            )
        return self.accounts[account_id]

    def _token(self, form: Mapping[str, str]) -> Response:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _oauth_refusal("invalid_client", "Client authentication failed")
        if form.get("refresh_token") != REFRESH_TOKEN:
            return _oauth_refusal("invalid_grant", "The provided refresh token is invalid or expired")
        self._issued += 1
        token = f"access-token-{self._issued}-of-the-local-server"
        self.tokens.add(token)
        return json_response(
            {
                "access_token": token,
                "expires_in": 5_183_999,
                "refresh_token": REFRESH_TOKEN,
                "refresh_token_expires_in": 31_536_059,
            }
        )

    def _campaigns(self, account: AdAccount, request: Request) -> Response:
        size = int(request.args.get("pageSize", "100"))
        token = request.args.get("pageToken", "")
        begin = int(token.removeprefix("after-") or 0)
        page = account.campaigns[begin : begin + size]
        following = begin + size if begin + size < len(account.campaigns) else None
        if self.repeats_token and account.campaigns:
            following = size
        metadata = {} if following is None else {"nextPageToken": f"after-{following}"}
        return json_response({"elements": page, "metadata": metadata})

    def _analytics(self, request: Request) -> Response:
        # As it was sent: werkzeug's own arguments are decoded already.
        raw = dict(pair.partition("=")[::2] for pair in request.query_string.decode("ascii").split("&"))
        days, accounts = _RANGE.fullmatch(raw.get("dateRange", "")), _LIST.fullmatch(raw.get("accounts", ""))
        is_restli = request.headers.get("X-Restli-Protocol-Version") == "2.0.0"
        if days is None or accounts is None or not is_restli or raw.get("q") != "analytics":
            raise RefusalError(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        numbers = [int(each) for each in days.groups()]
        first, last = date(*numbers[:3]), date(*numbers[3:])
        fields = raw["fields"].split(",") if raw.get("fields") else list(DEFAULT_METRICS)
        if sum(name not in _NOT_METRICS for name in fields) > MOST_METRICS:
            raise RefusalError(
                400,
                "ILLEGAL_ARGUMENT",
                f"The number of metrics requested exceeds the limit of {MOST_METRICS}",
            )
        account_id = int(accounts[1])
        account = AdAccount("") if account_id in self.unseen else self.accounts.get(account_id, AdAccount(""))
        elements = list(_elements(account.deliveries, first, last, fields))[: self.element_cap]
        return json_response({"paging": {"start": 0, "count": 10, "links": []}, "elements": elements})


def _oauth_refusal(error: str, description: str) -> Response:
    return json_response({"error": error, "error_description": description}, status=400)


def _account(account_id: int, account: AdAccount) -> dict[str, object]:
    return {
        "id": account_id,
        "name": account.name,
        "currency": account.currency,
        "status": account.status,
        "type": "BUSINESS",
        "test": account.test,
    }


def _elements(
    deliveries: Sequence[Delivery], first: date, last: date, fields: Sequence[str]
) -> Iterator[dict[str, Any]]:
    for each in deliveries:
        if not first <= each.day <= last:
            continue
        day = {"year": each.day.year, "month": each.day.month, "day": each.day.day}
        whole = {
            "dateRange": {"start": day, "end": day},
            "pivotValues": [f"urn:li:sponsoredCampaign:{each.campaign_id}"],
            **each.metrics,
        }
        yield {name: whole[name] for name in fields if name in whole}
