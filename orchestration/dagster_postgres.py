"""Dagster's own storage in PostgreSQL: runs, schedules and event log for processes on several machines.

``SANJEH_DAGSTER_POSTGRES_URL`` switches it on. The URL holds a password, so it is a variable and no key of
``sanjeh.yml``, and ``dagster.yaml`` names the variable only.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from urllib.parse import urlsplit

from orchestration.errors import WorkspaceError

URL_VARIABLE = "SANJEH_DAGSTER_POSTGRES_URL"
SCHEME = "postgresql+psycopg2"
STORAGE_YAML = f"""\
storage:
  postgres:
    postgres_url:
      env: {URL_VARIABLE}
"""
_CONNECT_SECONDS = 10
_ADVICE = (
    ("password authentication failed", "Correct user or password in the URL."),
    ("no password supplied", f"The URL lacks the password: {SCHEME}://user:password@host:5432/database."),
    (
        "does not exist",
        "Make the database (or role) first: `createdb`, `createuser`; Dagster makes its tables.",
    ),
    ("connection refused", "See that the server runs, and that host and port are right."),
    ("could not translate host name", "The host isn't known here: correct it, or see to DNS."),
    ("timeout", "The server doesn't answer: see firewall and host."),
    (
        "too many",
        "The server has no connection left: raise max_connections (docs/scale.md says how many it takes).",
    ),
)


def postgres_url() -> str | None:
    """The URL of Dagster's database; None where Dagster keeps to its own files."""
    return os.environ.get(URL_VARIABLE) or None


def shown(url: str) -> str:
    """``url`` without user and password."""
    parts = urlsplit(url)
    host = f"{parts.hostname or '?'}:{parts.port}" if parts.port else parts.hostname or "?"
    return f"{parts.scheme}://{host}{parts.path}"


def require_postgres(url: str) -> None:
    """See that Dagster will be able to keep its storage there.

    Raises:
        WorkspaceError: the package is missing, the URL is none, or the server refuses.
    """
    if urlsplit(url).scheme != SCHEME:
        raise WorkspaceError(
            f"{URL_VARIABLE} is no address that Dagster can open, which looks like "
            f"{SCHEME}://user:password@host:5432/database (the driver is named, because SQLAlchemy's default "
            "is one that Dagster doesn't know). Correct it, or leave it unset to keep Dagster's storage in "
            "the workspace. Nothing was changed."
        )
    if find_spec("dagster_postgres") is None:
        raise WorkspaceError(
            f"{URL_VARIABLE} is set, and Dagster's storage in PostgreSQL needs the package dagster-postgres, "
            "which isn't installed: `pip install 'sanjeh[postgres]'`. Nothing was changed."
        )
    import psycopg2  # noqa: PLC0415 - comes with that package

    try:
        psycopg2.connect(url.replace(SCHEME, "postgresql", 1), connect_timeout=_CONNECT_SECONDS).close()
    except psycopg2.Error as error:
        said = " ".join(str(error).split()) or type(error).__name__
        password = urlsplit(url).password
        said = said.replace(password, "***") if password else said
        low = said.lower()
        advice = next((text for sign, text in _ADVICE if sign in low), "See what the server means by that.")
        raise WorkspaceError(
            f"Dagster's database {shown(url)} ({URL_VARIABLE}) can't be opened: {said.rstrip('.')}. {advice} "
            "Then run again; nothing was changed."
        ) from error
