"""Secrets never leave the process: registered ones are struck out of log records, errors and metadata.

A secret is known in the spellings in which it travels: as it is, percent-encoded in an address, and as part
of a Basic header. Registration is for the life of the process; texts shorter than four characters are
refused, since striking them out would garble everything.
"""

from __future__ import annotations

import base64
import logging
import threading
import traceback
from typing import Any
from urllib.parse import quote, quote_plus

STRUCK_OUT = "***"
_SHORTEST = 4
_CALL_DETAILS = frozenset({"httpRequest", "httpResponse", "metadata"})
_known: set[str] = set()
_lock = threading.Lock()


def register_secret(secret: str, *, user: str | None = None) -> None:
    """Strike out ``secret`` everywhere from now on.

    Args:
        secret: the secret as configured.
        user: the user name that a Basic header joins to it, where it travels so.

    Raises:
        ValueError: the secret is too short to be one.
    """
    if len(secret) < _SHORTEST:
        raise ValueError(f"a secret has at least {_SHORTEST} characters")
    spellings = {secret, quote(secret, safe=""), quote_plus(secret)}
    if user is not None:
        spellings.add(base64.b64encode(f"{user}:{secret}".encode()).decode())
    with _lock:
        if not _known:
            _install()
        _known.update(spellings)


def redact(text: str) -> str:
    """``text`` without any registered secret."""
    with _lock:
        secrets = sorted(_known, key=len, reverse=True)
    for secret in secrets:
        text = text.replace(secret, STRUCK_OUT)
    return text


class _WithoutCalls(logging.Filter):
    """Takes the details of a call off a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without them."""
        for name in _CALL_DETAILS & vars(record).keys():
            setattr(record, name, STRUCK_OUT)
        return True


_WITHOUT_CALLS = _WithoutCalls()


def strip_calls(*loggers: str) -> None:
    """Keep whole requests and answers, tokens included, off the records of these loggers.

    Google's libraries hang them on debug records beside the message, where :func:`redact` can't see them.
    """
    for name in loggers:
        logging.getLogger(name).addFilter(_WITHOUT_CALLS)


def _install() -> None:
    """Let every log record of the process pass through :func:`redact`, whichever library makes it."""
    make = logging.getLogRecordFactory()

    def redacted(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - logging reports a wrong call of itself, it doesn't raise in the caller
            message = record.msg = f"{record.msg} (its arguments don't fit)"
            record.args = ()
        clean = redact(message)
        if clean != message:
            record.msg, record.args = clean, ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact("".join(traceback.format_exception(*record.exc_info))).rstrip("\n")
        return record

    logging.setLogRecordFactory(redacted)
