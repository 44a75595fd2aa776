"""A small GA4 event export with every trap of sessions in it, for numbers that can be reckoned by hand.

Times are those of Berlin. Browser ``ada`` comes by an ad on Thursday 1 October 2026 and by search on the 2nd;
``bob``'s session, whose id is the same number, crosses the midnight between; ``cyn`` comes on Monday the 5th, of
which there is only the intraday table. Somebody without consent, a developer and the office are there as well.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.integration.warehouse import Workspace
from tests.unit.ga4_events.exports import Event, event, json_lines

SETTINGS = """
project: {name: Events, timezone: Europe/Berlin, currency: EUR, customer_salt: one}
brands:
  site: {name: Site, name_fa: سایت}
  both: {name: Both, name_fa: هردو}
publish: {detail: true}
sources:
  site_events: {connector: ga4_events, brand: site, path: "exports/events/*.jsonl", expect: none}
  both_events: {connector: ga4_events, brand: both, path: "exports/events/*.jsonl", expect: none}
  both_web: {connector: ga4_report_file, brand: both, path: exports/ga4.csv, expect: none}
"""
REPORT = """# ----------------------------------------
# Days
# Start date: 20261001
# End date: 20261002
# ----------------------------------------

Date,Sessions,Engaged sessions,Views
20261001,3,2,4
20261002,2,1,2

# ----------------------------------------
# Events
# Start date: 20261001
# End date: 20261002
# ----------------------------------------

Date,Event name,Event count
20261001,sign_up,9
20261002,share,5
"""
LAST_CLICK = {
    "source": "google",
    "medium": "organic",
    "campaign_name": "(organic)",
    "default_channel_group": "Organic Search",
}


def at(moment: str, name: str, person: str | None, session: int | None, **more: Any) -> Event:
    """An event at a moment of Berlin; ``params`` and columns of the export besides."""
    local = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    params = dict(more.pop("params", {}))
    if session is not None:
        params["ga_session_id"] = session
    more.setdefault("device", {"category": "desktop"})
    return event(params=params, **more) | {
        "event_date": f"{local:%Y%m%d}",
        "event_timestamp": int(local.timestamp() * 1_000_000),
        "event_name": name,
        "user_pseudo_id": person,
    }


def page(path: str) -> dict[str, str]:
    """Parameter of a page of the site."""
    return {"page_location": f"https://www.site.example{path}"}


def thursday() -> list[Event]:
    """1 October: ada by an ad, bob from 23:55 on, and those who don't count."""
    ad = {"manual_source": "google", "manual_medium": "cpc", "manual_campaign_name": "autumn"}
    landing = at(
        "2026-10-01 10:00:00",
        "page_view",
        "ada",
        7,
        params=page("/a?gclid=x") | {"session_engaged": "1"},
        collected_traffic_source=ad | {"gclid": "x"},
        batch_page_id=1,
        batch_ordering_id=2,
    )
    return [
        # Same moment as the landing page and an earlier request, but no page view.
        at("2026-10-01 10:00:00", "session_start", "ada", 7, batch_page_id=1, batch_ordering_id=1),
        landing,
        landing,
        at("2026-10-01 10:00:20", "user_engagement", "ada", 7, params={"engagement_time_msec": 12_500}),
        at("2026-10-01 10:01:00", "sign_up", "ada", 7, user_id="ada@site.example"),
        *(purchase("2026-10-01 10:02:00", "T-1"), purchase("2026-10-01 10:03:00", "T-1")),
        *(purchase("2026-10-01 10:04:00", "(not set)"), purchase("2026-10-01 10:05:00", None)),
        at("2026-10-01 23:55:00", "page_view", "bob", 7, params=page("/b") | {"session_engaged": "0"}),
        at(
            "2026-10-01 12:00:00",
            "page_view",
            None,
            None,
            params=page("/a") | {"engagement_time_msec": 4_000},
        ),
        at("2026-10-01 13:00:00", "page_view", "dev", 8, params=page("/a") | {"debug_mode": 1}),
        at("2026-10-01 14:00:00", "page_view", "office", 9, params=page("/a") | {"traffic_type": "internal"}),
    ]


def purchase(moment: str, transaction: str | None) -> Event:
    """A purchase of ada's first session, 50 EUR."""
    ecommerce = {"purchase_revenue": 50.0, "transaction_id": transaction}
    return at(moment, "purchase", "ada", 7, params={"currency": "EUR"}, ecommerce=ecommerce)


def friday() -> list[Event]:
    """2 October: the rest of bob's session, ada by search on her phone, two sign-ups of which one is ada's again."""
    searched = {"session_traffic_source_last_click": {"cross_channel_campaign": LAST_CLICK}}
    engaged = page("/c") | {"session_engaged": 1, "engagement_time_msec": 30_000}
    return [
        at("2026-10-02 00:05:00", "page_view", "bob", 7, params=engaged),
        at("2026-10-02 00:06:00", "share", "bob", 7),
        at(
            "2026-10-02 09:00:00",
            "page_view",
            "ada",
            70,
            params=page("/d"),
            device={"category": "mobile"},
            is_active_user=True,
            **searched,
        ),
        at("2026-10-02 09:01:00", "sign_up", "ada", 70, user_id="ADA@site.example", **searched),
        at("2026-10-02 09:02:00", "sign_up", None, None),
    ]


def monday() -> list[Event]:
    """5 October, of the intraday table: cyn, not active."""
    return [at("2026-10-05 08:00:00", "page_view", "cyn", 500, params=page("/a"))]


def weekend(*days: int) -> list[Event]:
    """One session a day, of a dump that belongs to no table."""
    return [at(f"2026-10-{day} 11:00:00", "page_view", "dan", day, params=page("/w")) for day in days]


def drop(home: Path, name: str, events: list[Event]) -> None:
    """Put a file of ``events`` into the drop folder."""
    folder = home / "exports" / "events"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(json_lines(events))


def build(home: Path) -> Workspace:
    """A workspace with the export, after one run."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    (home / ".env").write_text(f"SANJEH_PII_KEY={'k' * 64}\n", encoding="utf-8")
    drop(home, "events_20261001.jsonl", thursday())
    drop(home, "events_20261002.jsonl", friday())
    drop(home, "events_intraday_20261005.jsonl", monday())
    drop(home, "dump.jsonl", weekend(10, 11))
    (home / "exports" / "ga4.csv").write_text(REPORT, encoding="utf-8")
    workspace = Workspace(home)
    workspace.run()
    return workspace
