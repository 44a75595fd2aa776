"""A Superset of its own, on loopback, with the bundle of ``docs/bi/superset`` imported through its REST API."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

KIT = Path(__file__).parents[2] / "docs" / "bi" / "superset"
USER = "admin"
START_SECONDS = 300
TIMEOUT = 120
Row = dict[str, Any]


@dataclass(frozen=True)
class Superset:
    """A running server and the session of its administrator; sessions are one per thread."""

    url: str
    password: str
    _threads: threading.local

    def get(self, path: str, **parameters: str) -> Any:
        """JSON of a GET below ``/api/v1``."""
        return self._asked("GET", path, params=parameters)

    def post(self, path: str, **arguments: Any) -> Any:
        """JSON of a POST below ``/api/v1``."""
        return self._asked("POST", path, **arguments)

    def import_dashboard(self, bundle: Path) -> None:
        """Import a zip, over what may be there already."""
        with bundle.open("rb") as content:
            self.post(
                "/dashboard/import/",
                files={"formData": (bundle.name, content, "application/zip")},
                data={"overwrite": "true", "passwords": "{}"},
            )

    def ids(self, kind: str, name: str) -> dict[str, int]:
        """Id by name of all charts, datasets or dashboards."""
        return {each[name]: each["id"] for each in self.get(f"/{kind}/", q="(page_size:100)")["result"]}

    def chart_query(self, chart_id: int) -> dict[str, Any]:
        """The query that a saved chart asks."""
        context: dict[str, Any] = json.loads(self.get(f"/chart/{chart_id}")["result"]["query_context"])
        return context

    def chart_data(self, context: Mapping[str, Any]) -> list[Row]:
        """Rows that ``/chart/data`` answers to a query context."""
        [answer] = self.post("/chart/data", json=dict(context))["result"]
        rows: list[Row] = answer["data"]
        return rows

    def _asked(self, method: str, path: str, **arguments: Any) -> Any:
        """The answer; a session whose token has expired (15 minutes) is opened anew once."""
        url = f"{self.url}/api/v1{path}"
        response = self._session.request(method, url, timeout=TIMEOUT, **arguments)
        if response.status_code == requests.codes.unauthorized:
            self._threads.session = None
            response = self._session.request(method, url, timeout=TIMEOUT, **arguments)
        return _answer(response)

    @property
    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            login = {"username": USER, "password": self.password, "provider": "db", "refresh": True}
            token = _answer(session.post(f"{self.url}/api/v1/security/login", json=login, timeout=TIMEOUT))
            session.headers["Authorization"] = f"Bearer {token['access_token']}"
            csrf = _answer(session.get(f"{self.url}/api/v1/security/csrf_token/", timeout=TIMEOUT))
            session.headers.update({"X-CSRFToken": csrf["result"], "Referer": self.url})
        return session


@contextmanager
def serving(binaries: Path, folder: Path) -> Iterator[Superset]:
    """Migrate, make the administrator, serve; metadata and log lie in ``folder`` and are kept.

    Raises:
        AssertionError: a step fails, or the server doesn't get healthy.
    """
    folder.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(16)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("FLASK", "SUPERSET"))},
        "FLASK_APP": "superset",
        "SUPERSET_CONFIG_PATH": str(KIT / "superset_config.py"),
        "SUPERSET_SECRET_KEY": secrets.token_urlsafe(42),
        "SUPERSET_METADATA": f"sqlite:///{folder / 'superset.db'}",
    }
    (folder / "superset.db").unlink(missing_ok=True)
    who = ("--firstname", "Ada", "--lastname", "Admin", "--email", "admin@superset.example")
    log_path = folder / "superset.log"
    with log_path.open("w", encoding="utf-8") as log:
        for words in (
            ("db", "upgrade"),
            ("fab", "create-admin", "--username", USER, *who, "--password", password),
            ("init",),
        ):
            command = [str(binaries / "superset"), *words]
            done = subprocess.run(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=folder, check=False
            )
            if done.returncode:
                raise AssertionError(f"superset {words[0]} failed; see {log_path}")
        port = _free_port()
        command = [str(binaries / "superset"), "run", "-h", "127.0.0.1", "-p", str(port), "--with-threads"]
        with subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=folder
        ) as server:
            try:
                superset = Superset(f"http://127.0.0.1:{port}", password, threading.local())
                _wait_until_healthy(superset.url, server, log_path)
                yield superset
            finally:
                server.terminate()


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(f"{url}/health", timeout=5).ok:
                return
        time.sleep(0.5)  # a server tells nobody when it is ready
    raise AssertionError(f"Superset didn't get healthy within {START_SECONDS} s; see {log}")


def _answer(response: requests.Response) -> Any:
    if not response.ok:
        raise AssertionError(
            f"{response.request.method} {response.url}: {response.status_code} {response.text[:800]}"
        )
    return response.json()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
