"""HotjarApi: surveys and their responses as Hotjar serves them, behind client credentials.

Comes in: form-encoded credentials, then bearer tokens. Goes out: what ``sites`` hold, newest first, by cursor, with
no filter by date. The Contentsquare host differs by base URL only: any host name is answered.
"""

from __future__ import annotations

import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

CLIENT_ID, CLIENT_KEY = "client-of-the-local-server", "key-of-the-local-server"
LIFETIME = 3600
"""Seconds that a token lives."""
MOST_LISTED = 100

_TOKENS = "/v1/oauth/token"
_SURVEYS = re.compile(r"/v1/sites/(\d+)/surveys")
_RESPONSES = re.compile(r"/v1/sites/(\d+)/surveys/([^/]+)/responses")


@dataclass
class Site:
    """One site of the account.

    Attributes:
        surveys: as the API writes them, questions included, in the order of the list.
        responses: by survey, as the API writes them, in any order.
    """

    name: str
    url: str = "https://www.example.com"
    surveys: list[dict[str, Any]] = field(default_factory=list)
    responses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class RefusalError(Exception):
    """A request that Hotjar refuses; carries the response."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.response = refusal(status, error, message)


class HotjarApi(FakeApi):
    """One Hotjar account.

    Attributes:
        sites: by id; rows in them are plain and may hold values that Hotjar is to invent next year.
        forbidden_sites: sites that the key may not read.
        repeats_cursor: every page names itself as the next one, as a broken server would.
        throttles_in_json: 429 comes with a JSON body, not with an empty one; Hotjar documents neither.
        clock: seconds, monotonic; tokens age by it.
    """

    contract: ClassVar[Contract | None] = Contract.of("hotjar")

    def __init__(self, *, client_id: str = CLIENT_ID, client_key: str = CLIENT_KEY, port: int = 0) -> None:
        super().__init__(port=port)
        self.client_id = client_id
        self.client_key = client_key
        self.sites: dict[int, Site] = {}
        self.forbidden_sites: set[int] = set()
        self.repeats_cursor = False
        self.throttles_in_json = False
        self.clock: Callable[[], float] = time.monotonic
        self._expiry: dict[str, float] = {}
        self._issued = 0

    def revoke_tokens(self) -> None:
        """Let no token that was given out be good any more."""
        self._expiry.clear()

    def answer(self, request: Request) -> Response:
        """The answer of a healthy account."""
        with self._lock:
            try:
                return self._routed(request)
            except RefusalError as error:
                return error.response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; Hotjar refuses alike
        """The fault in Hotjar's form; it has no daily quota, so that one looks like any 429."""
        match fault:
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                if self.throttles_in_json:
                    return refusal(429, "too_many_requests", "Rate limit of 3000 requests a minute exceeded.")
                return Response(b"", status=429)
            case Fault.EXPIRED_TOKEN:
                self.revoke_tokens()
                return refusal(401, "unauthorized", "The access token expired.")
            case Fault.FORBIDDEN:
                return refusal(403, "forbidden", "This key has no access to the resource.")
            case Fault.ERROR_WITH_200:
                return refusal(200, "internal_error", "Something went wrong.")
            case Fault.SERVER_ERROR:
                return refusal(500, "internal_error", "Something went wrong.")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _routed(self, request: Request) -> Response:
        if request.path == _TOKENS:
            _must_be("POST", request)
            return self._token(request)
        responses, surveys = _RESPONSES.fullmatch(request.path), _SURVEYS.fullmatch(request.path)
        if not (responses or surveys or request.path == "/v1/sites"):
            raise NotFound
        _must_be("GET", request)
        self._check_token(request)
        if responses:
            return self._list_responses(request, int(responses[1]), responses[2])
        if surveys:
            return self._list_surveys(request, int(surveys[1]))
        sites = [{"id": site_id, "name": site.name, "url": site.url} for site_id, site in self.sites.items()]
        return self._page(request, sites)

    def _token(self, request: Request) -> Response:
        if request.form.get("grant_type") != "client_credentials":
            raise RefusalError(400, "unsupported_grant_type", "grant_type must be client_credentials.")
        asked = (request.form.get("client_id"), request.form.get("client_secret"))
        if asked != (self.client_id, self.client_key):
            raise RefusalError(401, "invalid_client", "Client authentication failed.")
        self._issued += 1
        token = f"token-{self._issued}-of-the-local-server"
        self._expiry[token] = self.clock() + LIFETIME
        return json_response({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME})

    def _check_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or self._expiry.get(token, 0) <= self.clock():
            raise RefusalError(401, "unauthorized", "The access token is missing, unknown or expired.")

    def _list_surveys(self, request: Request, site_id: int) -> Response:
        surveys = self._site(site_id).surveys
        if request.args.get("with_questions", "false").lower() != "true":
            surveys = [
                {name: value for name, value in survey.items() if name != "questions"} for survey in surveys
            ]
        return self._page(request, surveys)

    def _list_responses(self, request: Request, site_id: int, survey_id: str) -> Response:
        site = self._site(site_id)
        if all(survey["id"] != survey_id for survey in site.surveys):
            raise RefusalError(404, "not_found", f"There is no survey {survey_id}.")
        rows = sorted(
            site.responses.get(survey_id, []), key=lambda response: response["created_time"], reverse=True
        )
        return self._page(request, rows)

    def _site(self, site_id: int) -> Site:
        if site_id in self.forbidden_sites:
            raise RefusalError(403, "forbidden", f"This key has no access to site {site_id}.")
        if site_id not in self.sites:
            raise RefusalError(404, "not_found", f"There is no site {site_id}.")
        return self.sites[site_id]

    def _page(self, request: Request, rows: Sequence[Mapping[str, Any]]) -> Response:
        """The page by place in the list: a newer response that arrives meanwhile repeats a row."""
        limit_text = request.args.get("limit", str(MOST_LISTED))
        if not limit_text.isascii() or not limit_text.isdigit() or not 1 <= int(limit_text) <= MOST_LISTED:
            raise RefusalError(400, "bad_request", f"limit must be between 1 and {MOST_LISTED}.")
        cursor = request.args.get("cursor")
        start = _place(cursor)
        end = start + int(limit_text)
        following = _cursor(end) if end < len(rows) else None
        if self.repeats_cursor:
            following = cursor or _cursor(0)
        return json_response({"results": list(rows[start:end]), "next_cursor": following})


def refusal(status: int, error: str, message: str) -> Response:
    """A refusal in Hotjar's form."""
    return json_response({"error": error, "message": message}, status=status)


def _must_be(verb: str, request: Request) -> None:
    if request.method != verb:
        raise MethodNotAllowed([verb])


def _cursor(place: int) -> str:
    return urlsafe_b64encode(f"at:{place}".encode()).decode()


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(urlsafe_b64decode(cursor.encode()).removeprefix(b"at:"))
    except ValueError as error:
        raise RefusalError(400, "bad_request", f"The cursor {cursor} is not valid.") from error
