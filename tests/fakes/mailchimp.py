"""MailchimpApi: reports and audiences as Mailchimp serves them, by offset, to ten callers at once.

Comes in: Basic or bearer keys. Goes out: what ``reports`` and ``audiences`` hold, newest sending first, cut to the
fields that are asked for; errors are problem documents. Any data centre's host name is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

API_KEY = "0123456789abcdef0123456789abcdef-us19"
MOST_LISTED, LISTED = 1000, 10
MOST_AT_ONCE = 10

_LISTS = re.compile(r"/3\.0/(reports|lists)")
_GLOSSARY = "https://mailchimp.com/developer/marketing/docs/errors/"

Record = dict[str, Any]


class RefusalError(Exception):
    """A request that Mailchimp refuses; carries the response."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.response = problem(status, title, detail)


class MailchimpApi(FakeApi):
    """One Mailchimp account.

    Attributes:
        key: that is good.
        account: what the root tells.
        reports: as the API writes them, in any order.
        audiences: as the API writes them, in the order of the list.
        connections: calls that there may be at once; most_at_once is how many there were.
        repeats_pages: every page is the first one, as a broken server would have it.
    """

    contract: ClassVar[Contract | None] = Contract.of("mailchimp")

    def __init__(self, *, key: str = API_KEY, port: int = 0) -> None:
        super().__init__(port=port)
        self.key = key
        self.account: Record = {
            "account_id": "8d3a3db4d97663a9074efcc16",
            "account_name": "Acme",
            "email": "mina@acme.example",
            "role": "viewer",
            "account_timezone": "Europe/Berlin",
            "total_subscribers": 5000,
        }
        self.reports: list[Record] = []
        self.audiences: list[Record] = []
        self.connections = MOST_AT_ONCE
        self.most_at_once = 0
        self.repeats_pages = False
        self._open = 0

    def respond(self, request: Request) -> Response:
        """The answer, with the callers counted who wait for one."""
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            return super().respond(request)
        finally:
            with self._lock:
                self._open -= 1

    def answer(self, request: Request) -> Response:
        """The answer of a healthy account."""
        with self._lock:
            try:
                return self._routed(request)
            except RefusalError as error:
                return error.response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; all are refused alike
        """The fault in Mailchimp's form; it has no daily quota, so that one looks like any 429."""
        match fault:
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                return _throttled()
            case Fault.EXPIRED_TOKEN:
                return _unknown_key().response
            case Fault.FORBIDDEN:
                return problem(403, "Forbidden", "You don't have permission to access this resource.")
            case Fault.ERROR_WITH_200:
                body = problem(500, "Internal Server Error", "An unexpected internal error has occurred.")
                return Response(body.get_data(), status=200, content_type=body.content_type)
            case Fault.SERVER_ERROR:
                return problem(500, "Internal Server Error", "An unexpected internal error has occurred.")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _routed(self, request: Request) -> Response:
        if self._open > self.connections:
            return _throttled()
        found = _LISTS.fullmatch(request.path)
        if found is None and request.path != "/3.0/":
            raise NotFound
        self._check_key(request)
        if found is None:
            return json_response(_cut(self.account, _fields(request)))
        rows = self._sent(request) if found[1] == "reports" else self.audiences
        return self._page(request, found[1], rows)

    def _check_key(self, request: Request) -> None:
        given = request.authorization
        if given is None:
            raise RefusalError(401, "API Key Missing", "Your request did not include an API key.")
        if self.key not in (given.token, given.password):
            raise _unknown_key()

    def _sent(self, request: Request) -> Sequence[Record]:
        """Reports of campaigns sent after a moment, newest first."""
        rows = sorted(self.reports, key=lambda row: (row["send_time"], row["id"]), reverse=True)
        since = request.args.get("since_send_time")
        if since is None:
            return rows
        try:
            moment = datetime.fromisoformat(since)
        except ValueError as error:
            raise _invalid("since_send_time is no date and time in ISO 8601.") from error
        return [row for row in rows if row["send_time"] and datetime.fromisoformat(row["send_time"]) > moment]

    def _page(self, request: Request, name: str, rows: Sequence[Record]) -> Response:
        """The page by place in the list: a newer campaign that is sent meanwhile repeats a row."""
        count, offset = _number(request, "count", LISTED), _number(request, "offset", 0)
        if count > MOST_LISTED:
            raise _invalid(f"count must be {MOST_LISTED} at most.")
        begin = 0 if self.repeats_pages else offset
        body = {name: list(rows[begin : begin + count]), "total_items": len(rows)}
        return json_response(_cut(body, _fields(request)))


def problem(status: int, title: str, detail: str) -> Response:
    """An error as a problem document."""
    body = {"type": _GLOSSARY, "title": title, "status": status, "detail": detail, "instance": "b1a5-0001"}
    response = json_response(body, status=status)
    response.content_type = "application/problem+json; charset=utf-8"
    return response


def _throttled() -> Response:
    detail = f"You have exceeded the limit of {MOST_AT_ONCE} simultaneous connections."
    return problem(429, "Too Many Requests", detail)


def _unknown_key() -> RefusalError:
    detail = "Your API key may be invalid, or you've attempted to access the wrong datacenter."
    return RefusalError(401, "API Key Invalid", detail)


def _invalid(detail: str) -> RefusalError:
    return RefusalError(400, "Invalid Resource", detail)


def _number(request: Request, name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise _invalid(f"{name} must be a whole number.")
    return int(text)


def _fields(request: Request) -> list[list[str]]:
    return [path.split(".") for path in request.args.get("fields", "").split(",") if path]


def _cut(value: Any, paths: Sequence[Sequence[str]]) -> Any:
    """Only what the paths lead to; all of it where there are none."""
    if not paths:
        return value
    if isinstance(value, list):
        return [_cut(each, paths) for each in value]
    if not isinstance(value, Mapping):
        return value
    below: dict[str, list[Sequence[str]]] = {}
    whole: set[str] = set()
    for first, *rest in paths:
        if rest:
            below.setdefault(first, []).append(rest)
        else:
            whole.add(first)
    return {
        name: each if name in whole else _cut(each, below[name])
        for name, each in value.items()
        if name in whole or name in below
    }
