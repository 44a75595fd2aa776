"""Ads and other marketing costs by day; what a platform claims counts within that platform only.

kpi-formulas.md: marketing cost is ads plus fees and tools; a cost with an end day is spread over its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.money import MICRO, Rates
from tests.known_company.records import AdDay, Cost

MEASURES = ("ad_impressions", "ad_clicks", "ad_spend", "platform_conversions", "platform_spend_with_conversions",
            "marketing_cost")  # fmt: skip


def answers(brand: Brand, ads: Iterable[AdDay], costs: Iterable[Cost], rates: Rates) -> Answers:
    """Daily measures of ads and costs; feeds are the caller's."""
    found = Answers()
    for ad in ads:
        cost = rates.convert(ad.cost, ad.currency, brand.currency, ad.day)
        platform, channel, campaign = (
            ("platform", ad.platform),
            ("channel", ad.channel),
            ("campaign", ad.campaign),
        )
        for segment in (OVERALL, platform, channel, campaign):
            found.add(ad.source, "ad_impressions", ad.day, ad.impressions, segment)
            found.add(ad.source, "ad_clicks", ad.day, ad.clicks, segment)
            found.add(ad.source, "ad_spend", ad.day, cost, segment)
            if segment != platform:
                found.add(ad.source, "marketing_cost", ad.day, cost, segment)
        if ad.conversions is not None:
            found.add(ad.source, "platform_conversions", ad.day, ad.conversions, platform)
            found.add(ad.source, "platform_spend_with_conversions", ad.day, cost, platform)
    for each in costs:
        for day, part in spread(each):
            amount = rates.convert(part, each.currency, brand.currency, day)
            for segment in (OVERALL, ("channel", each.channel), ("campaign", each.campaign)):
                found.add(each.source, "marketing_cost", day, amount, segment)
    return found


def spread(cost: Cost) -> Iterator[tuple[date, Decimal]]:
    """Equal millionths a day; those that are left over go to the first days, one each, so that the parts sum up."""
    days = (cost.last - cost.first).days + 1
    millionths = int(cost.amount / MICRO)
    sign = -1 if millionths < 0 else 1
    share, rest = divmod(abs(millionths), days)
    for number in range(days):
        part = sign * (share + (1 if number < rest else 0))
        yield cost.first + timedelta(days=number), part * MICRO
