"""Google's servers: GA4 over REST and over gRPC, and Search Console; one service account reads all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from tests.fakes.demo_google import demo_properties, demo_sites
from tests.fakes.demos import Opened, clock_after
from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_grpc import Ga4Grpc
from tests.fakes.google_auth import service_account_info
from tests.fakes.search_console import SearchConsoleApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """Two properties and two sites."""
    ga4 = stack.enter_context(Ga4Api(demo_properties(last_day, days=days), now=clock_after(last_day)))
    over_grpc = stack.enter_context(Ga4Grpc(ga4))
    search_console = stack.enter_context(
        SearchConsoleApi(
            demo_sites(last_day, days=days), today=last_day + timedelta(days=1), tokens=ga4.tokens
        )
    )

    def environment(home: Path) -> Mapping[str, str]:
        key = home / "google-key.json"
        key.write_text(json.dumps(service_account_info(ga4.token_uri)), encoding="utf-8")
        return {"DEMO_GOOGLE_KEY": str(key.absolute())}

    return Opened(
        apis={"ga4": ga4, "search_console": search_console},
        addresses={
            "http://ga4.local": ga4.base_url,
            "http://ga4-grpc.local": f"http://{over_grpc.target}",
            "http://search-console.local": search_console.base_url,
        },
        environment=environment,
    )
