"""Asynchronous reports: started by one call, asked about until they end, and started anew where they fail.

Facts: developers.facebook.com, Marketing API insights best practices: a job ends as ``Job Completed``,
``Job Failed`` or ``Job Skipped``; since v25 a failed one says why in ``error_code`` and its siblings. A job
may stand at 100 % for a while, and one may never end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connectors.core.clock import Clock
from connectors.core.errors import AuthError, ScopeError, TransientError
from connectors.core.meter import current_meter
from connectors.core.retry import CallError, Kind
from connectors.meta_ads.judging import meaning_of

_COMPLETED = "Job Completed"
_ENDED_BADLY = frozenset({"Job Failed", "Job Skipped"})
_STARTS = 2
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 30.0
_BEFORE_ANOTHER = 30.0


class JobFailedError(Exception):
    """Two jobs for one question came to nothing; a smaller question may do."""


def finished_job(
    start: Callable[[], str],
    state: Callable[[str], Mapping[str, Any]],
    *,
    what: str,
    timeout: float,
    clock: Clock,
) -> str:
    """Id of a job that is completed.

    Args:
        start: starts a job and gives its id.
        state: tells how a job is.
        what: source, stream and request, for errors.
        timeout: seconds after which a job counts as failed.
        clock: waits.

    Raises:
        JobFailedError: two jobs failed, were skipped or didn't end.
        TooMuchDataError: a job says that its question is too large.
        TransientError: two jobs ended since the allowance is used up.
        AuthError: a job says that the token or its right is gone.
    """
    for attempt in range(1, _STARTS + 1):
        run = start()
        said = _ended(partial(state, run), timeout=timeout, clock=clock)
        if said is not None and said["async_status"] == _COMPLETED:
            return run
        error = _reason(said, run, timeout)
        if error.kind in {Kind.AUTH, Kind.FORBIDDEN}:
            raise _refused(error, what)
        if attempt < _STARTS:
            _wait(clock, error.wait or _BEFORE_ANOTHER)
        elif error.kind is Kind.THROTTLED:
            raise TransientError(
                f"{what}: jobs end before they are done ({error.said.rstrip('.')}). What landed so far "
                "stays; the next run goes on from there."
            )
    raise JobFailedError(error.said)


def _ended(
    state: Callable[[], Mapping[str, Any]], *, timeout: float, clock: Clock
) -> Mapping[str, Any] | None:
    """The last state of a job; None where it doesn't end in time."""
    waited, wait = 0.0, _FIRST_WAIT
    while True:
        said = state()
        if said["async_status"] == _COMPLETED or said["async_status"] in _ENDED_BADLY:
            return said
        if waited >= timeout:
            return None
        _wait(clock, wait)
        waited, wait = waited + wait, min(_LONGEST_WAIT, 1.5 * wait)


def _reason(said: Mapping[str, Any] | None, run: str, timeout: float) -> CallError:
    """Why a job came to nothing, in Meta's words; it says nothing before v25.

    Raises:
        TooMuchDataError: its question is too large.
    """
    if said is None:
        return CallError(Kind.RETRY, f"job {run} wasn't done after {timeout:,.0f} s")
    how = f"job {run} ended as {said['async_status']}"
    if said.get("error_code") is None:
        return CallError(Kind.RETRY, how)
    message = str(said.get("error_message") or said.get("error_user_msg") or "")
    error = meaning_of(said["error_code"], said.get("error_subcode"), message)
    return CallError(error.kind, f"{how}: {error.said}", wait=error.wait)


def _refused(error: CallError, what: str) -> AuthError:
    said = error.said.rstrip(".")
    if error.kind is Kind.AUTH:
        return AuthError(
            f"{what}: the credentials are refused ({said}). Check that the token is of this account and has "
            "not been revoked or expired, correct the variable, and run `sanjeh check`."
        )
    return ScopeError(
        f"{what}: the credentials have no right to this ({said}). Grant ads_read on the ad account to the "
        "token, and run `sanjeh check`."
    )


def _wait(clock: Clock, seconds: float) -> None:
    current_meter().waited(seconds)
    clock.sleep(seconds)
