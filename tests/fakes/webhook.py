"""A channel on loopback that takes what Apprise posts to ``json://``: version, title, message, type.

Faults are ordered as with every fake; what was taken stands in ``taken``. The path of its address is a secret
that must show up nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Request, Response

from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi

SECRET = "T0KEN-zq81-of-the-team"  # noqa: S105 - what must show up nowhere


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One message that was taken."""

    title: str
    text: str
    mood: str


class Webhook(FakeApi):
    """The channel; ``url`` is its Apprise address."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.taken: list[Taken] = []

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self._server.server_port}/{SECRET}"

    def answer(self, request: Request) -> Response:
        body = request.get_json()
        self.taken.append(Taken(title=body["title"], text=body["message"], mood=body["type"]))
        return Response("", status=204)

    def broken(self, fault: Fault, request: Request) -> Response:
        status = {Fault.THROTTLED: 429, Fault.FORBIDDEN: 403}.get(fault, 500)
        return Response(f"{request.url} is out of order", status=status)
