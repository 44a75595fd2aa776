"""LinkedInApi: what LinkedIn's versioned REST API has in common, whatever is asked of it: its errors."""

from __future__ import annotations

from abc import abstractmethod

from werkzeug import Request, Response

from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response


class RefusalError(Exception):
    """A request that LinkedIn refuses; carries the response."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = refusal(status, code, message)


class LinkedInApi(FakeApi):
    """One part of LinkedIn's API."""

    def answer(self, request: Request) -> Response:
        """The answer of a healthy server."""
        with self._lock:
            try:
                return self.routed(request)
            except RefusalError as error:
                return error.response

    @abstractmethod
    def routed(self, request: Request) -> Response:
        """The answer of the part that serves this path, or a refusal."""

    def broken(self, fault: Fault, request: Request) -> Response:
        """The fault in LinkedIn's form; the daily limit is the one that names a DAY."""
        match fault:
            case Fault.THROTTLED:
                return refusal(429, "TOO_MANY_REQUESTS", "Resource level throttle limit is reached.")
            case Fault.QUOTA_EXHAUSTED:
                said = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
                return refusal(429, "TOO_MANY_REQUESTS", said)
            case Fault.EXPIRED_TOKEN:
                return refusal(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
            case Fault.FORBIDDEN:
                said = f"Not enough permissions to access: {request.method} {request.path}"
                return refusal(403, "ACCESS_DENIED", said)
            case Fault.ERROR_WITH_200:
                return json_response(error_body(500, "INTERNAL_SERVER_ERROR", "Internal Server Error"))
            case Fault.SERVER_ERROR:
                return refusal(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")
        raise ValueError(f"{fault} isn't the vendor's to show")


def refusal(status: int, code: str, message: str) -> Response:
    """An error in LinkedIn's form."""
    return json_response(error_body(status, code, message), status=status)


def error_body(status: int, code: str, message: str) -> dict[str, object]:
    """The JSON of an error, whatever the status of its answer."""
    return {"status": status, "serviceErrorCode": 100, "code": code, "message": message}
