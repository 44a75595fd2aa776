"""TikTokAdsApi: advertisers and their integrated report on loopback, as TikTok's Business API serves them.

Arrays come as JSON text in the query. Whatever is wrong is answered with status 200 and a ``code``; a report of days
has 30 days at most and pages that count themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any, ClassVar

from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

TOKEN = "token-of-the-local-advertiser"  # noqa: S105 - of a local server
MOST_DAYS, MOST_ROWS, DEFAULT_ROWS = 30, 1000, 10

_REPORT, _INFO = "/open_api/v1.3/report/integrated/get/", "/open_api/v1.3/advertiser/info/"
_DIMENSIONS = frozenset({"campaign_id", "stat_time_day"})
_METRICS = frozenset(
    {
        "campaign_name",
        "objective_type",
        "spend",
        "impressions",
        "clicks",
        "conversion",
        "complete_payment",
        "total_complete_payment_value",
        "form",
    }
)
_REQUESTS = count(1)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one campaign did on one day of the advertiser; ``metrics`` as the report writes them, all text."""

    day: date
    campaign_id: str
    metrics: Mapping[str, object]


@dataclass
class Advertiser:
    """One advertiser.

    Attributes:
        timezone: None where the answer is to lack it.
        results: in the order of the report.
    """

    name: str
    timezone: str | None = "Europe/Berlin"
    currency: str = "EUR"
    status: str = "STATUS_ENABLE"
    results: list[Result] = field(default_factory=list)


class RefusalError(Exception):
    """A request that TikTok refuses, with its code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TikTokAdsApi(FakeApi):
    """TikTok's Business API for one token.

    Attributes:
        advertisers: by id, those that the token may read.
        repeats_page: the first page comes whichever is asked for, as a broken server would.
        token: the one that is good.
    """

    contract: ClassVar[Contract | None] = Contract.of("tiktok_ads")

    def __init__(self, advertisers: Mapping[str, Advertiser] | None = None, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.advertisers = dict(advertisers or {})
        self.token = TOKEN
        self.repeats_page = False

    def answer(self, request: Request) -> Response:
        """The answer of a healthy server."""
        if request.path not in {_REPORT, _INFO}:
            raise NotFound
        if request.method != "GET":
            raise MethodNotAllowed
        with self._lock:
            try:
                self._require_let_in(request)
                data = self._info(request) if request.path == _INFO else self._report(request)
            except RefusalError as error:
                return refusal(error.code, error.message)
        return json_response({"code": 0, "message": "OK", "request_id": _request_id(), "data": data})

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - TikTok refuses all alike
        """The fault in TikTok's form: status 200 and a code, but for a server that fails altogether."""
        match fault:
            case Fault.THROTTLED:
                return refusal(40100, "Too many requests. Please retry in some time.")
            case Fault.QUOTA_EXHAUSTED:
                return refusal(40100, "Too many requests. The daily limit of this developer app is reached.")
            case Fault.EXPIRED_TOKEN:
                return refusal(40105, "Access token is incorrect or has been revoked.")
            case Fault.FORBIDDEN:
                return refusal(40001, "No permission to operate advertiser.")
            case Fault.ERROR_WITH_200:
                return refusal(50000, "System error.")
            case Fault.SERVER_ERROR:
                return refusal(50000, "System error.", status=500)
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _require_let_in(self, request: Request) -> None:
        if request.headers.get("Access-Token") != self.token:
            raise RefusalError(40105, "Access token is incorrect or has been revoked.")

    def _info(self, request: Request) -> dict[str, Any]:
        ids = _array(request, "advertiser_ids")
        fields = {*_array(request, "fields"), "advertiser_id"}
        found = []
        for advertiser_id in ids:
            each = self._readable(advertiser_id)
            told = {
                "advertiser_id": advertiser_id,
                "name": each.name,
                "status": each.status,
                "currency": each.currency,
                **({"timezone": each.timezone} if each.timezone else {}),
            }
            found.append({name: value for name, value in told.items() if name in fields})
        return {"list": found}

    def _report(self, request: Request) -> dict[str, Any]:
        advertiser = self._readable(request.args.get("advertiser_id", ""))
        dimensions, metrics = _array(request, "dimensions"), _array(request, "metrics")
        if request.args.get("report_type") != "BASIC" or request.args.get("data_level") != "AUCTION_CAMPAIGN":
            raise RefusalError(40002, "data_level: Invalid value for the report type.")
        if unknown := ({*dimensions} - _DIMENSIONS) | ({*metrics} - _METRICS):
            raise RefusalError(40002, f"Invalid metric fields: {sorted(unknown)}")
        try:
            first = date.fromisoformat(request.args.get("start_date", ""))
            last = date.fromisoformat(request.args.get("end_date", ""))
            page = int(request.args.get("page", 1))
            size = int(request.args.get("page_size", DEFAULT_ROWS))
        except ValueError as error:
            raise RefusalError(40002, f"Invalid parameter: {error}") from None
        if last < first or (last - first).days >= MOST_DAYS:
            raise RefusalError(
                40002, f"The time range between start_date and end_date must be within {MOST_DAYS} days."
            )
        if not (1 <= size <= MOST_ROWS and page >= 1):
            raise RefusalError(40002, f"page_size: Must be between 1 and {MOST_ROWS}.")
        rows = [
            {
                "dimensions": {
                    name: value for name, value in _dimensions(each).items() if name in dimensions
                },
                "metrics": {name: each.metrics[name] for name in metrics if name in each.metrics},
            }
            for each in advertiser.results
            if first <= each.day <= last
        ]
        given = 1 if self.repeats_page else page
        info = {
            "page": given,
            "page_size": size,
            "total_number": len(rows),
            "total_page": -(-len(rows) // size),
        }
        return {"list": rows[(given - 1) * size : given * size], "page_info": info}

    def _readable(self, advertiser_id: str) -> Advertiser:
        if advertiser_id not in self.advertisers:
            raise RefusalError(40001, f"No permission to operate advertiser {advertiser_id}.")
        return self.advertisers[advertiser_id]


def refusal(code: int, message: str, *, status: int = 200) -> Response:
    """An error in TikTok's shape."""
    return json_response(
        {"code": code, "message": message, "request_id": _request_id(), "data": {}}, status=status
    )


def _request_id() -> str:
    return f"2026112700000000{next(_REQUESTS):08}"


def _array(request: Request, name: str) -> list[str]:
    """A parameter that is an array; anything but JSON text is refused."""
    try:
        found = json.loads(request.args.get(name, ""))
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise RefusalError(40002, f"{name}: Not a valid list.")
    return found


def _dimensions(result: Result) -> dict[str, str]:
    return {"campaign_id": result.campaign_id, "stat_time_day": f"{result.day} 00:00:00"}
