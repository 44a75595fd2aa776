"""A PostgreSQL server of a test's own, on loopback, with a password; gone with all its data afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROLE = "sanjeh"
PASSWORD = "a password with / and @"  # noqa: S105 - of a server that lives for one test
_PASSWORD_IN_URL = "a%20password%20with%20%2F%20and%20%40"  # noqa: S105


def programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``: of the PATH, or where Debian has them; None without PostgreSQL."""
    found = shutil.which("initdb")
    folders = (
        [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    )
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of an empty database."""
    folder = programs()
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="postgres-"))
    data, password_file = home / "data", home / "password"
    password_file.write_text(PASSWORD)
    become: list[str] = []
    if os.geteuid() == 0:  # the server refuses to be root's
        user = pwd.getpwnam("postgres")
        become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        for path in (home, password_file):
            os.chown(path, user.pw_uid, user.pw_gid)

    def call(program: str, *arguments: str) -> None:
        command = [*become, str(folder / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd=home)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
    try:
        call("initdb", "-D", str(data), "-U", ROLE, "-A", "scram-sha-256", f"--pwfile={password_file}", "-N")
        call("pg_ctl", "-D", str(data), "-l", str(home / "log"), "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://{ROLE}:{_PASSWORD_IN_URL}@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
