"""Http: the one way to call a vendor's REST API, on ``requests``.

Always with timeouts, in the vendor's rate, with retries by class of error (see ``retry``), credentials
refreshed once, secrets struck out, and the answer parsed as JSON or refused. What a status or a body means
is the vendor's affair: a :data:`Judge` may know more than :func:`judge_status`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import requests

from connectors.core.api import Context
from connectors.core.api_config import HttpConfig
from connectors.core.auth import Auth
from connectors.core.meter import current_meter
from connectors.core.rate_limit import RateLimiter
from connectors.core.redaction import redact
from connectors.core.retry import CallError, Kind, persist
from connectors.core.session import new_session, proxy_of

_READ, _SHOWN = 10_000, 200
_REPEATABLE = frozenset({408, 423, 425, 429, 500, 502, 503, 504, 520, 522, 524})
_THROTTLED = 429
_UNAUTHENTICATED = 401
_FORBIDDEN = frozenset({402, 403})
_FIRST_ERROR = 400


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP status.
        headers: case-insensitive.
        json: the parsed body; None where it isn't JSON.
        text: beginning of the body, for errors.
    """

    status: int
    headers: Mapping[str, str]
    json: Any
    text: str


Judge = Callable[[Answer], CallError | None]
"""Says what is wrong with an answer, or None where nothing is."""


def judge_status(answer: Answer) -> CallError | None:
    """What every HTTP API means by its status; ``Retry-After`` in seconds is honoured."""
    if answer.status < _FIRST_ERROR:
        if answer.json is None:
            return CallError(Kind.RETRY, f"HTTP {answer.status} with a body that is no JSON: {answer.text}")
        return None
    said = f"HTTP {answer.status}: {answer.text}"
    if answer.status in _REPEATABLE:
        kind = Kind.THROTTLED if answer.status == _THROTTLED else Kind.RETRY
        return CallError(kind, said, wait=retry_after(answer.headers))
    if answer.status == _UNAUTHENTICATED:
        return CallError(Kind.AUTH, said)
    return CallError(Kind.FORBIDDEN if answer.status in _FORBIDDEN else Kind.REFUSED, said)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of the header ``Retry-After``; None where it is absent or a date."""
    try:
        return max(0.0, float(headers["Retry-After"]))
    except (KeyError, ValueError):
        return None


class Http:
    """Calls one vendor for one source; usable from several threads.

    Args:
        context: names the source, gives the clock.
        config: patience, proxy.
        base_url: scheme and host, without a trailing slash.
        limiter: the vendor's rate.
        auth: None for calls without credentials, such as those for a token.
        judge: the vendor's words on errors.
    """

    def __init__(
        self,
        context: Context,
        config: HttpConfig,
        *,
        base_url: str,
        limiter: RateLimiter,
        auth: Auth | None = None,
        judge: Judge = judge_status,
    ) -> None:
        self._context = context
        self._config = config
        self._base_url = base_url.rstrip("/")
        self._limiter = limiter
        self._auth = auth
        self._judge = judge
        self._proxy = proxy_of(config, source_id=context.source_id)
        self._idle: list[requests.Session] = []

    def call(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        params: Mapping[str, object] | list[tuple[str, object]] | None = None,
        json: object | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        what: str = "",
    ) -> Answer:
        """The answer to one request, retried as its errors allow.

        Args:
            method: HTTP method; both are only used to read.
            path: begins with a slash; already percent-encoded.
            params: of the query.
            json: body as JSON.
            form: body as a form.
            headers: beside those of the credentials.
            what: what is asked for, for the error; the path if empty.

        Raises:
            ConnectorError: as :func:`~connectors.core.retry.persist` says.
        """
        auth = self._auth
        used: dict[str, str] = {}

        def once() -> Answer:
            used.clear()
            used.update(auth.headers() if auth else {})
            with self._limiter.call():
                current_meter().requested()
                response = self._send(
                    method, path, params=params, json=json, data=form, headers={**(headers or {}), **used}
                )
            answer = _answer(response)
            error = self._judge(answer)
            if error is not None:
                raise error
            return answer

        return persist(
            once,
            what=f"Source {self._context.source_id}, {method} {what or path}",
            policy=self._config.policy,
            clock=self._context.clock,
            refresh=(lambda: auth.refresh(used)) if auth else None,
            pause=self._limiter.pause,
        )

    def close(self) -> None:
        """Close the connections."""
        while self._idle:
            self._idle.pop().close()

    def _send(self, method: str, path: str, **request: Any) -> requests.Response:
        timeout = (self._config.connect_timeout, self._config.read_timeout)
        try:
            with self._session() as session:
                return session.request(method, f"{self._base_url}{path}", timeout=timeout, **request)
        except (requests.exceptions.SSLError, requests.exceptions.InvalidURL) as error:
            raise CallError(Kind.REFUSED, f"{type(error).__name__}: {error}") from None
        except (ValueError, requests.exceptions.MissingSchema) as error:
            raise CallError(Kind.REFUSED, f"the address can't be called: {error}") from None
        except requests.exceptions.RequestException as error:
            raise CallError(Kind.RETRY, f"{type(error).__name__}: {error}") from None

    @contextmanager
    def _session(self) -> Iterator[requests.Session]:
        """A session that nobody else has in use: requests doesn't promise that threads may share one."""
        try:
            session = self._idle.pop()
        except IndexError:
            session = new_session(self._proxy)
        try:
            yield session
        finally:
            self._idle.append(session)


def _answer(response: requests.Response) -> Answer:
    try:
        body = response.json()
    except ValueError:
        body = None
    text = "" if response.ok and body is not None else _beginning(response.text)
    return Answer(status=response.status_code, headers=response.headers, json=body, text=text)


def _beginning(text: str) -> str:
    """What is shown of a body; secrets go before it is cut, since half of one would not be known as one."""
    return redact(" ".join(text[:_READ].split()))[:_SHOWN]
