"""TillApi: a made-up vendor: sales by day and people by change, in numbered pages, behind a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

KEY = "key-of-the-till"


class TillApi(FakeApi):
    """The server.

    Attributes:
        sales, people: rows as they are served.
        repeats_pages: every page names itself as the next one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sales: list[dict[str, Any]] = []
        self.people: list[dict[str, Any]] = []
        self.repeats_pages = False
        self._token = _new_token()

    def answer(self, request: Request) -> Response:
        """A token for the key; rows for the token."""
        if request.path == "/token":
            if request.form.get("client_secret") != KEY:
                return _refusal(401, "Who are you?")
            self._token = _new_token()
            return json_response({"access_token": self._token})
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return _refusal(401, "The token is worn out.")
        if request.path == "/sales":
            return self._page(request, [row for row in self.sales if _is_asked(row, request.args)])
        if request.path == "/people":
            since = request.args.get("since", "")
            return self._page(request, [row for row in self.people if row["changed"] >= since])
        raise NotFound

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; every call breaks alike
        """What went wrong, in a few words."""
        match fault:
            case Fault.THROTTLED:
                return _refusal(429, "Slowly.")
            case Fault.QUOTA_EXHAUSTED:
                return _refusal(429, "No more today.")
            case Fault.EXPIRED_TOKEN:
                self._token = _new_token()
                return _refusal(401, "The token is worn out.")
            case Fault.FORBIDDEN:
                return _refusal(403, "Not for you.")
            case Fault.ERROR_WITH_200:
                return _refusal(200, "It broke.")
            case _:
                return _refusal(500, "It broke.")

    def _page(self, request: Request, rows: Sequence[Mapping[str, Any]]) -> Response:
        number, size = int(request.args["page"]), int(request.args["size"])
        page = rows[(number - 1) * size : number * size]
        following = number + 1 if number * size < len(rows) else None
        if self.repeats_pages:
            following = number
        return json_response({"rows": list(page), "total": len(rows), "next": following})


def _new_token() -> str:
    """One that nobody had before, not in another test either."""
    return f"token-{token_hex(8)}"


def _is_asked(row: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    return asked["from"] <= str(row["day"]) <= asked["to"]


def _refusal(status: int, said: str) -> Response:
    return json_response({"error": said}, status=status)
