"""HubSpotApi: the routes of HubSpot's API that Sanjeh asks for, at their old and their dated paths.

Comes in: requests with a service key. Goes out: what ``crm``, ``emails`` and ``forms`` hold, in HubSpot's form, with
call limits in headers. Tests change those three between requests, or order faults and statuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault, Order
from tests.fakes.hubspot_crm import Crm
from tests.fakes.hubspot_emails import Emails
from tests.fakes.hubspot_errors import (
    RefusalError,
    error_body,
    invalid,
    lacking,
    rate_limited,
    trouble,
    unauthenticated,
)
from tests.fakes.hubspot_forms import Forms
from tests.fakes.hubspot_limits import Limits
from tests.fakes.hubspot_objects import TYPE_IDS
from tests.fakes.hubspot_paging import Pager
from tests.fakes.server import FakeApi, json_response

SERVICE_KEY = "pat-na1-key-of-the-local-server"
LONGEST_QUERY = 8192

_OBJECTS = r"/crm/(?:v3/objects|objects/2026-09)/(?P<kind>[^/]+)"
_EMAILS = r"/marketing/(?:v3/emails|emails/2026-09)"
_ASSOCIATIONS = r"/crm/(?:v4/associations|associations/2026-09)/(?P<kind>[^/]+)/(?P<other>[^/]+)"
_EMAIL_SCOPES = ("marketing.email.read", "content")

Handler = Callable[..., Response]


class HubSpotApi(FakeApi):
    """One HubSpot account.

    Attributes:
        crm: contacts, companies, deals, feedback submissions, associations, pipelines.
        emails: marketing e-mails and their statistics.
        forms: forms and submissions.
        limits: call limits; refused beyond them only where ``limits.enforced``.
        pager: ``pager.repeats`` makes every page name itself as the next.
        account: the account's details, as the API writes them.
        scopes: what the key may read; without a scope the routes that need it answer 403.
    """

    contract: ClassVar[Contract | None] = Contract.of("hubspot")

    def __init__(self, *, service_key: str = SERVICE_KEY, port: int = 0) -> None:
        super().__init__(port=port)
        self.service_key = service_key
        self.pager = Pager()
        self.crm = Crm(self.pager)
        self.emails = Emails(self.pager)
        self.forms = Forms(self.pager)
        self.limits = Limits()
        self.account: dict[str, Any] = {
            "portalId": 62515,
            "accountType": "STANDARD",
            "timeZone": "Asia/Tehran",
            "companyCurrency": "IRR",
            "additionalCurrencies": ["USD"],
            "utcOffset": "+03:30",
            "utcOffsetMilliseconds": 12_600_000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }
        self.scopes = {
            *(f"crm.objects.{kind}.read" for kind in TYPE_IDS.values()),
            "marketing.email.read",
            "forms",
        }
        self._statuses: list[tuple[Order, int]] = []
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = [
            (method, re.compile(pattern), handler)
            for method, pattern, handler in (
                ("GET", r"/account-info/(?:v3|2026-09)/details", self._details),
                ("GET", r"/account-info/(?:v3|2026-09)/api-usage/daily/private-apps", self._usage),
                ("GET", _OBJECTS, self.crm.list_records),
                ("POST", f"{_OBJECTS}/search", self.crm.search_records),
                ("POST", f"{_OBJECTS}/batch/read", self.crm.batch_read),
                ("GET", r"/crm/(?:v3/pipelines|pipelines/2026-09)/(?P<kind>[^/]+)", self.crm.list_pipelines),
                ("POST", f"{_ASSOCIATIONS}/batch/read", self.crm.batch_associations),
                ("GET", _EMAILS, self.emails.list_emails),
                ("GET", f"{_EMAILS}/statistics/list", self.emails.list_statistics),
                ("GET", f"{_EMAILS}/statistics/histogram", self.emails.histogram),
                ("GET", r"/marketing/(?:v3/forms|forms/2026-09-beta)", self.forms.list_forms),
                (
                    "GET",
                    r"/form-integrations/v1/submissions/forms/(?P<form>[^/]+)",
                    self.forms.list_submissions,
                ),
            )
        ]

    def order_status(
        self, status: int, *, times: int = 1, after: int = 0, matches: Callable[[Request], bool] | None = None
    ) -> None:
        """Answer 423, 477 (with Retry-After), 500, 502, 503, 504 or 524 to some of the coming requests."""
        with self._lock:
            order = Order(Fault.SERVER_ERROR, after, times, matches or self.is_data)
            self._statuses.append((order, status))

    def forgive(self) -> None:
        """Drop all ordered faults, statuses and hooks."""
        super().forgive()
        with self._lock:
            self._statuses.clear()

    def answer(self, request: Request) -> Response:
        """The answer of a healthy account, with its limits in the headers."""
        with self._lock:
            refused = self.limits.take(search=_is_search(request))
            response = refused or self._checked(request)
            return self._with_limits(request, response)

    def broken(self, fault: Fault, request: Request) -> Response:
        """The fault in HubSpot's form."""
        match fault:
            case Fault.THROTTLED:
                policy = "SECONDLY" if _is_search(request) else "TEN_SECONDLY_ROLLING"
                return self._with_limits(request, rate_limited(policy), used_up="Remaining")
            case Fault.QUOTA_EXHAUSTED:
                return self._with_limits(request, rate_limited("DAILY"), used_up="Daily-Remaining")
            case Fault.EXPIRED_TOKEN:
                return unauthenticated("The service key used to make this call expired.")
            case Fault.FORBIDDEN:
                return lacking(_scopes_of(request) or ["oauth"])
            case Fault.ERROR_WITH_200:
                return json_response(error_body("INTERNAL_ERROR", "internal error"))
            case Fault.SERVER_ERROR:
                return trouble(500)
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _checked(self, request: Request) -> Response:
        status = next((status for order, status in self._statuses if order.due(request)), None)
        if status is not None:
            return trouble(status)
        if request.headers.get("Authorization") != f"Bearer {self.service_key}":
            return unauthenticated("Authentication credentials not found or not valid for this account.")
        needed = _scopes_of(request)
        either = needed == list(_EMAIL_SCOPES)
        if needed and not (any if either else all)(scope in self.scopes for scope in needed):
            return lacking(needed)
        if len(request.query_string) > LONGEST_QUERY:
            return invalid("the request's address is too long", at="query", status=414).response
        try:
            return self._routed(request)
        except RefusalError as refusal:
            return refusal.response

    def _routed(self, request: Request) -> Response:
        verbs = []
        for method, pattern, handler in self._routes:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                return handler(request, *found.groups())
            if found:
                verbs.append(method)
        if verbs:
            raise MethodNotAllowed(verbs)
        raise NotFound

    def _with_limits(self, request: Request, response: Response, *, used_up: str | None = None) -> Response:
        if not _is_search(request):
            response.headers.update(self.limits.headers())
            if used_up:
                response.headers[f"X-HubSpot-RateLimit-{used_up}"] = "0"
        return response

    def _details(self, _: Request) -> Response:
        return json_response(self.account)

    def _usage(self, _: Request) -> Response:
        used = {
            "name": "Private Apps API Calls Per Day",
            "usageLimit": self.limits.daily,
            "currentUsage": self.limits.used_today,
        }
        return json_response({"results": [used]})


def _is_search(request: Request) -> bool:
    return request.path.endswith("/search")


def _scopes_of(request: Request) -> list[str]:
    """What the key must be allowed for ``request``; of the two for e-mails either is enough."""
    path = request.path
    if path.startswith(("/marketing/v3/emails", "/marketing/emails")):
        return list(_EMAIL_SCOPES)
    if "forms" in path:
        return ["forms"]
    kinds = [TYPE_IDS.get(part, part) for part in path.split("/")]
    return [f"crm.objects.{kind}.read" for kind in kinds if kind in TYPE_IDS.values()]
