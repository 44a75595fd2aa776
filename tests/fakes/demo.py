"""The workspace of examples/apis over local servers, as ``make demo-apis`` runs it.

Usage: ``python -m tests.fakes.demo WORKSPACE [--stay] [-- COMMAND …]``. Starts every local server on loopback, makes
the workspace with their addresses, and runs ``sanjeh COMMAND`` (``run`` if none) in it at the demo's clock. With
``--stay`` the servers go on until Ctrl-C, for a look around with other commands.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

from tests.fakes import hotjar, hubspot
from tests.fakes.demo_brands import ACME
from tests.fakes.demo_events import write_event_exports
from tests.fakes.demo_google import demo_properties, demo_sites
from tests.fakes.demo_hotjar import fill_hotjar
from tests.fakes.demo_hubspot import fill_hubspot
from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_grpc import Ga4Grpc
from tests.fakes.google_auth import service_account_info
from tests.fakes.hotjar import HotjarApi
from tests.fakes.hubspot import HubSpotApi
from tests.fakes.search_console import SearchConsoleApi

EXAMPLE = Path(__file__).parents[2] / "examples" / "apis"
LAST_DAY = date(2026, 11, 19)
"""The newest day that the servers have data of; the demo's clock is the next morning."""
EVENT_DAYS = 14


@dataclass(frozen=True)
class Servers:
    """The local servers of one demo.

    Attributes:
        addresses: by the address that stands for it in examples/apis.
    """

    ga4: Ga4Api
    search_console: SearchConsoleApi
    hubspot: HubSpotApi
    hotjar: HotjarApi
    addresses: Mapping[str, str]


def clock_after(last_day: date) -> datetime:
    """The morning after ``last_day``."""
    return datetime.combine(last_day + timedelta(days=1), datetime.min.time(), tzinfo=UTC) + timedelta(
        hours=9
    )


@contextmanager
def serving(last_day: date = LAST_DAY, *, days: int = 120) -> Iterator[Servers]:
    """Every server, filled with ``days`` days up to ``last_day``."""
    with ExitStack() as open_servers:
        ga4 = open_servers.enter_context(
            Ga4Api(demo_properties(last_day, days=days), now=clock_after(last_day))
        )
        over_grpc = open_servers.enter_context(Ga4Grpc(ga4))
        search_console = open_servers.enter_context(
            SearchConsoleApi(
                demo_sites(last_day, days=days), today=last_day + timedelta(days=1), tokens=ga4.tokens
            )
        )
        crm = open_servers.enter_context(HubSpotApi())
        surveys = open_servers.enter_context(HotjarApi())
        fill_hubspot(crm, last_day, days=days)
        fill_hotjar(surveys, last_day, days=days)
        yield Servers(
            ga4,
            search_console,
            crm,
            surveys,
            {
                "http://ga4.local": ga4.base_url,
                "http://ga4-grpc.local": f"http://{over_grpc.target}",
                "http://search-console.local": search_console.base_url,
                "http://hubspot.local": crm.base_url,
                "http://hotjar.local": surveys.base_url,
            },
        )


def make_workspace(home: Path, servers: Servers, last_day: date = LAST_DAY) -> None:
    """Write the example into ``home`` with the addresses of ``servers``; what has landed there stays."""
    home.mkdir(parents=True, exist_ok=True)
    text = (EXAMPLE / "sanjeh.yml").read_text(encoding="utf-8")
    for stand_in, address in servers.addresses.items():
        text = text.replace(f"{stand_in}\n", f"{address}\n")
    (home / "sanjeh.yml").write_text(text, encoding="utf-8")
    shutil.copyfile(EXAMPLE / "scorecards.yml", home / "scorecards.yml")
    write_event_exports(home / "exports" / "ga4_events", ACME, last_day, days=EVENT_DAYS)
    key = home / "google-key.json"
    key.write_text(json.dumps(service_account_info(servers.ga4.token_uri)), encoding="utf-8")
    environment = home / ".env"
    known = environment.read_text(encoding="utf-8") if environment.exists() else ""
    pii_key = next((line for line in known.splitlines() if line.startswith("SANJEH_PII_KEY=")), None)
    lines = [
        pii_key or f"SANJEH_PII_KEY={secrets.token_hex(32)}",
        f"DEMO_GOOGLE_KEY={key.absolute()}",
        f"DEMO_HUBSPOT_TOKEN={hubspot.SERVICE_KEY}",
        f"DEMO_HOTJAR_ID={hotjar.CLIENT_ID}",
        f"DEMO_HOTJAR_SECRET={hotjar.CLIENT_KEY}",
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
