"""A server on loopback whose pages are ready before they are asked for: a benchmark measures its client.

Usage: ``python -m benchmarks.page_server ga4|hubspot ROWS``; prints its address and serves until its standard
input closes. GA4 pages have 250,000 rows of the traffic report, HubSpot pages 100 contacts.
"""

from __future__ import annotations

import json
import random
import re
import sys
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

GA4_PAGE = 250_000
HUBSPOT_PAGE = 100
_CHANNELS = ("Organic Search", "Direct", "Paid Search", "Referral", "Email", "جستجو")
_DICE = random.Random(7)


class Ga4Pages:
    """runReport by offset; the distinct pages are rendered once."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._pages: dict[int, bytes] = {}
        for offset in range(0, rows, GA4_PAGE):
            self._pages[offset] = self._render(offset, min(GA4_PAGE, rows - offset))

    def _render(self, offset: int, count: int) -> bytes:
        first = date(2026, 1, 1)
        rows = []
        for number in range(offset, offset + count):
            values = (
                f"{first + timedelta(days=number * 28 // max(self._rows, 1)):%Y%m%d}",
                _CHANNELS[number % len(_CHANNELS)],
                f"source-{number % 997}",
                "cpc" if number % 3 else "(none)",
                f"campaign-{number}",
            )
            numbers = (
                _DICE.randrange(1, 500),
                _DICE.randrange(300),
                _DICE.randrange(90_000),
                _DICE.randrange(2_000),
                _DICE.randrange(400),
                _DICE.randrange(50),
                f"{_DICE.random() * 1000:.6g}",
            )
            rows.append(
                {
                    "dimensionValues": [{"value": value} for value in values],
                    "metricValues": [{"value": str(value)} for value in numbers],
                }
            )
        dimensions = (
            "date",
            "sessionDefaultChannelGroup",
            "sessionSource",
            "sessionMedium",
            "sessionCampaignName",
        )
        metrics = (
            "sessions",
            "engagedSessions",
            "userEngagementDuration",
            "screenPageViews",
            "activeUsers",
            "keyEvents",
            "totalRevenue",
        )
        body = {
            "dimensionHeaders": [{"name": name} for name in dimensions],
            "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in metrics],
            "rows": rows,
            "rowCount": self._rows,
            "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Berlin"},
            "kind": "analyticsData#runReport",
        }
        return json.dumps(body, separators=(",", ":")).encode()

    def answer(self, path: str, body: bytes) -> bytes:
        """The page of a request, or a token."""
        if path.startswith("/token"):
            return b'{"access_token":"benchmark-token","expires_in":3599,"token_type":"Bearer"}'
        asked = json.loads(body)
        return self._pages[int(asked.get("offset", 0))]


class HubSpotPages:
    """Contacts by id; nothing is archived."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        properties = {
            "phone": "+98 21 0000 0000",
            "createdate": "2026-03-01T08:00:00.000Z",
            "lastmodifieddate": "2026-11-02T08:00:00.000Z",
            "lifecyclestage": "lead",
            "hs_lifecyclestage_subscriber_date": None,
            "hs_lifecyclestage_lead_date": "2026-03-02T08:00:00.000Z",
            "hs_lifecyclestage_marketingqualifiedlead_date": None,
            "hs_lifecyclestage_salesqualifiedlead_date": None,
            "hs_lifecyclestage_opportunity_date": None,
            "hs_lifecyclestage_customer_date": None,
            "hs_analytics_source": "ORGANIC_SEARCH",
            "hs_analytics_source_data_1": "unknown",
            "hs_analytics_source_data_2": None,
            "hs_lead_status": "NEW",
            "hs_email_optout": None,
            "hubspot_owner_id": "77",
            "hs_merged_object_ids": None,
        }
        rest = json.dumps(properties, separators=(",", ":"))[1:-1]
        self._row = (
            '{{"id":"{id}","properties":{{"hs_object_id":"{id}","email":"p{id}@example.com",'
            + rest.replace("{", "{{").replace("}", "}}")
            + '}},"createdAt":"2026-03-01T08:00:00.000Z","updatedAt":"2026-11-02T08:00:00.000Z",'
            + '"archived":false}}'
        )

    def answer(self, path: str, body: bytes) -> bytes:
        """A page of a list, or the total of a search."""
        del body
        split = urlsplit(path)
        if split.path.endswith("/search"):
            return json.dumps({"total": self._rows, "results": []}).encode()
        query = parse_qs(split.query)
        begin = 0 if query.get("archived") == ["true"] else int(query.get("after", ["1"])[0])
        if begin == 0:
            return b'{"results":[]}'
        end = min(begin + HUBSPOT_PAGE, self._rows + 1)
        rows = ",".join(self._row.format(id=number) for number in range(begin, end))
        following = f',"paging":{{"next":{{"after":"{end}"}}}}' if end <= self._rows else ""
        return f'{{"results":[{rows}]{following}}}'.encode()


def main(kind: str, rows: int) -> None:
    """Serve until standard input closes."""
    pages = {"ga4": Ga4Pages, "hubspot": HubSpotPages}[kind](rows)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            content = pages.answer(re.sub(r"^https?://[^/]+", "", self.path), body)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _reply  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
