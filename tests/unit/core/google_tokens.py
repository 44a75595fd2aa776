"""Google's token server alone."""

from __future__ import annotations

from werkzeug import Request, Response

from tests.fakes.faults import Fault
from tests.fakes.google_auth import GoogleTokens
from tests.fakes.server import FakeApi


class TokenServer(FakeApi):
    """Gives tokens; as a proxy it gives those of the server behind it."""

    def __init__(self, *, tokens: GoogleTokens | None = None) -> None:
        super().__init__()
        self.tokens = tokens or GoogleTokens()

    def answer(self, request: Request) -> Response:
        """A token."""
        return self.tokens.answer(request)

    def broken(self, fault: Fault, request: Request) -> Response:
        """Google's words on a fault of its own."""
        del fault, request
        return Response('{"error": "internal_failure"}', status=500, content_type="application/json")
