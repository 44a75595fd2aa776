"""FakeApi: a werkzeug application on a loopback port, with ordered faults, a log, and a contract.

A vendor's server derives from it: ``answer`` routes a request to a response, ``broken`` gives a fault the
vendor's form. State (records, tokens) is plain attributes that a test changes between runs.
"""

from __future__ import annotations

import json
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault, Hook, Order

HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
# Seconds; werkzeug's own half a second would be what most tests spend.
_CLOSES_WITHIN = 0.02


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request that arrived, and the status it got."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    status: int


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's signature
        """Tests read :attr:`FakeApi.seen` instead."""

    def setup(self) -> None:
        """Answer small bodies at once."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class FakeApi(ABC):
    """A vendor's API on loopback; a context manager.

    Attributes:
        seen: every request so far.
        violations: what broke the contract so far; a test asserts that it is empty.
        checks_contract: switched off by benchmarks, where it would be what is measured.
        lies: set by a test that has the server answer against its contract; requests are judged all the same.
    """

    contract: ClassVar[Contract | None] = None
    request_class: ClassVar[type[Request]] = Request

    def __init__(self, *, port: int = 0) -> None:
        self.seen: list[Seen] = []
        self.violations: list[str] = []
        self.checks_contract = True
        self.lies = False
        self._orders: list[Order] = []
        self._hooks: list[Hook] = []
        self._lock = threading.RLock()
        self._server = make_server("127.0.0.1", port, self._wsgi, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _CLOSES_WITHIN}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:<port>``, without a trailing slash."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def order(
        self,
        fault: Fault,
        *,
        times: int = 1,
        after: int = 0,
        matches: Callable[[Request], bool] | None = None,
    ) -> None:
        """Break ``times`` requests after ``after`` that pass; only those that ``matches`` accepts count.

        Without ``matches`` every request for data counts, those for tokens don't.
        """
        with self._lock:
            self._orders.append(Order(fault, after, times, matches or self.is_data))

    def on_request(
        self, nth: int, callback: Callable[[], object], *, matches: Callable[[Request], bool] | None = None
    ) -> None:
        """Call ``callback`` just before the ``nth`` request from now (1 is the next) is answered.

        Without ``matches`` every request for data counts. A callback that changes records makes pages drift;
        one that waits for an event makes a slow answer.
        """
        with self._lock:
            self._hooks.append(Hook(nth, callback, matches or self.is_data))

    def forgive(self) -> None:
        """Drop all ordered faults and hooks."""
        with self._lock:
            self._orders.clear()
            self._hooks.clear()

    def is_data(self, request: Request) -> bool:
        """Whether ``request`` asks for data, not for a token."""
        return "token" not in request.path

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """The answer of a healthy server."""

    @abstractmethod
    def broken(self, fault: Fault, request: Request) -> Response:
        """The answer under THROTTLED, QUOTA_EXHAUSTED, SERVER_ERROR, EXPIRED_TOKEN, FORBIDDEN or ERROR_WITH_200.

        The other faults are the same with every vendor.
        """

    def echoed(self, request: Request) -> str:
        """What a careless gateway repeats of ``request``; the address too, where a vendor's holds a secret."""
        return f"{dict(request.headers)} {request.form.to_dict()}"

    def _wsgi(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.respond(self.request_class(environ))(environ, start_response)

    def respond(self, request: Request) -> Response:
        """The answer to ``request``, broken as ordered; the request is logged and both are held to the contract."""
        request.get_data(cache=True)
        with self._lock:
            fault = next((order.fault for order in self._orders if order.due(request)), None)
            callbacks = [hook.callback for hook in self._hooks if hook.due(request)]
        for callback in callbacks:
            callback()
        response = self._fault_answer(fault, request) if fault else self._healthy(request)
        self.seen.append(
            Seen(
                method=request.method,
                path=request.path,
                query=request.args.to_dict(),
                headers=dict(request.headers),
                body=_body_of(request),
                status=response.status_code,
            )
        )
        return response

    def _healthy(self, request: Request) -> Response:
        try:
            response = self.answer(request)
        except HTTPException as error:
            response = error.get_response(request.environ)  # type: ignore[assignment]
        if self.checks_contract and self.contract is not None:
            with self._lock:
                self.violations += self.contract.broken_by(request, None if self.lies else response)
        return response

    def _fault_answer(self, fault: Fault, request: Request) -> Response:
        match fault:
            case Fault.CUT_CONNECTION:
                return self._cut(request)
            case Fault.HTML_PAGE:
                return Response(HTML, status=502, content_type="text/html")
            case Fault.HTML_PAGE_WITH_200:
                return Response(HTML, status=200, content_type="text/html")
            case Fault.ECHOED_CREDENTIALS:
                return Response(self.echoed(request), status=500)
            case Fault.THROTTLED_WITH_RETRY_AFTER:
                response = self.broken(Fault.THROTTLED, request)
                response.headers["Retry-After"] = "2"
                return response
            case _:
                return self.broken(fault, request)

    def _cut(self, request: Request) -> Response:
        whole = self.answer(request)
        body = whole.get_data()

        def half() -> Iterator[bytes]:
            yield body[: len(body) // 2]
            connection = request.environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)

        cut = Response(half(), status=whole.status_code, content_type=whole.content_type)
        cut.headers["Content-Length"] = str(len(body))
        return cut


def json_response(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """``body`` as JSON, Persian text as it is."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json; charset=utf-8", headers=headers)


def _body_of(request: Request) -> Any:
    if request.is_json:
        return request.get_json(silent=True)
    return request.form.to_dict() or None
