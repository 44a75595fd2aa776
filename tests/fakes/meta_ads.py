"""MetaAdsApi: ad accounts, insights by page and asynchronous reports, as Meta's Graph API serves them.

Comes in: a bearer token; one in the address is refused, though Meta takes it, since no connector of ours may send it.
Goes out: what ``accounts`` hold. ``paging.next`` is an address at Meta's own host and shows the token.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.meta_ads_data import AdAccount
from tests.fakes.meta_ads_report import Question, QuestionError, rows_of
from tests.fakes.server import FakeApi, json_response

ACCESS_TOKEN = "EAAB-key-of-the-local-server"  # noqa: S105 - of this server only
VERSION = "v26.0"
MOST_LISTED = 5000
_DEFAULT_LIMIT = 25
_MONTHS_KEPT = 37
_ROUTE = re.compile(r"/(v\d+\.\d+)/(act_)?(\d+)(/insights)?")
_ACCOUNT_FIELDS = ("id", "account_id", "name", "currency", "timezone_name", "account_status")
_FIRST_RUN = 6_023_920_149_050


class RefusalError(Exception):
    """A request that Meta refuses; carries the response."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.response = refusal(status, code, message, **more)


@dataclass
class Job:
    """One asynchronous report.

    Attributes:
        rows: computed when it was started.
        states: what is told at each poll; the last one stays.
    """

    rows: list[dict[str, Any]]
    states: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How jobs of many rows, or some of the next, end; ``error`` has the fields of v25."""

    status: str = "Job Completed"
    error: Mapping[str, object] = field(default_factory=dict)


class MetaAdsApi(FakeApi):
    """Ad accounts behind one token.

    Attributes:
        accounts: by number.
        today: the newest day there can be; 37 months before are kept.
        forbidden: accounts that the token has no right to.
        most_rows: of a question at once; more are too much data. None for no bound.
        most_job_rows: likewise of a job.
        most_page: likewise of a page.
        too_much: code and subcode with which too much data is refused.
        endings: how the next jobs end, in order; those behind complete.
        polls: how often a job isn't done when asked.
        usage: headers of allowances, sent with every answer to a good token.
        throttled_for: minutes that :attr:`Fault.THROTTLED` tells to wait; None tells nothing.
        app_secret: whose proof every call must bring, where the app wants it.
        repeats_cursor: every page names itself as the next one, as a broken server would.
    """

    contract: ClassVar[Contract | None] = Contract.of("meta_ads")

    def __init__(self, *, today: date, port: int = 0) -> None:
        super().__init__(port=port)
        self.accounts: dict[str, AdAccount] = {}
        self.today = today
        self.forbidden: set[str] = set()
        self.most_rows: int | None = None
        self.most_job_rows: int | None = None
        self.most_page: int | None = None
        self.too_much = (100, 1504018)
        self.endings: list[Ending] = []
        self.polls = 2
        self.usage: dict[str, object] = {}
        self.throttled_for: float | None = None
        self.app_secret: str | None = None
        self.repeats_cursor = False
        self.jobs: dict[str, Job] = {}

    @property
    def first_day(self) -> date:
        """The first day that Meta still keeps."""
        months = self.today.year * 12 + self.today.month - 1 - _MONTHS_KEPT
        return date(months // 12, months % 12 + 1, min(self.today.day, 28))

    def answer(self, request: Request) -> Response:
        """The answer of a healthy server."""
        with self._lock:
            try:
                response = self._routed(request)
            except RefusalError as error:
                return error.response
            except QuestionError as error:
                return refusal(400, 100, str(error))
            for name, content in self.usage.items():
                response.headers[name] = content if isinstance(content, str) else json.dumps(content)
            return response

    def _cut(self, request: Request) -> Response:
        """Half an answer; the state of a job that nobody heard is told again."""
        with self._lock:
            told = {run: list(job.states) for run, job in self.jobs.items()}
            response = super()._cut(request)
            for run, states in told.items():
                self.jobs[run].states = states
            return response

    def broken(self, fault: Fault, request: Request) -> Response:
        """The fault in Meta's form: limits are 400, and tell by header how long they last."""
        match fault:
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                minutes = 240 if fault is Fault.QUOTA_EXHAUSTED else self.throttled_for
                response = refusal(
                    400,
                    80000 if minutes else 4,
                    f"(#{80000 if minutes else 4}) There have been too many calls to this ad-account.",
                    error_subcode=2446079 if minutes else 1504022,
                    is_transient=True,
                )
                if minutes:
                    case = {"type": "ads_insights", "call_count": 100, "total_cputime": 23, "total_time": 20}
                    case["estimated_time_to_regain_access"] = minutes
                    response.headers["X-Business-Use-Case-Usage"] = json.dumps({"9": [case]})
                return response
            case Fault.EXPIRED_TOKEN:
                message = "Error validating access token: Session has expired."
                return refusal(401, 190, message, error_subcode=463)
            case Fault.FORBIDDEN:
                return _no_right(request)
            case Fault.ERROR_WITH_200:
                return refusal(
                    200, 2, "An unexpected error has occurred. Please retry later.", is_transient=True
                )
            case Fault.SERVER_ERROR:
                return refusal(500, 1, "An unknown error occurred", error_subcode=99)
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _routed(self, request: Request) -> Response:
        route = _ROUTE.fullmatch(request.path)
        if route is None or route[1] != VERSION:
            raise RefusalError(400, 2500, "Unknown path components: " + request.path)
        if "access_token" in request.values:
            raise RefusalError(400, 100, "This server on loopback takes no token from an address or a form.")
        if request.headers.get("Authorization") != f"Bearer {ACCESS_TOKEN}":
            raise RefusalError(401, 190, "Invalid OAuth access token - Cannot parse access token")
        if self.app_secret is not None and request.values.get("appsecret_proof") != _proof(self.app_secret):
            raise RefusalError(400, 100, "API calls from the server require an appsecret_proof argument")
        if route[2] is None:
            return self._of_job(request, route[3], is_list=route[4] is not None)
        if route[3] in self.forbidden:
            return _no_right(request)
        if route[3] not in self.accounts:
            raise _unknown(f"act_{route[3]}")
        if route[4] is None:
            _must_be(request, "GET")
            return self._account(request, route[3])
        _must_be(request, "GET", "POST")
        return self._insights(request, route[3])

    def _account(self, request: Request, number: str) -> Response:
        account = self.accounts[number]
        told = {
            "id": f"act_{number}",
            "account_id": number,
            "name": account.name,
            "currency": account.currency,
            "timezone_name": account.timezone,
            "account_status": account.status,
        }
        fields = request.args.get("fields", "id").split(",")
        for name in fields:
            if name not in _ACCOUNT_FIELDS:
                raise RefusalError(400, 100, f"(#100) Tried accessing nonexisting field ({name})")
        return json_response({name: told[name] for name in {"id": 0, **dict.fromkeys(fields)}})

    def _insights(self, request: Request, number: str) -> Response:
        asked = request.form if request.method == "POST" else request.args
        question = Question.of(asked)
        if question.since < self.first_day:
            message = (
                "(#3018) The start date of the time range cannot be beyond 37 months from the current date"
            )
            raise RefusalError(400, 3018, message)
        rows = rows_of(number, self.accounts[number], question)
        if request.method == "POST":
            return self._started(rows)
        if self.most_rows is not None and len(rows) > self.most_rows:
            raise self._too_much()
        return self._page(request, rows)

    def _started(self, rows: list[dict[str, Any]]) -> Response:
        run = str(_FIRST_RUN + len(self.jobs))
        ending = self.endings.pop(0) if self.endings else Ending()
        if self.most_job_rows is not None and len(rows) > self.most_job_rows:
            code, subcode = self.too_much
            reason = {"error_code": code, "error_subcode": subcode, "error_message": "Too much data."}
            ending = Ending(status="Job Failed", error=reason)
        running = [("Job Not Started", 0), ("Job Started", 0), ("Job Running", 42), ("Job Running", 100)]
        states = [
            {"async_status": status, "async_percent_completion": percent}
            for status, percent in (running * self.polls)[: self.polls]
        ]
        percent = 100 if ending.status == "Job Completed" else 42
        last = {"async_status": ending.status, "async_percent_completion": percent, **ending.error}
        self.jobs[run] = Job(rows, [*states, last])
        return json_response({"report_run_id": run})

    def _of_job(self, request: Request, run: str, *, is_list: bool) -> Response:
        _must_be(request, "GET")
        job = self.jobs.get(run)
        if job is None:
            raise _unknown(run)
        if not is_list:
            state = job.states.pop(0) if len(job.states) > 1 else job.states[0]
            return json_response({"id": run, "account_id": next(iter(self.accounts)), **state})
        if job.states[0]["async_status"] != "Job Completed":
            raise RefusalError(400, 2601, "(#2601) The report isn't ready yet.")
        return self._page(request, job.rows)

    def _page(self, request: Request, rows: Sequence[Mapping[str, Any]]) -> Response:
        """The page by place: a row that comes meanwhile in front moves the others."""
        text = request.args.get("limit", str(_DEFAULT_LIMIT))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_LISTED:
            raise RefusalError(400, 100, f"(#100) Param limit must be a number between 1 and {MOST_LISTED}")
        if self.most_page is not None and int(text) > self.most_page:
            message = "Please reduce the amount of data you're asking for, then retry your request"
            raise RefusalError(500, 1, message)
        cursor = request.args.get("after")
        start = _place(cursor)
        page = rows[start : start + int(text)]
        if not page:
            return json_response({"data": []})
        paging: dict[str, Any] = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(page))}}
        if self.repeats_cursor:
            paging["cursors"]["after"] = cursor or _cursor(0)
        if self.repeats_cursor or start + len(page) < len(rows):
            query = {"access_token": ACCESS_TOKEN, **request.args, "after": paging["cursors"]["after"]}
            paging["next"] = f"https://graph.facebook.com{request.path}?{urlencode(query)}"
        return json_response({"data": list(page), "paging": paging})

    def _too_much(self) -> RefusalError:
        code, subcode = self.too_much
        return RefusalError(400, code, f"(#{code}) There is too much data to compute.", error_subcode=subcode)


def refusal(status: int, code: int, message: str, **more: object) -> Response:
    """A refusal in Meta's form."""
    error = {"message": message, "type": "OAuthException", "code": code, **more}
    return json_response({"error": {**error, "fbtrace_id": "AbcDef_local"}}, status=status)


def _proof(app_secret: str) -> str:
    return hmac.new(app_secret.encode(), ACCESS_TOKEN.encode(), "sha256").hexdigest()


def _no_right(request: Request) -> Response:
    del request
    message = "(#200) Ad account owner has NOT grant ads_management or ads_read permission"
    return refusal(403, 200, message)


def _unknown(node: str) -> RefusalError:
    message = f"Unsupported get request. Object with ID '{node}' does not exist or cannot be loaded."
    return RefusalError(400, 100, message, error_subcode=33)


def _must_be(request: Request, *verbs: str) -> None:
    if request.method not in verbs:
        raise MethodNotAllowed(list(verbs))


def _cursor(place: int) -> str:
    return urlsafe_b64encode(f"at:{place}".encode()).decode()


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(urlsafe_b64decode(cursor.encode()).removeprefix(b"at:"))
    except ValueError:
        raise RefusalError(400, 100, f"(#100) The cursor {cursor} is not valid.") from None
