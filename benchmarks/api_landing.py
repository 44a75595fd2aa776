"""How landing from an API compares with fetching the same pages and throwing them away: time, peak memory.

Usage: ``python -m benchmarks.api_landing [ROWS ...]``. GA4 by Google's client (REST) at 250,000-row pages
and HubSpot by ``requests`` at 100-row pages, against a server whose pages are ready beforehand. Each side
runs in a process of its own, in turns; the best of each counts. The client's own rate limit is lifted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import requests

from benchmarks.machine import peak_mebibytes
from benchmarks.page_server import GA4_PAGE, HUBSPOT_PAGE
from connectors.core.api import BrandFacts
from connectors.core.api_source import ApiSource
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from connectors.registry import api_config, api_connector
from tests.fakes.google_auth import service_account_info

_ROUNDS = 3
_LARGE = 500_000
"""From so many rows on one round is enough: it lasts minutes."""
_NOW = datetime(2026, 1, 29, 6, tzinfo=UTC)
_START = date(2026, 1, 1)


def ga4_loop(address: str, rows: int) -> None:
    """The yardstick: Google's client asks for the same pages."""
    client = _ga4_client(address)
    from google.analytics.data_v1beta.types import RunReportRequest  # noqa: PLC0415 - a second of imports

    seen = 0
    while seen < rows:
        answer = client.run_report(
            RunReportRequest(property="properties/1", limit=GA4_PAGE, offset=seen), timeout=600
        )
        seen += len(answer.rows)


def _ga4_client(address: str):
    from google.analytics.data_v1beta import BetaAnalyticsDataClient  # noqa: PLC0415
    from google.analytics.data_v1beta.services.beta_analytics_data.transports import (  # noqa: PLC0415
        BetaAnalyticsDataRestTransport,
    )
    from google.auth.credentials import AnonymousCredentials  # noqa: PLC0415

    transport = BetaAnalyticsDataRestTransport(
        host=address.removeprefix("http://"), url_scheme="http", credentials=AnonymousCredentials()
    )
    return BetaAnalyticsDataClient(transport=transport)


def hubspot_loop(address: str, rows: int) -> None:
    """The yardstick: ``requests`` asks for the same pages and parses them."""
    del rows
    session = requests.Session()
    after: str | None = "1"
    while after is not None:
        parameters = {"limit": HUBSPOT_PAGE, "after": after}
        page = session.get(f"{address}/crm/objects/2026-09/contacts", params=parameters, timeout=60).json()
        after = page.get("paging", {}).get("next", {}).get("after")


def ga4_landing(address: str, rows: int) -> None:
    """The traffic stream of a GA4 source."""
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key.json"
        key.write_text(json.dumps(service_account_info(f"{address}/token")), encoding="utf-8")
        os.environ["BENCH_KEY"] = str(key)
        # Told the zone, the source need not ask for it: the server has no other answer than pages.
        own = {"property_id": "1", "credentials_file_env": "BENCH_KEY", "timezone": "Europe/Berlin"}
        _land("ga4", "ga4/traffic", own, address, rows)


def hubspot_landing(address: str, rows: int) -> None:
    """The contacts of a HubSpot source, hashed addresses and all."""
    os.environ["BENCH_SERVICE_KEY"] = "of a benchmark"
    own = {"token_env": "BENCH_SERVICE_KEY", "calls_per_10s": 1_000_000}
    _land("hubspot", "hubspot/contacts", own, address, rows)


def _land(word: str, stream_id: str, own: dict[str, object], address: str, rows: int) -> None:
    config = api_config(word).model_validate(
        {"connector": word, "brand": "b", "base_url": address, "start": _START, **own}
    )
    whole = api_connector(word)
    one = replace(whole, feeds=lambda c: [feed for feed in whole.feeds(c) if feed.stream.id == stream_id])
    brand = BrandFacts(timezone="Europe/Berlin", currency="EUR")
    source = ApiSource("bench", config, one, brand=brand)
    with tempfile.TemporaryDirectory() as folder:
        zone = RawZone(Path(folder) / "raw", temp=Path(folder) / "temp", pii=Pseudonymiser(key=b"benchmark"))
        landed = source.land(zone, load_id=1, loaded_at=_NOW)
        own_stream = next(each for each in landed if each.stream.id == stream_id)
        if own_stream.error or own_stream.rows != rows:
            raise SystemExit(f"{stream_id}: {own_stream.rows} of {rows} rows, {own_stream.error}")


SIDES: dict[str, Callable[[str, int], None]] = {
    "ga4_loop": ga4_loop,
    "ga4_landing": ga4_landing,
    "hubspot_loop": hubspot_loop,
    "hubspot_landing": hubspot_landing,
}


def measure(side: str, address: str, rows: int) -> None:
    """Run one side in this process; prints seconds and peak resident megabytes."""
    started = time.perf_counter()
    SIDES[side](address, rows)
    seconds = time.perf_counter() - started
    print(seconds, peak_mebibytes())


@contextmanager
def pages_of(kind: str, rows: int) -> Iterator[str]:
    """Address of a page server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.page_server", kind, str(rows)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield (server.stdout.readline() if server.stdout else "").strip()
        if server.stdin:
            server.stdin.close()


def compare(kind: str, rows: int) -> None:
    """Print both sides of one API at one size."""
    best: dict[str, tuple[float, float]] = {}
    with pages_of(kind, rows) as address:
        for side in (f"{kind}_loop", f"{kind}_landing") * (1 if rows >= _LARGE else _ROUNDS):
            command = [sys.executable, "-m", "benchmarks.api_landing", side, address, str(rows)]
            done = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            found = (float(done[-2]), float(done[-1]))
            best[side] = min(found, best.get(side, found))
    for side, (seconds, megabytes) in best.items():
        speed = f"{rows / seconds:>10,.0f} rows/s"
        print(f"{side:16} {rows:>9,} rows {seconds:7.2f} s {speed} peak {megabytes:5.0f} MB")
    print(
        f"{kind:16} {rows:>9,} rows ratio {best[f'{kind}_landing'][0] / best[f'{kind}_loop'][0]:.2f}",
        flush=True,
    )


def main(arguments: list[str]) -> None:
    """Compare every API at each size named, or at 10 thousand and a million rows."""
    if arguments and arguments[0] in SIDES:
        measure(arguments[0], arguments[1], int(arguments[2]))
        return
    for rows in [int(text) for text in arguments] or [10_000, 1_000_000]:
        for kind in ("ga4", "hubspot"):
            compare(kind, rows)


if __name__ == "__main__":
    main(sys.argv[1:])
