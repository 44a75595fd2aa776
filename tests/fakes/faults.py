"""Faults that a test orders from a local server, in the vendor's own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from werkzeug import Request


class Fault(StrEnum):
    """What goes wrong with one request."""

    THROTTLED = "throttled"
    """429 or the vendor's form of it, with the vendor's own signals and no Retry-After."""
    THROTTLED_WITH_RETRY_AFTER = "throttled with Retry-After"
    QUOTA_EXHAUSTED = "quota exhausted"
    """The daily quota is used up: retrying today is pointless."""
    SERVER_ERROR = "server error"
    """HTTP 500 with the vendor's error body."""
    EXPIRED_TOKEN = "expired token"  # noqa: S105 - the name of a fault
    """401 for the token in use; the next token is fine."""
    FORBIDDEN = "forbidden"
    """The account has no right to see this: permanent."""
    CUT_CONNECTION = "cut connection"
    """The connection is closed in the middle of the body."""
    HTML_PAGE = "html page"
    """A gateway's HTML page, with status 502."""
    HTML_PAGE_WITH_200 = "html page with 200"
    ERROR_WITH_200 = "error with 200"
    """HTTP 200 whose JSON body is the vendor's error."""
    ECHOED_CREDENTIALS = "echoed credentials"
    """HTTP 500 of a careless gateway, whose text repeats the headers and the form it was sent."""


@dataclass
class Order:
    """A fault to show on some of the coming requests.

    Attributes:
        after: matching requests to let pass first.
        times: how many to break.
        matches: which requests count.
    """

    fault: Fault
    after: int
    times: int
    matches: Callable[[Request], bool]

    def due(self, request: Request) -> bool:
        """Whether ``request`` is to be broken; counts it."""
        if self.times <= 0 or not self.matches(request):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Hook:
    """Something to happen just before one of the coming requests is answered.

    Attributes:
        nth: which of the matching requests, 1 is the next.
        callback: may change the server's records, or wait: then the answer is slow.
        matches: which requests count.
    """

    nth: int
    callback: Callable[[], object]
    matches: Callable[[Request], bool]

    def due(self, request: Request) -> bool:
        """Whether ``request`` is the one; counts it."""
        if not self.matches(request):
            return False
        self.nth -= 1
        return self.nth == 0
