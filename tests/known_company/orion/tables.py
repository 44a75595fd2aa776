"""What other published tables must hold of Orion: recurring revenue, credits, leads, export beside GA4, plans."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from tests.known_company import plans
from tests.known_company.clickstream import landed
from tests.known_company.clock import END, START
from tests.known_company.oracle import clickstream, items, movements, snapshots
from tests.known_company.oracle import crm as crm_oracle
from tests.known_company.oracle.attribution import RULES, UNCREDITED, shares, split
from tests.known_company.oracle.feeds import Brand
from tests.known_company.oracle.identity import customers
from tests.known_company.oracle.money import total
from tests.known_company.oracle.periods import ONE_DAY, local_day
from tests.known_company.orion import billing, web
from tests.known_company.orion.answers import (
    BILLING,
    BRAND,
    CRM,
    EVENTS,
    WEB,
    WINDOW_DAYS,
    answers,
    contacts,
    deals,
    expected,
    rates,
    touches_of_deals,
)
from tests.known_company.orion.plans import BUDGETS, OBJECTIVES, SCORECARDS
from tests.known_company.orion.site import SITE
from tests.known_company.tables import Row, Table


def tables() -> list[Table]:
    """All of them."""
    return [
        *recurring(BRAND, BILLING, END + ONE_DAY),
        _credits(),
        _leads(),
        _export_beside_reports(),
        *_plans(),
    ]


def _plans() -> list[Table]:
    cells = expected()
    return [
        plans.scorecard_table(BRAND, cells, SCORECARDS),
        *plans.objective_tables(BRAND, cells, OBJECTIVES),
        plans.budget_table(BRAND, answers(), cells, BUDGETS),
    ]


def recurring(brand: Brand, source: str, end: date) -> list[Table]:
    """Recurring revenue by month and how it moved, known until before ``end``."""
    known = rates()
    moments = items.moments(brand, billing.states(), first=START, end=end)
    levels: dict[Row, Row] = {}
    moved: dict[Row, Row] = {}
    for month in movements.months(brand, moments):
        payers = snapshots.by_payer(brand, month.end, known) if month.end else None
        levels[(source, month.period.start)] = (
            month.period.end,
            month.status,
            total(payers.values()) if payers is not None else None,
            len(payers) if payers is not None else None,
        )
        if month.start is not None and month.end is not None:
            moved[(source, month.period.start)] = movements.movements(brand, month, moments, known)
    return [
        Table(
            "fct_subscriptions_monthly",
            ("source_id", "month"),
            ("month_end", "status", "mrr", "subscribers"),
            levels,
        ),
        Table(
            "fct_mrr_movements_monthly",
            ("source_id", "month"),
            (*movements.PARTS, *movements.COUNTS),
            moved,
        ),
    ]


def _credits() -> Table:
    """Every won deal by every rule."""
    find, known = touches_of_deals(), rates()
    tests = {each.contact_id for each in contacts() if each.is_test}
    rows: dict[Row, Row] = {}
    for deal in deals():
        if not deal.is_won or deal.closed_at is None or deal.contact_id in tests:
            continue
        day = local_day(deal.closed_at, BRAND.timezone)
        revenue = known.convert(deal.amount, deal.currency, BRAND.currency, day)
        touches = find(deal)
        for rule in RULES:
            of_rule = shares(rule, touches) if touches else [Decimal(1)]
            for number, (share, part) in enumerate(zip(of_rule, split(revenue, of_rule), strict=True)):
                touch = touches[number] if touches else None
                channel, campaign = (touch.channel, touch.campaign) if touch else UNCREDITED
                rows[(CRM, deal.deal_id, rule, number + 1 if touch else 0)] = (
                    day,
                    WINDOW_DAYS,
                    len(touches),
                    channel,
                    campaign,
                    share,
                    part if share else Decimal(0),
                )
    key = ("source_id", "conversion_id", "attribution_rule", "touch_number")
    columns = ("entry_date", "window_days", "touch_count", "channel_id", "campaign", "credit", "revenue")
    return Table("fct_attributed_revenue", key, columns, rows, where="conversion_type = 'won_deal'")


def _leads() -> Table:
    """People by their days; who they are stays hidden."""
    known = list(contacts())
    found = crm_oracle.people(BRAND, known, customers((), known).of_contact)
    counts = Counter((lead.source, lead.lead_day, lead.qualified_day, lead.converted_day) for lead in found)
    return Table(
        "fct_leads",
        ("source_id", "lead_date", "qualified_date", "converted_date"),
        ("count(*)",),
        {key: (count,) for key, count in counts.items()},
        grouped=True,
    )


def _export_beside_reports() -> Table:
    """Sessions, engaged ones and views of months by GA4's reports and by the export, over days that both have."""
    events, loaded = landed(SITE)
    common = set(loaded)
    told: dict[tuple[str, date], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for day in loaded:
        for measure in ("sessions", "engaged_sessions", "page_views"):
            told[measure, BRAND.calendar.period("month", day).start]

    def add(measure: str, day: date, side: int, count: int) -> None:
        if day in common:
            told[measure, BRAND.calendar.period("month", day).start][side] += count

    for visit in web.landed_visits():
        add("sessions", visit.day, 0, visit.sessions)
        add("engaged_sessions", visit.day, 0, visit.engaged)
        add("page_views", visit.day, 0, visit.views)
    counted = clickstream.counted(events)
    for session in clickstream.sessions(counted).values():
        add("sessions", session.day, 1, 1)
        add("engaged_sessions", session.day, 1, int(session.is_engaged))
    for event in counted:
        add("page_views", event.day, 1, int(event.name == "page_view"))
    rows: dict[Row, Row] = {
        (EVENTS, f"{measure} beside {WEB}", start): (by_report, by_export)
        for (measure, start), (by_report, by_export) in told.items()
    }
    return Table(
        "fct_reconciliation",
        ("source_id", "metric", "period_start"),
        ("source_total", "warehouse_total"),
        rows,
        where="connector = 'ga4_events' and metric like '% beside %'",
    )
