"""Orion's files: ads in dollars and euros, exchange rates with a gap, costs of agency and tools.

Planted: Google's September is corrected after the first run and October comes late; a day that is missing from a
report; days without impressions; spend without conversions; campaigns that claim none; names in mixed case; rates on
working days only, and none for twelve days, so that dollars of some days can't be converted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.known_company.clock import END, START
from tests.known_company.oracle.periods import days
from tests.known_company.orion.billing import write_billing
from tests.known_company.orion.dice import dice
from tests.known_company.orion.forms import write_forms

NO_RATES = (date(2024, 8, 5), date(2024, 8, 16))
"""First and last day without a rate, both inclusive."""
MISSING_DAY = date(2025, 3, 12)
"""Google's report lacks it."""
CORRECTED_MONTH = (2025, 9)
_THROUGH = (date(2025, 9, 30), date(2025, 11, 30), END)
"""Last day of the files of each run."""
SETTLED_SHARE = Decimal("0.8")
"""Of the conversions of the corrected month, what the first file claimed."""


@dataclass(frozen=True, slots=True)
class AdRow:
    """A campaign's day; conversions None where the platform claims none."""

    day: date
    campaign: str
    campaign_id: str
    campaign_type: str
    impressions: int
    clicks: int
    cost: Decimal
    conversions: Decimal | None


def google_rows() -> Iterator[AdRow]:
    """What Google Ads says once it has settled."""
    for day in days(START, END + timedelta(days=1)):
        if day == MISSING_DAY:
            continue
        for number, (name, kind) in enumerate(
            (("brand-de", "Search"), ("Competitors DE", "search"), ("pmax", "Performance Max"))
        ):
            thrown = dice("google", day, name)
            # The competitors' campaign pauses at weekends and still has a row.
            shown = 0 if number == 1 and day.weekday() > 4 else thrown.randrange(40, 400)
            clicks = round(shown * thrown.uniform(0.01, 0.08))
            yield AdRow(
                day=day,
                campaign=name,
                campaign_id=str(7_000 + number),
                campaign_type=kind,
                impressions=shown,
                clicks=clicks,
                cost=Decimal(clicks * thrown.randrange(40, 220)) / 100,
                conversions=Decimal(thrown.choice((0, 0, 0, 1, 2, 150, 33))) / (100 if number == 2 else 1),
            )


def meta_rows() -> Iterator[AdRow]:
    """Meta, in euros, from April 2024 and on three days of four."""
    for day in days(date(2024, 4, 1), END + timedelta(days=1)):
        for number, name in enumerate(("LinkedIn-Leads", "Awareness DE")):
            thrown = dice("meta", day, name)
            shown = thrown.randrange(100, 900)
            clicks = round(shown * thrown.uniform(0.004, 0.03))
            yield AdRow(
                day=day,
                campaign=name,
                campaign_id=str(8_000 + number),
                campaign_type="",
                impressions=shown,
                clicks=clicks,
                cost=Decimal(thrown.randrange(500, 4_000)) / 100,
                conversions=None if number else Decimal(thrown.randrange(4)),
            )


def rates() -> Iterator[tuple[date, Decimal]]:
    """Euros for a dollar on working days."""
    for day in days(START - timedelta(days=10), END + timedelta(days=1)):
        if day.weekday() < 5 and not NO_RATES[0] <= day <= NO_RATES[1]:
            yield day, Decimal(dice("rate", day).randrange(880_000, 960_000)) / 1_000_000


@dataclass(frozen=True, slots=True)
class CostRow:
    """A cost from its first to its last day."""

    first: date
    last: date
    category: str
    channel: str
    campaign: str
    amount: Decimal
    currency: str


def cost_rows() -> Iterator[CostRow]:
    """An agency by the month, tools by the year (a leap year among them), a fair, a credit note."""
    month = START
    while month <= END:
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        fee = Decimal(dice("fee", month).randrange(200_000, 400_000)) / 100
        yield CostRow(month, following - timedelta(days=1), "agency", "", "", fee, "EUR")
        mail = Decimal("99.99")
        yield CostRow(month, following - timedelta(days=1), "tools", "E-Mail", "b2b nurture", mail, "EUR")
        month = following
    yield CostRow(date(2024, 1, 1), date(2024, 12, 31), "tools", "", "", Decimal("3650.01"), "EUR")
    yield CostRow(date(2025, 1, 1), date(2025, 12, 31), "tools", "", "", Decimal("4000.00"), "EUR")
    yield CostRow(date(2025, 5, 6), date(2025, 5, 8), "fair", "", "", Decimal("1999.99"), "USD")
    yield CostRow(date(2025, 7, 1), date(2025, 7, 1), "agency", "", "", Decimal("-250.00"), "EUR")


def write_files(folder: Path, run: int) -> None:
    """Files as they lie there before a run."""
    through = _THROUGH[run]
    _write_google(folder / "google", run, through)
    write_forms(folder, through)
    write_billing(folder, run, through)
    text = "Campaign name,Campaign ID,Reporting starts,Reporting ends,Amount spent (EUR),Impressions,Link clicks,Results\n"
    text += "".join(
        f"{row.campaign},{row.campaign_id},{row.day},{row.day},{row.cost},{row.impressions},{row.clicks},"
        f"{'' if row.conversions is None else row.conversions}\n"
        for row in meta_rows()
        if row.day <= through
    )
    (folder / "meta.csv").write_text(text, encoding="utf-8")
    write_rates(folder, run)
    text = "Date,End date,Category,Channel,Campaign,Amount,Currency\n" + "".join(
        f"{row.first},{row.last},{row.category},{row.channel},{row.campaign},{row.amount},{row.currency}\n"
        for row in cost_rows()
        if row.first <= through
    )
    (folder / "costs.csv").write_text(text, encoding="utf-8")


def write_rates(folder: Path, run: int) -> None:
    """Exchange rates as they lie there before a run."""
    text = "Date,From,To,Rate\n" + "".join(
        f"{day},USD,EUR,{rate}\n" for day, rate in rates() if day <= _THROUGH[run]
    )
    (folder / "rates.csv").write_text(text, encoding="utf-8")


def _write_google(folder: Path, run: int, through: date) -> None:
    """One report a month; the first run has a September that Google corrects later."""
    folder.mkdir(exist_ok=True)
    months: dict[tuple[int, int], list[AdRow]] = {}
    for row in google_rows():
        if row.day <= through:
            months.setdefault((row.day.year, row.day.month), []).append(row)
    for (year, month), rows in months.items():
        share = SETTLED_SHARE if run == 0 and (year, month) == CORRECTED_MONTH else Decimal(1)
        lines = ["Day\tCampaign\tCampaign ID\tCampaign type\tCurrency code\tCost\tImpr.\tClicks\tConversions"]
        for row in rows:
            claimed = "" if row.conversions is None else f"{row.conversions * share:.2f}"
            lines.append(
                f"{row.day}\t{row.campaign}\t{row.campaign_id}\t{row.campaign_type}\tUSD\t{row.cost}\t"
                f"{row.impressions}\t{row.clicks}\t{claimed}"
            )
        lines.append("Total: account\t\t\t\tUSD\t\t\t\t")
        head = f"Campaign report\n{year}-{month:02d}\n"
        text = head + "\n".join(lines) + "\n"
        (folder / f"google-{year}-{month:02d}.csv").write_bytes(text.encode("utf-16"))
