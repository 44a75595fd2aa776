"""The brand ``nava`` of the known company: its settings, its exports run by run, and its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.known_company.brands import Surroundings
from tests.known_company.clock import END, START
from tests.known_company.nava import (
    ads,
    billing,
    costs,
    crm,
    email,
    lines,
    orders,
    rates,
    social,
    surveys,
    visits,
    web,
)
from tests.known_company.nava.answers import expected
from tests.known_company.nava.exports import put
from tests.known_company.nava.plans import BUDGETS, OBJECTIVES, SCORECARDS
from tests.known_company.nava.tables import tables
from tests.known_company.oracle.cells import Cell, CellKey

BRAND: Mapping[str, Any] = {
    "name": "Nava",
    "name_fa": "نوا",
    "timezone": "Asia/Tehran",
    "currency": "IRR",
    "calendar": "jalali",
    "week_start": "saturday",
    "gross_margin": 0.35,
    "attribution": {"rule": "linear", "window_days": 30},
}
FAMILIES = (orders, lines, rates, ads, costs, email, social, surveys, crm, billing, web, visits)
__all__ = ["BUDGETS", "OBJECTIVES", "SCORECARDS", "tables"]
STAFF = {"staff": ["*@nava.example"]}


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Entries under ``sources``; the same in every run."""
    toman = {"money_unit": "toman", "decimal": "٫"}
    by_source: dict[str, dict[str, Any]] = {
        orders.SOURCE: {
            "connector": "orders_file", "path": "orders/*.csv", **toman, "delimiter": "semicolon", "calendar": "jalali",
            "address_flags": STAFF, "rules": {"counted_statuses": [orders.PAID, orders.SENT]}, "customer_ids": "shop",
        },
        lines.SOURCE: {
            "connector": "order_lines_file", "path": "wholesale/*.csv", **toman, "expect": "none", "customer_ids": "shop",
            "columns": {"line_id": "ردیف"}, "test_patterns": {"product_name": "تست%"},
            "rules": {
                "count_letter_coded_lines": False, "drop_exact_duplicates": True, "cancellation_prefix": "C",
                "bad_debt_prefix": "B",
            },
        },
        rates.SOURCE: {"connector": "exchange_rates_file", "path": "rates/*.csv", "expect": "none"},
        ads.GOOGLE: {
            "connector": "google_ads_file", "path": "ads/google-*.csv", "encoding": "utf-16", "currency": "USD",
        },
        ads.META: {
            "connector": "meta_ads_file", "path": "ads/meta-*.csv", "decimal": "٫", "expect": "none",
            "money_unit": [
                {"unit": "toman", "until": ads.RIAL_SINCE - timedelta(days=1)},
                {"unit": "rial", "from": ads.RIAL_SINCE},
            ],
        },
        costs.SOURCE: {
            "connector": "costs_file", "path": "costs/*.csv", **toman, "coverage": {"from": START, "to": END},
            "expect": f"until {END}",
        },
        email.SOURCE: {
            "connector": "email_campaigns_file", "path": "email/*.csv", "decimal": "٫",
            "columns": {"human_unique_opens": "باز انسانی", "machine_only_opens": "فقط ماشین"},
            "test_patterns": {"subject": "%آزمایش%"},
        },
        social.NOVIN: {
            "connector": "novin_file", "stream": "social/followers", "path": "followers/novin-*.csv", "decimal": "٫",
        },
        social.LINKEDIN: {
            "connector": "novin_file", "stream": "social/followers", "path": "followers/linkedin-*.csv", "decimal": "٫", "encoding": "windows-1256",
        },
        social.POSTS: {"connector": "novin_file", "path": "posts/*.csv", "decimal": "٫"},
        surveys.SOURCE: {
            "connector": "survey_file", "path": "survey/*.csv", "address_flags": STAFF, "reject_threshold": 0.05,
            "expect": "none",
        },
        crm.CONTACTS: {"connector": "crm_contacts_file", "path": "crm/contacts-*.csv", "address_flags": STAFF},
        crm.DEALS: {"connector": "crm_deals_file", "path": "crm/deals-*.csv", **toman},
        billing.SOURCE: {"connector": "subscription_snapshots_file", "path": "box/*.csv", **toman, "expect": "none"},
        visits.SOURCE: {"connector": "ga4_events", "path": "events/*.jsonl.gz", "expect": "none"},
        web.SOURCE: {"connector": "ravand_file", "path": "ravand/*.csv", **toman},
    }  # fmt: skip
    return {
        name: {**config, "brand": "nava", "path": f"exports/nava/{config['path']}"}
        for name, config in by_source.items()
    }


def write_exports(exports: Path, run: int) -> None:
    """Drop the files of that run."""
    for family in FAMILIES:
        put(exports, family.drops(run))


@contextmanager
def serving(run: int, home: Path) -> Iterator[Surroundings]:
    """Nothing is served: all comes by file."""
    yield Surroundings({}, {})


def answers() -> dict[CellKey, Cell]:
    """Every row of the KPI facts after the last run."""
    return expected()
