"""The workspace of examples/apis over local servers, as ``make demo-apis`` runs it.

Usage: ``python -m tests.fakes.demo WORKSPACE [--stay] [-- COMMAND …]``. Starts every local server on loopback, makes
the workspace with their addresses, and runs ``sanjeh COMMAND`` (``run`` if none) in it at the demo's clock. With
``--stay`` the servers go on until Ctrl-C, for a look around with other commands.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_events import write_event_exports
from tests.fakes.demos import Opened, clock_after, opened
from tests.fakes.server import FakeApi

EXAMPLE = Path(__file__).parents[2] / "examples" / "apis"
LAST_DAY = date(2026, 11, 19)
"""The newest day that the servers have data of; the demo's clock is the next morning."""
EVENT_DAYS = 14


@dataclass(frozen=True)
class Servers:
    """The local servers of one demo.

    Attributes:
        opened: of each vendor.
    """

    opened: Sequence[Opened]

    @property
    def apis(self) -> Mapping[str, FakeApi]:
        """Every server by its connector's word."""
        return {word: api for each in self.opened for word, api in each.apis.items()}


@contextmanager
def serving(last_day: date = LAST_DAY, *, days: int = 120) -> Iterator[Servers]:
    """Every server, filled with ``days`` days up to ``last_day``."""
    with ExitStack() as stack:
        yield Servers(list(opened(last_day, days=days, stack=stack)))


def make_workspace(home: Path, servers: Servers, last_day: date = LAST_DAY) -> None:
    """Write the example into ``home`` with the addresses of ``servers``; what has landed there stays."""
    home.mkdir(parents=True, exist_ok=True)
    text = (EXAMPLE / "sanjeh.yml").read_text(encoding="utf-8")
    for each in servers.opened:
        for stand_in, address in each.addresses.items():
            text = text.replace(f"{stand_in}\n", f"{address}\n")
    (home / "sanjeh.yml").write_text(text, encoding="utf-8")
    shutil.copyfile(EXAMPLE / "scorecards.yml", home / "scorecards.yml")
    write_event_exports(home / "exports" / "ga4_events", ACME, last_day, days=EVENT_DAYS)
    environment = home / ".env"
    known = environment.read_text(encoding="utf-8") if environment.exists() else ""
    pii_key = next((line for line in known.splitlines() if line.startswith("SANJEH_PII_KEY=")), None)
    lines = [
        pii_key or f"SANJEH_PII_KEY={secrets.token_hex(32)}",
        *(f"{name}={value}" for each in servers.opened for name, value in each.environment(home).items()),
    ]
    environment.write_text("\n".join(lines) + "\n", encoding="utf-8")


def sanjeh(home: Path, *arguments: str) -> list[str]:
    """The command line over the workspace ``home``."""
    return [str(Path(sys.executable).with_name("sanjeh")), "--workspace", str(home), *arguments]


def main(arguments: list[str]) -> int:
    """Run the demo; returns the exit status of ``sanjeh``."""
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    command = arguments[len(own) + 1 :] or ["run", "--as-of", clock_after(LAST_DAY).isoformat()]
    home = Path(next(each for each in own if not each.startswith("--")))
    with serving() as servers:
        make_workspace(home, servers)
        status = subprocess.run(sanjeh(home, *command), check=False, env=os.environ).returncode
        if "--stay" in own:
            sys.stderr.write(f"The servers go on; workspace {home}. Ctrl-C ends them.\n")
            try:
                Event().wait()
            except KeyboardInterrupt:
                sys.stderr.write("\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
