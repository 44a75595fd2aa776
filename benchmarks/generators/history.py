"""A workspace of all families of KPIs over a number of months, and a correction of three old days of it.

Two brands: ``shop`` sells to people, ``saas`` to companies. Volumes are those of a middling brand: a hundred
orders and thirty leads a day, thirty campaigns, four hundred subscribers. A month is one file per kind, as
exports are; a day's rows follow from the seed and the day alone, so that workspaces of 3 and of 36 months say
the same of the months that both have. What marketing cost and what was ordered is added up on the way, for
the published values to be held against.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

END = date(2026, 11, 1)
"""Day after the last; the run's clock."""
RESTATED = (date(2026, 9, 8), date(2026, 9, 9), date(2026, 9, 10))
"""Old days that :func:`restate` corrects: seven weeks back, in the quarter before."""

_SOURCES = (
    ("shop", "web", "ga4_report_file", "daily"),
    ("shop", "google", "google_ads_file", "daily, currency: EUR"),
    ("shop", "meta", "meta_ads_file", "daily, currency: USD"),
    ("shop", "email", "email_campaigns_file", "none"),
    ("shop", "followers", "social_followers_file", "none"),
    ("shop", "posts", "social_posts_file", "none"),
    ("shop", "orders", "orders_file", "daily, covers: dates"),
    ("shop", "survey", "survey_file", "daily, covers: dates"),
    ("shop", "costs", "costs_file", "none, covers: dates"),
    ("shop", "rates", "exchange_rates_file", "none"),
    ("saas", "lines", "order_lines_file", "daily, covers: dates"),
    ("saas", "forms", "form_days_file", "daily"),
    ("saas", "contacts", "crm_contacts_file", "daily, covers: dates"),
    ("saas", "deals", "crm_deals_file", "daily, covers: dates"),
    ("saas", "billing", "subscription_snapshots_file", "none"),
    ("saas", "saas_google", "google_ads_file", "daily, currency: EUR"),
)
"""Brand, folder of ``exports``, connector, and the rest of the entry, which begins with what is expected."""
SETTINGS = """\
project: {name: History, timezone: Europe/Berlin, currency: EUR, gross_margin: 0.4, customer_salt: a-salt}
brands:
  shop: {name: Shop, search_terms: [shop]}
  saas: {name: Saas}
publish: {detail: true}
sources:
""" + "".join(
    f"  {brand}_{folder}: {{connector: {connector}, brand: {brand}, path: exports/{folder}/*.csv, "
    f"expect: {rest.replace('daily', 'until 2026-10-31')}}}\n"
    for brand, folder, connector, rest in _SOURCES
)

HEADERS: dict[str, tuple[str, ...]] = {
    "web/totals": ("date", "sessions", "engaged_sessions", "engagement_seconds", "page_views"),
    "web/traffic": ("date", "channel_group", "source", "medium", "campaign", "sessions", "engaged_sessions"),
    "web/pages": ("date", "page_path", "page_views"),
    "web/events": ("date", "event_name", "event_count"),
    "google/ads": ("date", "campaign_id", "campaign_name", "impressions", "clicks", "cost", "conversions"),
    "saas_google/ads": (
        "date",
        "campaign_id",
        "campaign_name",
        "impressions",
        "clicks",
        "cost",
        "conversions",
    ),
    "meta/ads": (
        *("date", "campaign_id", "campaign_name", "impressions", "clicks", "cost"),
        *("conversions", "conversion_goal"),
    ),
    "email/sends": (
        *("campaign_id", "subject", "sent_at", "sent", "delivered"),
        *("unique_opens", "unique_clicks", "unsubscribes"),
    ),
    "followers/counts": ("date", "platform", "account", "followers"),
    "posts/posts": (
        *("platform", "account", "post_id", "published_at", "captured_at"),
        *("reach", "likes", "comments", "shares", "saves"),
    ),
    "orders/orders": (
        *("order_id", "ordered_at", "customer_id", "goods_amount", "discount_amount"),
        *(
            "shipping_amount",
            "total_amount",
            "refunded_amount",
            "refunded_at",
            "currency_code",
            "utm_campaign",
        ),
    ),
    "survey/answers": ("response_id", "submitted_at", "score"),
    "costs/costs": ("date", "end_date", "category", "amount"),
    "rates/rates": ("date", "from_currency", "to_currency", "rate"),
    "lines/lines": ("order_id", "sku", "quantity", "ordered_at", "unit_price", "customer_id"),
    "forms/days": ("form_date", "form_name", "viewers", "submitters", "submissions"),
    "contacts/contacts": ("contact_id", "created_at", "became_lead_at", "became_customer_at", "lead_source"),
    "deals/deals": ("deal_id", "contact_id", "created_at", "closed_at", "amount", "is_won", "is_closed"),
    "billing/lists": ("snapshot_at", "subscriber_id", "plan", "amount", "interval"),
}
"""Columns by folder and file of ``exports``."""

CHANNELS = (
    ("Organic Search", "google", "organic"),
    ("Paid Search", "google", "cpc"),
    ("Paid Social", "facebook", "paid_social"),
    ("Email", "newsletter", "email"),
    ("Direct", "(direct)", "(none)"),
    ("Referral", "partner.example", "referral"),
    ("Organic Social", "instagram", "social"),
)
PLATFORMS = ("instagram", "telegram", "linkedin", "x")
FORMS = ("Contact", "Demo", "Newsletter", "Price list")

Rows = dict[str, list[tuple[object, ...]]]


@dataclass
class Sums:
    """What the published tables must say in all.

    Attributes:
        goods: net goods of the orders of brand ``shop``, EUR, before refunds.
        google_cost: cost of the Google campaigns of brand ``shop``, EUR.
        sessions: sessions of brand ``shop``.
    """

    goods: Decimal = Decimal(0)
    google_cost: Decimal = Decimal(0)
    sessions: int = 0


def write(home: Path, *, months: int, seed: int = 7) -> Sums:
    """Write settings and exports of the ``months`` before :data:`END`; what they must give."""
    home.mkdir(parents=True)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    sums = Sums()
    for first in _months(months):
        rows: Rows = {}
        for day in _days(first, _next_month(first)):
            _add_day(rows, day, seed, sums)
        _write(home, rows, name=f"{first:%Y-%m}")
    return sums


def restate(home: Path, *, months: int, seed: int = 7, version: int = 1) -> Sums:
    """Correct :data:`RESTATED` by a small file per kind; what the workspace must give now.

    Args:
        home: written by :func:`write`.
        months: as they were written.
        seed: as it was.
        version: another version gives other numbers.
    """
    sums, rows = Sums(), Rows()
    unseen: Rows = {}
    for first in _months(months):
        for day in _days(first, _next_month(first)):
            if day in RESTATED:
                _add_day(rows, day, seed + 1000 * version, sums)
            else:
                _add_day(unseen, day, seed, sums)
                unseen.clear()
    _write(home, rows, name=f"restated-{version:03d}")
    return sums


def _months(count: int) -> list[date]:
    firsts = [END]
    for _ in range(count):
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[:0:-1]


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _days(start: date, end: date) -> Iterator[date]:
    for offset in range((end - start).days):
        yield start + timedelta(days=offset)


def _write(home: Path, rows: Rows, *, name: str) -> None:
    for kind, lines in rows.items():
        folder, stem = kind.split("/")
        path = home / "exports" / folder / f"{stem}-{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(HEADERS[kind])
            writer.writerows(lines)


def _add_day(rows: Rows, day: date, seed: int, sums: Sums) -> None:
    drawn = random.Random(f"{seed}/{day}")
    for kind, lines in (
        *_web(day, drawn, sums),
        *_ads(day, drawn, sums),
        *_social(day, drawn),
        *_shop(day, drawn, sums),
        *_saas(day, drawn),
    ):
        rows.setdefault(kind, []).extend(lines)


_Kinds = Iterable[tuple[str, Sequence[tuple[object, ...]]]]


def _web(day: date, drawn: random.Random, sums: Sums) -> _Kinds:
    traffic = []
    for channel, source, medium in CHANNELS:
        for campaign in range(6 if medium in {"cpc", "paid_social", "email"} else 1):
            sessions = drawn.randint(20, 400)
            named = f"campaign {campaign}" if medium in {"cpc", "paid_social", "email"} else "(not set)"
            traffic.append((day, channel, source, medium, named, sessions, sessions * 6 // 10))
    total = sum(int(row[5]) for row in traffic)
    sums.sessions += total
    yield (
        "web/totals",
        [(day, total, sum(int(row[6]) for row in traffic), total * 40, total * drawn.randint(2, 4))],
    )
    yield "web/traffic", traffic
    yield "web/pages", [(day, f"/page-{n}", drawn.randint(1, 500)) for n in range(50)]
    yield "web/events", [(day, name, drawn.randint(1, 60)) for name in ("share", "sign_up", "download")]


def _ads(day: date, drawn: random.Random, sums: Sums) -> _Kinds:
    google = []
    for campaign in range(20):
        cost = Decimal(drawn.randint(500, 20_000)) / 100
        sums.google_cost += cost
        clicks = drawn.randint(5, 200)
        google.append(
            (day, 100 + campaign, f"campaign {campaign}", clicks * 30, clicks, cost, drawn.randint(0, 9))
        )
    yield "google/ads", google
    yield (
        "saas_google/ads",
        [
            (day, 500 + n, f"trade {n}", drawn.randint(500, 3000), drawn.randint(5, 90), n + 5, n % 4)
            for n in range(10)
        ],
    )
    yield (
        "meta/ads",
        [
            (
                day,
                900 + n,
                f"campaign {n}",
                drawn.randint(900, 9000),
                drawn.randint(5, 90),
                n + 9,
                n % 5,
                "lead",
            )
            for n in range(10)
        ],
    )
    yield "rates/rates", [(day, "USD", "EUR", f"0.9{drawn.randint(0, 9)}")]
    if day.day == 1:
        yield (
            "costs/costs",
            [
                (day, _next_month(day) - timedelta(days=1), category, drawn.randint(200, 900))
                for category in ("tools", "fees")
            ],
        )


def _social(day: date, drawn: random.Random) -> _Kinds:
    yield "followers/counts", [(day, name, "shop", drawn.randint(9_000, 11_000)) for name in PLATFORMS]
    yield (
        "posts/posts",
        [
            (
                *(PLATFORMS[day.day % 4], "shop", f"p{day}", f"{day} 08:00", f"{day} 20:00"),
                *(drawn.randint(500, 5000), drawn.randint(10, 90), 5, 5, 5),
            )
        ],
    )
    if day.day % 4 == 0:
        sent = drawn.randint(3_000, 5_000)
        yield (
            "email/sends",
            [
                (
                    f"m{day}",
                    f"News of {day}",
                    f"{day} 08:00",
                    sent,
                    sent - 90,
                    sent // 3,
                    sent // 12,
                    sent // 500,
                )
            ],
        )


def _shop(day: date, drawn: random.Random, sums: Sums) -> _Kinds:
    orders = []
    for number in range(100):
        goods = Decimal(drawn.randint(1_000, 15_000)) / 100
        sums.goods += goods
        refunded = number % 20 == 0
        orders.append(
            (
                *(f"{day:%y%m%d}-{number}", f"{day} {drawn.randint(7, 20):02}:{drawn.randint(0, 59):02}"),
                *(f"c{drawn.randint(1, 20_000)}", goods, 0, 5, goods + 5),
                *((5, f"{day} 22:00") if refunded else ("", "")),
                *("EUR", f"campaign {drawn.randint(0, 5)}" if number % 3 else ""),
            )
        )
    yield "orders/orders", orders
    yield "survey/answers", [(f"{day}-{n}", f"{day} 12:00", drawn.randint(4, 10)) for n in range(20)]


def _saas(day: date, drawn: random.Random) -> _Kinds:
    yield (
        "lines/lines",
        [
            (
                *(f"{day:%y%m%d}-{n // 3}", f"A-{drawn.randint(1, 500)}", drawn.randint(1, 5)),
                *(f"{day} 10:{n % 60:02}:00", f"{drawn.randint(2, 40)}.50", f"s{drawn.randint(1, 5_000)}"),
            )
            for n in range(150)
        ],
    )
    views = [(form, drawn.randint(50, 300)) for form in FORMS]
    yield "forms/days", [(day, form, seen, seen // 10, seen // 9) for form, seen in views]
    later = day + timedelta(days=drawn.randint(1, 40))
    won = later < END
    yield (
        "contacts/contacts",
        [
            (
                f"k{day}-{n}",
                f"{day} 09:00",
                f"{day} 09:00",
                f"{later} 09:00" if won and n % 5 == 0 else "",
                "web",
            )
            for n in range(30)
        ],
    )
    yield (
        "deals/deals",
        [
            (f"d{day}-{n}", f"k{day}-{n}", f"{day} 10:00", f"{later} 10:00" if won else "", 500 + n, won, won)
            for n in range(5)
        ],
    )
    if (day + timedelta(days=1)).day == 1:
        yield (
            "billing/lists",
            [
                (f"{day}T20:00:00Z", f"u{n}", "basic", drawn.choice((20, 50, 100)), "month")
                for n in range(400)
                if drawn.random() < 0.95
            ],
        )
