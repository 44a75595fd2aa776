"""What the local servers of Meta's Graph API share: tokens, versions, errors, usage headers, fields, cursor pages."""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug import Request, Response

from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

ACCESS_TOKEN = "EAAtoken-of-the-local-server"  # noqa: S105 - of no account
VERSION = "v26.0"
LATE = timedelta(hours=48)
"""How long insights may take."""
_PACIFIC = ZoneInfo("America/Los_Angeles")
_FIELD = re.compile(r"([a-z_]+)((?:\.[a-z_]+\([^)]*\))*)(?:,|$)")
_MOST_LISTED, _LISTED = 100, 25
_DAY = timedelta(days=1)

Record = dict[str, Any]


class GraphError(Exception):
    """A request that the Graph API refuses; carries the response."""

    def __init__(self, code: int, message: str, *, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.response = graph_error(code, message, status=status, **more)


def graph_error(
    code: int, message: str, *, status: int = 400, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """An error in the Graph API's form."""
    error = {
        "message": message,
        "type": "OAuthException",
        "code": code,
        **more,
        "fbtrace_id": "AxTraceOfTheFake",
    }
    return json_response({"error": error}, status=status, headers=headers)


class GraphApi(FakeApi):
    """A host of the Graph API.

    Attributes:
        tokens: access tokens that are let in.
        version: the only one that lives.
        used_percent: what the usage headers tell.
        regain_minutes: told with a used-up allowance.
        now: the clock; insights younger than 48 hours aren't there yet.
        repeats_cursor: every page names itself as the next, as a broken server would.
    """

    business: ClassVar[str]
    """Type of the business use case in the usage header."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.tokens = {ACCESS_TOKEN}
        self.version = VERSION
        self.used_percent = 3
        self.regain_minutes = 55
        self.now = datetime(2026, 11, 10, 9, tzinfo=UTC)
        self.repeats_cursor = False

    def answer(self, request: Request) -> Response:
        """The answer of a healthy host."""
        with self._lock:
            try:
                response = self._let_in(request)
            except GraphError as error:
                response = error.response
            response.headers.update(self._usage(0))
            return response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it
        """The fault in the Graph API's form."""
        match fault:
            case Fault.THROTTLED:
                return graph_error(4, "(#4) Application request limit reached", status=403, is_transient=True)
            case Fault.QUOTA_EXHAUSTED:
                return graph_error(
                    80002,
                    "(#80002) There have been too many calls to this Instagram account.",
                    headers=self._usage(self.regain_minutes),
                )
            case Fault.EXPIRED_TOKEN:
                return expired_token()
            case Fault.FORBIDDEN:
                return graph_error(
                    10, "(#10) Application does not have permission for this action", status=403
                )
            case Fault.ERROR_WITH_200:
                return graph_error(
                    2, "An unexpected error has occurred. Please retry later.", status=200, is_transient=True
                )
            case Fault.SERVER_ERROR:
                return graph_error(1, "An unknown error occurred", status=500)
        raise ValueError(f"{fault} isn't the vendor's to show")

    @abstractmethod
    def routed(self, parts: Sequence[str], request: Request) -> Response:
        """The answer to ``/<version>/<parts>``."""

    def page(self, request: Request, rows: Sequence[Record]) -> Response:
        """A page of ``rows``, each with an ``id``; a cursor stands for the last row that was given."""
        limit = int(request.args.get("limit", str(_LISTED)))
        if not 1 <= limit <= _MOST_LISTED:
            raise GraphError(100, f"(#100) Param limit must be at most {_MOST_LISTED}")
        after = request.args.get("after")
        start = self._place(after, rows)
        shown = list(rows[start : start + limit])
        body: Record = {"data": shown}
        if shown:
            last = urlsafe_b64encode(str(shown[-1]["id"]).encode()).decode()
            first = urlsafe_b64encode(str(shown[0]["id"]).encode()).decode()
            body["paging"] = {"cursors": {"before": first, "after": last}}
            if self.repeats_cursor:
                last = after or last
            if start + limit < len(rows) or self.repeats_cursor:
                # Absolute, on Meta's own host, with the token in it: who follows it leaves the configured host.
                query = {**request.args.to_dict(), "access_token": "EAAleaked", "after": last}
                body["paging"]["next"] = f"https://graph.facebook.com{request.path}?{urlencode(query)}"
        return json_response(body)

    def days_of(self, request: Request, values: Mapping[date, int], *, most_days: int) -> list[Record]:
        """The values whose day ends after ``since`` and not after ``until``, as far as they are there yet."""
        newest = self.now - LATE
        since, until = self.span(request, most_days=most_days)
        return [
            {"value": value, "end_time": graph_time(ends(day))}
            for day, value in sorted(values.items())
            if since < ends(day) <= min(until, newest)
        ]

    def span(self, request: Request, *, most_days: int) -> tuple[datetime, datetime]:
        """``since`` and ``until`` of a question; the last two days where it has none."""
        if "since" not in request.args:
            return self.now - 2 * _DAY, self.now
        since, until = (
            datetime.fromtimestamp(int(request.args[name]), tz=UTC) for name in ("since", "until")
        )
        if until - since > timedelta(days=most_days, hours=1):
            raise GraphError(
                100, f"(#100) There cannot be more than {most_days} days between since and until"
            )
        return since, until

    def _let_in(self, request: Request) -> Response:
        version, *parts = request.path.strip("/").split("/")
        if version != self.version:
            raise GraphError(2635, f"(#2635) You are calling a deprecated version of the API: {version}")
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            return expired_token()
        return self.routed(parts, request)

    def _usage(self, regain_minutes: int) -> dict[str, str]:
        percent = 100 if regain_minutes else self.used_percent
        usage = {"call_count": percent, "total_cputime": 1, "total_time": 2}
        business = {**usage, "type": self.business, "estimated_time_to_regain_access": regain_minutes}
        return {
            "X-App-Usage": json.dumps(usage),
            "X-Business-Use-Case-Usage": json.dumps({"17841400000000000": [business]}),
        }

    def _place(self, after: str | None, rows: Sequence[Record]) -> int:
        if after is None or self.repeats_cursor:
            return 0
        try:
            last = urlsafe_b64decode(after.encode()).decode()
        except ValueError:
            raise GraphError(100, "(#100) Invalid cursor") from None
        return next((place + 1 for place, row in enumerate(rows) if str(row["id"]) == last), len(rows))


def expired_token() -> Response:
    """What a token meets that is wrong, revoked or too old: HTTP 400, not 401."""
    return graph_error(
        190, "Error validating access token: Session has expired.", status=400, error_subcode=463
    )


def asked_fields(request: Request) -> dict[str, str]:
    """Names in ``fields`` with their modifiers, ``.limit(0).summary(total_count)``."""
    return dict(_FIELD.findall(request.args.get("fields", "id")))


def graph_time(at: datetime) -> str:
    """``at`` as the Graph API writes it: UTC, no colon in the offset."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def ends(day: date) -> datetime:
    """When a day of insights ends: midnight in California."""
    return datetime.combine(day + _DAY, time(), tzinfo=_PACIFIC).astimezone(UTC)
