"""Errors of the connectors: each message is one paragraph that says what happened, where, and what to do."""

from __future__ import annotations

from pathlib import Path


class ConnectorError(Exception):
    """Anything that stops a source from loading; the message is meant for a person."""


class SourceDataError(ConnectorError):
    """A file or a row of a source cannot be read as declared.

    Attributes:
        path: the file, where there is one.
        line: record number in the file, from 1, where known.
        column: name of the column, where one is to blame.
    """

    def __init__(
        self, message: str, *, path: Path | None = None, line: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.column = column


class SchemaError(SourceDataError):
    """A declared column vanished or changed its type at the source."""


class TransientError(ConnectorError):
    """The source failed in a way that may pass: time-outs, rate limits, server errors."""


class QuotaError(TransientError):
    """A quota is used up for longer than a run can wait; what landed stays, the next run goes on."""


class PageDriftError(TransientError):
    """Rows moved between pages while they were read, so the answer may lack or repeat some."""


class PermanentError(ConnectorError):
    """The source refuses the request and will refuse it again."""


class AuthError(PermanentError):
    """The source refuses the credentials."""


class ScopeError(AuthError):
    """The credentials are good, but have no right to one thing; others of the same source may go on."""


class IncompleteError(PermanentError):
    """An answer ended, but it is not proven to be whole; nothing of it lands."""


class PersonalDataError(ConnectorError):
    """Personal data would be stored without a key to pseudonymise it."""


class RawZoneError(ConnectorError):
    """The raw zone cannot be read or written: corrupt or newer manifest, no space, no permission."""
