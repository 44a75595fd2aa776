"""What other published tables must hold of ``nava``: orders, credits by every rule, movements, cohorts, leads, plans."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.known_company import plans
from tests.known_company.nava import billing, crm, lines, orders, rates, surveys, visits
from tests.known_company.nava.answers import (
    BRAND,
    WINDOW_DAYS,
    answers,
    campaigns,
    everybody,
    expected,
    sold,
    spans,
    touches_of,
)
from tests.known_company.nava.exports import tehran_day
from tests.known_company.nava.plans import BUDGETS, OBJECTIVES, SCORECARDS
from tests.known_company.oracle import crm as crm_oracle
from tests.known_company.oracle import deals as deals_oracle
from tests.known_company.oracle import movements, snapshots
from tests.known_company.oracle import surveys as surveys_oracle
from tests.known_company.oracle.attribution import RULES, UNCREDITED, Touch, shares, split
from tests.known_company.oracle.identity import Customers
from tests.known_company.oracle.money import total
from tests.known_company.oracle.orders import is_fully_refunded, paid, value
from tests.known_company.records import Deal, Return
from tests.known_company.tables import Row, Table


def tables() -> list[Table]:
    """All of them."""
    return [
        *facts(),
        plans.scorecard_table(BRAND, expected(), SCORECARDS),
        *plans.objective_tables(BRAND, expected(), OBJECTIVES),
        plans.budget_table(BRAND, answers(), expected(), BUDGETS),
    ]


def facts() -> list[Table]:
    """Tables of what happened, without those of plans."""
    people = everybody()
    return [_orders(), _credits(people), _cohorts(people), _leads(people), _mrr(), _movements(), _nps()]


def _orders() -> Table:
    known = rates.rates()
    rows: dict[Row, Row] = {}
    for order in sold():
        day = tehran_day(order.ordered_at)
        rows[(order.source, order.order_id)] = (
            day,
            order.currency,
            value(order),
            paid(order),
            known.convert(value(order), order.currency, "IRR", day),
            known.convert(paid(order), order.currency, "IRR", day),
            order.counts,
            is_fully_refunded(order),
        )
    columns = (
        *("order_date", "currency_code", "order_value", "paid_amount", "order_value_reporting"),
        *("paid_amount_reporting", "counts_as_order", "is_fully_refunded"),
    )
    # Invoices that are no orders are there too: cancellations, bad debts, tests, postage only.
    are_meant = f"source_id = '{orders.SOURCE}' or counts_as_order"
    return Table("fct_orders", ("source_id", "order_id"), columns, rows, where=are_meant)


def _credits(people: Customers) -> Table:
    """Every order, refund and won deal by every rule; the configured one is only what the KPIs are broken down by."""
    find = touches_of(people, campaigns())
    known = rates.rates()
    rows: dict[Row, Row] = {}
    back: dict[tuple[str, str], Return] = {(each.source, each.order_id): each for each in lines.returns()}
    for order in (each for each in sold() if each.counts):
        touches = sorted(find(order))
        day = tehran_day(order.ordered_at)
        entries = [("order", day, known.convert(value(order), order.currency, "IRR", day))]
        if order.refunded > 0 and order.refunded_at is not None:
            back_on = tehran_day(order.refunded_at)
            refund = known.convert(order.refunded, order.currency, "IRR", back_on)
            entries.append(("refund", back_on, None if refund is None else -refund))
        came_back = back.pop((order.source, order.order_id), None)
        if came_back is not None:
            entries.append(("refund", tehran_day(came_back.returned_at), -came_back.amount))
        for entry in entries:
            for rule in RULES:
                rows |= dict(_entry((order.source, order.order_id), entry, rule, touches))
    for each in back.values():
        entry = ("refund", tehran_day(each.returned_at), -each.amount)
        for rule in RULES:
            rows |= dict(_entry((each.source, each.order_id), entry, rule, []))
    for deal, touches in _won_deals(people):
        if deal.closed_at is not None:
            won = ("won_deal", tehran_day(deal.closed_at), deal.amount)
            for rule in RULES:
                rows |= dict(_entry((crm.DEALS, deal.deal_id), won, rule, touches))
    key = ("source_id", "conversion_id", "entry_type", "attribution_rule", "touch_number")
    columns = ("entry_date", "window_days", "touch_count", "channel_id", "campaign", "credit", "revenue")
    return Table("fct_attributed_revenue", key, columns, rows)


def _won_deals(people: Customers) -> Iterator[tuple[Deal, list[Touch]]]:
    """Won deals of people who are no tests, and their touches; contacts of deals are those of the CRM's other file."""
    contacts = crm.records()
    tests = {each.contact_id for each in contacts if each.is_test}
    find = deals_oracle.touches_by(
        WINDOW_DAYS,
        people,
        contacts,
        visits.events(),
        shown=campaigns().shown,
        channel_of=lambda utm: orders.CHANNELS[utm],
    )
    for deal, _ in crm.deals():
        if deal.is_won and deal.contact_id not in tests:
            yield deal, find(replace(deal, source=crm.CONTACTS))


def _entry(
    conversion: tuple[str, str], entry: tuple[str, date, Decimal | None], rule: str, touches: list[Touch]
) -> Iterator[tuple[Row, Row]]:
    kind, day, revenue = entry
    of_rule = shares(rule, touches) if touches else [Decimal(1)]
    # A touch without a share has no part of an amount, also of one that is not known.
    parts = [
        part if share else Decimal(0) for part, share in zip(split(revenue, of_rule), of_rule, strict=True)
    ]
    for number, (share, part) in enumerate(zip(of_rule, parts, strict=True)):
        channel, campaign = (touches[number].channel, touches[number].campaign) if touches else UNCREDITED
        credit = Decimal(0) if kind == "refund" else share
        key = (*conversion, kind, rule, number + 1 if touches else 0)
        yield key, (day, WINDOW_DAYS, len(touches), channel, campaign, credit, part)


def _cohorts(people: Customers) -> Table:
    """Customers by the month of their first counted order and the months in which they bought."""
    months: dict[str, set[date]] = defaultdict(set)
    for order in sold():
        customer = people.of_order(order)
        if order.counts and customer is not None:
            months[customer].add(BRAND.calendar.period("month", tehran_day(order.ordered_at)).start)
    counts = Counter((min(of_one), month) for of_one in months.values() for month in of_one)
    rows: dict[Row, Row] = {key: (count,) for key, count in counts.items()}
    return Table(
        "fct_customer_cohorts_monthly",
        ("cohort_month", "month"),
        ("active_customers",),
        rows,
        where="basis = 'orders'",
    )


def _leads(people: Customers) -> Table:
    """People by their days; who they are stays hidden."""
    found = crm_oracle.people(BRAND, crm.records(), people.of_contact)
    counts = Counter((lead.source, lead.lead_day, lead.qualified_day, lead.converted_day) for lead in found)
    rows: dict[Row, Row] = {key: (count,) for key, count in counts.items()}
    return Table(
        "fct_leads",
        ("source_id", "lead_date", "qualified_date", "converted_date"),
        ("count(*)",),
        rows,
        grouped=True,
    )


def _mrr() -> Table:
    known = rates.rates()
    moments = snapshots.moments_of(BRAND, billing.records())
    rows: dict[Row, Row] = {}
    for month in movements.months(BRAND, moments):
        payers = snapshots.by_payer(BRAND, month.end, known) if month.end else None
        rows[(billing.SOURCE, month.period.start)] = (
            month.period.end,
            month.status,
            total(payers.values()) if payers is not None else None,
            len(payers) if payers is not None else None,
        )
    columns = ("month_end", "status", "mrr", "subscribers")
    return Table("fct_subscriptions_monthly", ("source_id", "month"), columns, rows)


def _movements() -> Table:
    moments = snapshots.moments_of(BRAND, billing.records())
    rows: dict[Row, Row] = {
        (billing.SOURCE, month.period.start): movements.movements(BRAND, month, moments, rates.rates())
        for month in movements.months(BRAND, moments)
        if month.start is not None and month.end is not None
    }
    columns = (*movements.PARTS, *movements.COUNTS)
    return Table("fct_mrr_movements_monthly", ("source_id", "month"), columns, rows)


def _nps() -> Table:
    """Who answered, and how far chance alone may have moved the score; only periods that the KPI knows."""
    known = {
        (key.grain, key.period_start): cell
        for key, cell in expected().items()
        if key.kpi_id == "nps" and cell.numerator is not None
    }
    rows: dict[Row, Row] = {}
    for window in surveys_oracle.windows(BRAND, surveys.records(), spans(surveys)):
        cell = known.get((window.period.grain, window.period.start.isoformat()))
        if cell is not None:
            passives = len(window.scores) - window.promoters - window.detractors
            rows[(window.period.grain, window.period.start)] = (
                *(
                    window.period.end,
                    window.promoters,
                    passives,
                    window.detractors,
                    len(window.scores),
                    cell.value,
                ),
                *(window.interval() or (None, None)),
                cell.status,
            )
    columns = (
        *("period_end", "promoters", "passives", "detractors", "responses", "nps", "nps_low", "nps_high"),
        "status",
    )
    return Table("fct_nps_periods", ("grain", "period_start"), columns, rows)
