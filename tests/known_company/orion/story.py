"""Orion's story: settings, files and servers at each of the three runs, and the expected answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.fakes import hotjar, hubspot
from tests.fakes.faults import Fault
from tests.fakes.ga4 import Ga4Api
from tests.fakes.google_auth import service_account_info
from tests.fakes.hotjar import HotjarApi
from tests.fakes.hubspot import HubSpotApi
from tests.fakes.search_console import SearchConsoleApi
from tests.known_company.brands import Surroundings
from tests.known_company.clickstream import write_export
from tests.known_company.clock import END, RUNS, START
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.orion import searches, voices, web
from tests.known_company.orion.answers import RULE, WINDOW_DAYS, expected
from tests.known_company.orion.files import write_files
from tests.known_company.orion.fill import fill_hubspot
from tests.known_company.orion.plans import BUDGETS, OBJECTIVES, SCORECARDS
from tests.known_company.orion.site import SITE
from tests.known_company.orion.tables import tables as expected_tables
from tests.known_company.tables import Table

__all__ = ["BUDGETS", "OBJECTIVES", "SCORECARDS"]
BRAND: Mapping[str, Any] = {
    "name": "Orion",
    "name_fa": "اوریون",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "calendar": "gregorian",
    "week_start": "monday",
    "fiscal_year_start": 4,
    "attribution": {"rule": RULE, "window_days": WINDOW_DAYS},
    "search_terms": list(searches.TERMS),
    "exclude_terms": list(searches.EXCLUDED),
}
_FLAGS = {"staff": ["*@orion.example"], "test": ["*@test.example"]}


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Entries under ``sources`` of sanjeh.yml."""
    return {
        "orion_web": {
            "connector": "ga4",
            "brand": "orion",
            "property_id": web.PROPERTY,
            "credentials_file_env": "KNOWN_ORION_GOOGLE_KEY",
            "start": web.FIRST,
            "base_url": addresses["ga4"],
        },
        "orion_search": {
            "connector": "search_console",
            "brand": "orion",
            "site": searches.SITE,
            "credentials_file_env": "KNOWN_ORION_GOOGLE_KEY",
            "start": searches.START,
            "base_url": addresses["search_console"],
            "http": {"attempts": 2, "backoff_seconds": 0},
        },
        "orion_crm": {
            "connector": "hubspot",
            "brand": "orion",
            "token_env": "KNOWN_ORION_HUBSPOT_TOKEN",
            "start": START,
            "base_url": addresses["hubspot"],
            "calls_per_10s": 5_000,
            "address_flags": _FLAGS,
            "test_patterns": {"name": "[test]%"},
        },
        "orion_billing": {
            "connector": "subscription_items_file",
            "brand": "orion",
            "path": "exports/orion/billing.tsv",
            "coverage": {"from": START, "to": END},
        },
        "orion_forms": {
            "connector": "form_days_file",
            "brand": "orion",
            "path": "exports/orion/forms.csv",
            "test_patterns": {"form_name": "test %"},
        },
        "orion_events": {
            "connector": "ga4_events",
            "brand": "orion",
            "path": "exports/orion/events/*.jsonl.gz",
            "timezone": "Europe/Berlin",
            "expect": "none",
        },
        "orion_survey": {
            "connector": "hotjar",
            "brand": "orion",
            "site_id": voices.SITE_ID,
            "client_id_env": "KNOWN_ORION_HOTJAR_ID",
            "client_secret_env": "KNOWN_ORION_HOTJAR_SECRET",
            "start": START,
            "base_url": addresses["hotjar"],
            "address_flags": _FLAGS,
        },
        "orion_google": {
            "connector": "google_ads_file",
            "brand": "orion",
            "path": "exports/orion/google/*.csv",
            "currency": "USD",
        },
        "orion_meta": {"connector": "meta_ads_file", "brand": "orion", "path": "exports/orion/meta.csv"},
        "orion_rates": {
            "connector": "exchange_rates_file",
            "brand": "orion",
            "path": "exports/orion/rates.csv",
            "expect": "none",
        },
        "orion_costs": {
            "connector": "costs_file",
            "brand": "orion",
            "path": "exports/orion/costs.csv",
            "coverage": {"from": START, "to": END},
        },
    }


def write_exports(exports: Path, run: int) -> None:
    """Files as they lie there before a run."""
    write_files(exports, run)
    write_export(SITE, exports / "events", run)


@contextmanager
def serving(run: int, home: Path) -> Iterator[Surroundings]:
    """Local servers filled as they are at a run; at the last one Search Console is down."""
    with ExitStack() as opened:
        ga4 = opened.enter_context(Ga4Api({web.PROPERTY: web.property_at(run)}, now=RUNS[run]))
        search = opened.enter_context(
            SearchConsoleApi(
                {searches.SITE: searches.site_at(run)}, today=searches.today_at(run), tokens=ga4.tokens
            )
        )
        crm = opened.enter_context(HubSpotApi())
        survey = opened.enter_context(HotjarApi())
        for api in (ga4, search, crm, survey):
            # The connectors' own tests hold requests and answers to the contracts; here it would cost most of the time.
            api.checks_contract = False
        fill_hubspot(crm, run)
        voices.fill_hotjar(survey, run)
        failing = frozenset[str]()
        if run == len(RUNS) - 1:
            search.order(Fault.SERVER_ERROR, times=100_000)
            failing = frozenset({"orion_search"})
        key = home / "orion-google-key.json"
        key.write_text(json.dumps(service_account_info(ga4.token_uri)), encoding="utf-8")
        yield Surroundings(
            addresses={
                "ga4": ga4.base_url,
                "search_console": search.base_url,
                "hubspot": crm.base_url,
                "hotjar": survey.base_url,
            },
            environment={
                "KNOWN_ORION_GOOGLE_KEY": str(key.absolute()),
                "KNOWN_ORION_HUBSPOT_TOKEN": hubspot.SERVICE_KEY,
                "KNOWN_ORION_HOTJAR_ID": hotjar.CLIENT_ID,
                "KNOWN_ORION_HOTJAR_SECRET": hotjar.CLIENT_KEY,
            },
            failing=failing,
        )


def answers() -> dict[CellKey, Cell]:
    """Every row of the KPI facts after the last run."""
    return expected()


def tables() -> list[Table]:
    """What other published tables must hold."""
    return expected_tables()
