"""Errors of the orchestration layer; each message is one paragraph: what happened, where, what to do.

    SanjehError
    ├── SettingsError    sanjeh.yml, scorecards.yml or an environment variable is wrong
    ├── WorkspaceError   the workspace folder, its lock or its state can't be used
    ├── AlertError       a message could not be delivered; it is kept and sent again
    ├── LookupFailure    a brand, KPI, period, segment or version that was asked for isn't there
    └── PublishError     the published file or a copy of it can't be made, swapped or rolled back

Errors of extraction are ``connectors.core.errors.ConnectorError``.
"""

from __future__ import annotations


class SanjehError(Exception):
    """Base of everything a user may be shown without a stack trace."""


class SettingsError(SanjehError):
    """Configuration is wrong; the message lists every finding with file, line and key path."""


class WorkspaceError(SanjehError):
    """The workspace is missing, unwritable, full, locked, or of a newer format."""


class PublishError(SanjehError):
    """Publishing or rolling back is refused or failed; the message says what readers see."""


class AlertError(SanjehError):
    """Channels did not take messages; each is named without its address, and the messages are kept."""


class LookupFailure(SanjehError):  # noqa: N818 - not a fault of the program; LookupError is Python's own
    """What was asked for isn't published; the message names what comes near and what there is."""
