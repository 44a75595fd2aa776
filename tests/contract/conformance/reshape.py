"""Reshaping: lets a local server change its JSON answers as a vendor does who changes his API without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug import Request, Response

from tests.fakes.server import FakeApi, json_response

Reshape = Callable[[dict[str, Any], Request], dict[str, Any]]


class Reshaping(FakeApi):
    """Mixed into a server, in front of it.

    Attributes:
        reshape: changes the body of answers to data requests that are objects; None for none.
    """

    reshape: Reshape | None = None

    def answer(self, request: Request) -> Response:
        """The server's answer in its changed shape."""
        response = super().answer(request)  # type: ignore[safe-super]  # the server that this is mixed into
        if self.reshape is None or not self.is_data(request) or response.status_code != 200:
            return response
        body = response.get_json()
        return self.rewritten(self.reshape(body, request)) if isinstance(body, dict) else response

    def rewritten(self, body: dict[str, Any]) -> Response:
        """The answer with a changed body."""
        return json_response(body)


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """``row`` without some keys."""
    return {name: value for name, value in row.items() if name not in names}


def renamed(row: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """``row`` with the key ``old`` called ``new``."""
    return {new if name == old else name: value for name, value in row.items()}
