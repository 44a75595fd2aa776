"""GoogleApi: what GA4 and Search Console share, the front door: tokens, error bodies, HTML for unknown routes.

A derived server names its scope and routes requests in ``serve``, which may raise :class:`GoogleError`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Literal

from werkzeug import Request, Response

from tests.fakes.faults import Fault
from tests.fakes.google_auth import GoogleTokens, Refusal
from tests.fakes.server import FakeApi, json_response

TOKEN = "/token"  # noqa: S105 - a route
PLAIN_CHANNEL = "fakes.plain_channel"
"""Marks in its environment a request of a channel that can't carry credentials."""
NOT_FOUND = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n"
    "<p><b>404.</b> <ins>That’s an error.</ins>\n<p>The requested URL was not found on this server.\n"
)
_STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_SERVER_ERRORS = {500: "Internal error encountered.", 503: "The service is currently unavailable."}


class GoogleError(Exception):
    """An error in Google's form.

    Attributes:
        status: HTTP status.
        message: for people.
        details: typed details of the error.
        reason: domain and reason of the older ``errors`` list; left out where empty.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        details: list[Mapping[str, Any]] | None = None,
        reason: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details or []
        self.reason = reason

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body."""
        error: dict[str, Any] = {"code": self.status, "message": self.message}
        if self.reason:
            domain, reason = self.reason
            error["errors"] = [{"message": self.message, "domain": domain, "reason": reason}]
        error["status"] = _STATUS_WORDS[self.status]
        if self.details:
            error["details"] = self.details
        return {"error": error}


class UnknownRouteError(Exception):
    """A route, or a verb on one, that doesn't exist: Google's gateway answers both with an HTML page."""


def bad_request(message: str, *, at: str | None = None) -> GoogleError:
    """400 whose details name the part of the JSON that is wrong, at the path ``at``."""
    violation = {"description": message, **({"field": at} if at else {})}
    return GoogleError(
        400,
        message,
        details=[{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}],
    )


class GoogleApi(FakeApi):
    """A Google API on loopback, with the token endpoint at ``/token``.

    Attributes:
        tokens: what lets requests in; one object may serve several APIs.
        requires_token: switched off for clients that come without credentials.
        server_error: status that :attr:`Fault.SERVER_ERROR` gives.
    """

    scope: ClassVar[str]

    def __init__(
        self, *, tokens: GoogleTokens | None = None, requires_token: bool = True, port: int = 0
    ) -> None:
        super().__init__(port=port)
        self.tokens = tokens or GoogleTokens()
        self.requires_token = requires_token
        self.server_error: Literal[500, 503] = 500

    @property
    def token_uri(self) -> str:
        """Where this server issues tokens."""
        return f"{self.base_url}{TOKEN}"

    def on_page(self, number: int, callback: Callable[[], object]) -> None:
        """Call ``callback`` once, just before page ``number`` (from 1) of any report is answered."""
        self.on_request(1, callback, matches=lambda request: self.page_of(request) == number)

    @abstractmethod
    def page_of(self, request: Request) -> int:
        """Which page of a report ``request`` asks for, from 1; 0 where it asks for something else."""

    @abstractmethod
    def serve(self, request: Request) -> Response:
        """The answer to an authenticated request; raises GoogleError or UnknownRouteError."""

    @abstractmethod
    def exhausted(self, fault: Fault) -> GoogleError:
        """The vendor's word on THROTTLED or QUOTA_EXHAUSTED."""

    @abstractmethod
    def forbidden(self, path: str, /) -> GoogleError:
        """The vendor's word on a path that the account may not see."""

    def answer(self, request: Request) -> Response:
        """Tokens, else the API behind the door."""
        if request.path == TOKEN:
            return self.tokens.answer(request)
        try:
            self._let_in(request)
            return self.serve(request)
        except GoogleError as error:
            return error_response(error)
        except UnknownRouteError:
            return Response(NOT_FOUND, status=404, content_type="text/html; charset=UTF-8")

    def broken(self, fault: Fault, request: Request) -> Response:
        """Google's form of a fault."""
        if request.path == TOKEN:
            return _broken_token(fault)
        match fault:
            case Fault.EXPIRED_TOKEN:
                self.tokens.revoke(request.headers.get("Authorization"))
                return error_response(_unauthenticated(Refusal.INVALID))
            case Fault.FORBIDDEN:
                return error_response(self.forbidden(request.path))
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                return error_response(self.exhausted(fault))
            case Fault.ERROR_WITH_200:
                return json_response(GoogleError(500, _SERVER_ERRORS[500]).body)
            case _:
                return error_response(GoogleError(self.server_error, _SERVER_ERRORS[self.server_error]))

    def _let_in(self, request: Request) -> None:
        header = request.headers.get("Authorization")
        if header is None and (not self.requires_token or request.environ.get(PLAIN_CHANNEL)):
            return
        refusal = self.tokens.refusal(header, self.scope)
        if refusal is not None:
            raise _unauthenticated(refusal)


def error_response(error: GoogleError) -> Response:
    """``error`` over HTTP; a 401 says which kind of token is wanted."""
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return json_response(error.body, status=error.status, headers=headers)


def _unauthenticated(refusal: Refusal) -> GoogleError:
    match refusal:
        case Refusal.NARROW:
            return GoogleError(
                403,
                "Request had insufficient authentication scopes.",
                details=[_error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")],
            )
        case Refusal.MISSING:
            return GoogleError(401, "Request is missing required authentication credential.")
        case Refusal.INVALID:
            return GoogleError(
                401,
                "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
                "or other valid authentication credential.",
                details=[_error_info("ACCESS_TOKEN_EXPIRED")],
            )


def service_disabled(service: str) -> GoogleError:
    """The API isn't switched on in the project of the credentials."""
    return GoogleError(
        403,
        f"{service} has not been used in project 1084 before or it is disabled.",
        details=[_error_info("SERVICE_DISABLED")],
    )


def _error_info(reason: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
    }


def _broken_token(fault: Fault) -> Response:
    if fault in {Fault.FORBIDDEN, Fault.EXPIRED_TOKEN}:
        body = {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
        return json_response(body, status=400)
    throttled = fault in {Fault.THROTTLED, Fault.QUOTA_EXHAUSTED}
    status = HTTPStatus.TOO_MANY_REQUESTS if throttled else HTTPStatus.SERVICE_UNAVAILABLE
    return json_response({"error": "internal_failure"}, status=status)
