"""One shop with a CRM and a billing system, small enough to reckon customers and credits by hand.

The shop's exports are orders of the site and lines of the till, which share customer numbers; the CRM knows people by
address; billing has the CRM's ids. Events of the site are those of browsers ``laptop`` and ``phone``. In the second
month a record turns up that joins two customers into one. Times are UTC, money is EUR.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.integration.warehouse import Workspace
from tests.unit.ga4_events.exports import Event, event, json_lines

SETTINGS = """
project: {name: Story, timezone: UTC, currency: EUR, gross_margin: 0.5, attribution: {rule: linear, window_days: 30}}
brands:
  shop: {name: Shop}
  b2b: {name: Business, attribution: {rule: last_non_direct}}
  plain: {name: Plain}
publish: {detail: true}
sources:
  site: {connector: orders_file, brand: shop, path: exports/orders*.csv, expect: none, covers: keys, customer_ids: store}
  till: {connector: order_lines_file, brand: shop, path: exports/till*.csv, expect: none, customer_ids: store}
  crm: {connector: crm_contacts_file, brand: shop, path: exports/contacts*.csv, expect: none}
  billing: {connector: subscription_snapshots_file, brand: shop, path: exports/subscribers.csv, expect: none,
            customer_ids: crm}
  events: {connector: ga4_events, brand: shop, path: "exports/events/*.jsonl", expect: none}
  costs: {connector: costs_file, brand: shop, path: exports/costs.csv, expect: none}
  leads: {connector: crm_contacts_file, brand: b2b, path: exports/b2b_contacts.csv, expect: none}
  deals: {connector: crm_deals_file, brand: b2b, path: exports/b2b_deals.csv, expect: none}
  deal_costs: {connector: costs_file, brand: b2b, path: exports/b2b_costs.csv, expect: none}
  kiosk: {connector: order_lines_file, brand: plain, path: exports/kiosk.csv, expect: none}
"""
FILES = {
    # o1 is ann's by number and address; o2 hers by address alone; o3 by an office address and so nobody's but its own;
    # o4 has no event and tells its own origin; o5 is bob's and known by its purchase event only.
    "orders_1.csv": """order_id,ordered_at,customer_id,customer_email,goods_amount,total_amount,refunded_amount,refunded_at,utm_source,utm_medium,utm_campaign
o1,2026-03-10 12:00:00,17,ann@example.com,100,119,,,,,
o2,2026-03-12 12:00:00,,Ann@Example.com,10,10,,,,,
o3,2026-03-12 13:00:00,,info@example.com,1,1,,,,,
o4,2026-03-13 12:00:00,44,dan@example.org,20,25,5,2026-03-20 08:00:00,FB,cpc," spring  SALE"
o5,2026-03-14 12:00:00,55,,30,30,,,,,
""",
    "till_1.csv": """order_id,ordered_at,customer_id,sku,quantity,unit_price
t1,2026-03-11 09:00:00,17,A1,1,7
t2,2026-03-11 10:00:00,99,A1,2,7
""",
    "contacts_1.csv": """contact_id,email,created_at,became_lead_at,merged_into
c1,ann@example.com,2026-03-01 00:00:00,2026-03-01 00:00:00,
c2,ann.old@example.com,2026-03-02 00:00:00,2026-03-02 00:00:00,c1
c3,bob@example.net,2026-03-03 00:00:00,2026-03-03 00:00:00,
""",
    "subscribers.csv": """snapshot_at,subscriber_id,amount
2026-03-31 12:00:00,c2,9
2026-03-31 12:00:00,nobody,9
""",
    "costs.csv": """date,category,channel,campaign,amount
2026-03-10,fees,Paid Search,Spring Sale,40
""",
    "b2b_contacts.csv": """contact_id,email,created_at,became_lead_at,lead_source,utm_source,utm_medium,utm_campaign
d1,eve@example.com,2025-01-01 00:00:00,2025-01-01 00:00:00,OFFLINE,LinkedIn,CPC,Spring
d2,fay@example.com,2025-01-01 00:00:00,2025-01-01 00:00:00,EMAIL_MARKETING,,,
""",
    "b2b_deals.csv": """deal_id,contact_id,created_at,closed_at,is_won,amount
w1,d1,2026-03-01 00:00:00,2026-03-15 00:00:00,true,1000
w2,d2,2026-03-01 00:00:00,2026-03-16 00:00:00,true,500
w3,d9,2026-03-01 00:00:00,2026-03-17 00:00:00,true,5
""",
    "b2b_costs.csv": "date,category,channel,amount\n2026-03-10,fees,linkedin,60\n2026-03-10,fees,Paid Social,90\n",
    "kiosk.csv": "order_id,ordered_at,customer_id,sku,quantity,unit_price\nk1,2026-03-11 09:00:00,17,A1,1,7\n",
}
LATE_FILES = {
    # The till's customer 99 gives an address: that of bob of the CRM. Bob bought o5 on the site as 55, with it, too.
    "orders_2.csv": """order_id,ordered_at,customer_id,customer_email,goods_amount,total_amount
o6,2026-04-02 12:00:00,99,bob@example.net,50,50
o7,2026-04-03 12:00:00,55,bob@example.net,5,5
""",
}


def at(moment: str, name: str, browser: str, session: int, **more: Any) -> Event:
    """An event at a UTC moment."""
    instant = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("UTC"))
    params = {"ga_session_id": session, "page_location": "https://www.story.example/"}
    return event(params=params, **more) | {
        "event_date": f"{instant:%Y%m%d}",
        "event_timestamp": int(instant.timestamp() * 1_000_000),
        "event_name": name,
        "user_pseudo_id": browser,
    }


def came(source: str, medium: str, campaign: str | None = None) -> dict[str, Any]:
    """Column of the export that says by which link a visit came."""
    return {
        "collected_traffic_source": {
            "manual_source": source,
            "manual_medium": medium,
            "manual_campaign_name": campaign,
        }
    }


def events() -> dict[str, list[Event]]:
    """Visits by day: ann's phone is known as hers by its user id, her laptop by the purchase of o1."""
    bought = {"ecommerce": {"purchase_revenue": 100.0, "transaction_id": "o1"}}
    bobs = {"ecommerce": {"purchase_revenue": 30.0, "transaction_id": "o5"}}
    return {
        "20260207": [at("2026-02-07 12:00:00", "page_view", "phone", 1, **came("x.example", "referral"))],
        "20260301": [
            at("2026-03-01 08:00:00", "page_view", "phone", 2, **came("google", "cpc", "Spring Sale"))
        ],
        "20260305": [at("2026-03-05 08:00:00", "login", "phone", 3, user_id="ann@example.com")],
        "20260310": [
            at(
                "2026-03-10 11:50:00", "page_view", "laptop", 4, **came("Newsletter", "E-Mail", "SPRING SALE")
            ),
            at("2026-03-10 12:00:01", "purchase", "laptop", 4, **bought),
        ],
        "20260314": [at("2026-03-14 11:59:00", "purchase", "stranger", 5, **bobs)],
    }


def write(home: Path, files: dict[str, str]) -> None:
    """Put files into the drop folder."""
    for name, text in files.items():
        (home / "exports" / name).write_text(text, encoding="utf-8")


def build(home: Path) -> Workspace:
    """A workspace with the first month, after one run."""
    (home / "exports" / "events").mkdir(parents=True, exist_ok=True)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    (home / ".env").write_text(f"SANJEH_PII_KEY={'k' * 64}\n", encoding="utf-8")
    write(home, FILES)
    for day, of_day in events().items():
        (home / "exports" / "events" / f"events_{day}.jsonl").write_bytes(json_lines(of_day))
    workspace = Workspace(home)
    workspace.run()
    return workspace
