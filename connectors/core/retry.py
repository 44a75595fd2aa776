"""Retry by class of error: what an API says is judged once, here it is decided what to do about it.

A call raises :class:`CallError`; :func:`persist` repeats it, refreshes credentials once, or turns it into the
:class:`ConnectorError` that says what was asked and what to do. Waits: the vendor's own word first, else
exponential back-off with jitter and a cap.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from connectors.core.clock import Clock
from connectors.core.errors import (
    AuthError,
    ConnectorError,
    IncompleteError,
    PermanentError,
    QuotaError,
    ScopeError,
    TransientError,
)
from connectors.core.meter import current_meter
from connectors.core.redaction import redact

T = TypeVar("T")
_SHOWN = 300
_DICE = random.SystemRandom()


class Kind(StrEnum):
    """What a failed call means."""

    RETRY = "retry"
    """The server or the network failed; the same call may succeed."""
    THROTTLED = "throttled"
    """Too many calls; succeeds after a wait."""
    QUOTA = "quota"
    """The allowance of the day is used up."""
    AUTH = "auth"
    """The credentials are refused; succeeds once if they had only expired."""
    FORBIDDEN = "forbidden"
    """The credentials are known and have no right to this."""
    REFUSED = "refused"
    """The request is wrong for this API and stays so."""


class CallError(Exception):
    """A call failed.

    Attributes:
        kind: what that means.
        said: what the vendor said.
        wait: seconds that the vendor asks to wait; None where it doesn't say.
    """

    def __init__(self, kind: Kind, said: str, *, wait: float | None = None) -> None:
        super().__init__(said)
        self.kind = kind
        self.said = said
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How stubborn a call is.

    Attributes:
        attempts: tries in all.
        backoff_seconds: first wait; doubles with each try.
        cap_seconds: longest wait that is chosen here.
        longest_wait_seconds: a vendor that asks for more ends the source's run instead.
    """

    attempts: int = 6
    backoff_seconds: float = 1.0
    cap_seconds: float = 60.0
    longest_wait_seconds: float = 900.0

    def wait_before(self, attempt: int) -> float:
        """Seconds to wait before the retry that follows ``attempt`` (from 1), with jitter."""
        longest = min(self.cap_seconds, self.backoff_seconds * 2.0 ** (attempt - 1))
        return longest * _DICE.uniform(0.5, 1.0)


def persist(
    call: Callable[[], T],
    *,
    what: str,
    policy: RetryPolicy,
    clock: Clock,
    refresh: Callable[[], bool] | None = None,
    pause: Callable[[float], None] | None = None,
) -> T:
    """The result of ``call``, repeated as its errors allow.

    Args:
        call: raises :class:`CallError` when it fails.
        what: source, stream and request, for the error.
        policy: how often and how long.
        clock: waits.
        refresh: gets new credentials; False where there are none to get.
        pause: told of a wait that all calls to this vendor should keep.

    Raises:
        TransientError: still failing after all attempts.
        QuotaError: the allowance is used up, or the vendor asks for too long a wait.
        AuthError: credentials refused.
        ScopeError: credentials without the right.
        PermanentError: the request is refused.
    """
    attempt, has_refreshed = 0, False
    while True:
        attempt += 1
        try:
            return call()
        except CallError as error:
            if error.kind is Kind.AUTH and refresh is not None and not has_refreshed:
                has_refreshed = True
                if refresh():
                    continue
            is_repeatable = error.kind in {Kind.RETRY, Kind.THROTTLED}
            wait = error.wait if error.wait is not None else policy.wait_before(attempt)
            if not is_repeatable or attempt >= policy.attempts or wait > policy.longest_wait_seconds:
                raise _final(error, what, attempt, wait, policy) from None
            if error.kind is Kind.THROTTLED and pause is not None:
                pause(wait)
        current_meter().waited(wait, is_retry=True)
        clock.sleep(wait)


def incomplete(what: str, why: str) -> IncompleteError:
    """The error of an answer that isn't proven whole."""
    return IncompleteError(
        f"{what}: {why} The answer is not proven to be whole, so nothing of it was stored; what was stored "
        "before is intact. Run again; if it stays so, report it with this message."
    )


def _final(error: CallError, what: str, attempts: int, wait: float, policy: RetryPolicy) -> ConnectorError:
    what = redact(what)
    said = redact(" ".join(error.said.split()))[:_SHOWN].rstrip(". ")
    match error.kind:
        case Kind.AUTH:
            return AuthError(
                f"{what}: the credentials are refused ({said}). Check that they are of this account and have "
                "not been revoked or expired, correct the variable, and run `sanjeh check`."
            )
        case Kind.FORBIDDEN:
            return ScopeError(
                f"{what}: the credentials have no right to this ({said}). Grant the right or the scope to "
                "them, or use credentials that have it, and run `sanjeh check`."
            )
        case Kind.QUOTA:
            return QuotaError(
                f"{what}: the allowance of the day is used up ({said}). What landed so far stays; the next "
                "run after the vendor's reset goes on from there."
            )
        case Kind.REFUSED:
            return PermanentError(
                f"{what}: the request is refused ({said}). Compare the source's keys in sanjeh.yml with what "
                "the vendor offers; if they are right, the API has changed: report this message."
            )
    if wait > policy.longest_wait_seconds:
        return QuotaError(
            f"{what}: the vendor asks to wait {wait:,.0f} s ({said}), longer than a run waits. What landed "
            "so far stays; the next run goes on from there."
        )
    tries = "1 try" if attempts == 1 else f"{attempts} tries"
    return TransientError(
        f"{what}: still failing after {tries} ({said}). What landed so far stays; the next run goes "
        "on from there."
    )
