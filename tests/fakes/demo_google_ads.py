"""Seeded demo data of two Google Ads accounts: Sib's in rials and Tehran's days, Acme's in euros and Berlin's days.

A day's data depend on account and day alone. What a click brought is told late: each claim has a delay of its own, a
few of more than the thirty days for which campaigns are read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.fakes.demo_brands import ACME, SIB, Brand
from tests.fakes.demo_calendar import dice
from tests.fakes.google_ads_data import Action, Ad, AdAccount, AdFact, AdGroup, Campaign, Claim

MANAGER = "9990000001"
SIB_ACCOUNT, ACME_ACCOUNT = "2110000001", "2120000001"
_YOUNGEST_SHARE = 0.85
"""Of the impressions of the last day that are counted the next morning."""
_LONGEST_DELAY = 80
_PURCHASE, _LEAD = 7001, 7002


@dataclass(frozen=True, kw_only=True)
class _Line:
    """What a campaign does on a usual day; ``groups`` are its ad groups with two ads each."""

    campaign: Campaign
    impressions: int
    click_share: float
    click_cost: float
    convert_share: float
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """One account."""

    brand: Brand
    id: str
    name: str
    is_direct: bool
    lines: tuple[_Line, ...]


_PLANS = (
    _Plan(
        brand=SIB,
        id=SIB_ACCOUNT,
        name="فروشگاه سیب",
        is_direct=False,
        lines=(
            _Line(
                campaign=Campaign(name="نام‌تجاری سیب"),
                impressions=240,
                click_share=0.14,
                click_cost=62_500,
                convert_share=0.1,
                groups=("سیب", "فروشگاه سیب"),
            ),
            _Line(
                campaign=Campaign(name="پویش پاییزهٔ میوه‌ها", type="DISPLAY"),
                impressions=5_200,
                click_share=0.004,
                click_cost=18_250,
                convert_share=0.01,
                groups=("مخاطبان تازه",),
            ),
            _Line(
                campaign=Campaign(name="ویدئوی پاییز", type="VIDEO"),
                impressions=1_900,
                click_share=0.006,
                click_cost=24_800,
                convert_share=0.008,
                groups=("ویدئو",),
            ),
        ),
    ),
    _Plan(
        brand=ACME,
        id=ACME_ACCOUNT,
        name="Acme GmbH",
        is_direct=True,
        lines=(
            _Line(
                campaign=Campaign(name="acme_autumn"),
                impressions=420,
                click_share=0.09,
                click_cost=0.874321,
                convert_share=0.05,
                groups=("anvils", "brand"),
            ),
            # Performance Max has neither ad groups nor ads of its own.
            _Line(
                campaign=Campaign(name="pmax", type="PERFORMANCE_MAX"),
                impressions=2_600,
                click_share=0.012,
                click_cost=0.412345,
                convert_share=0.03,
            ),
            _Line(
                campaign=Campaign(name="Winter (paused)", type="DEMAND_GEN", status="PAUSED"),
                impressions=0,
                click_share=0,
                click_cost=0,
                convert_share=0,
                groups=("snow",),
            ),
        ),
    ),
)


def demo_accounts(last_day: date, *, days: int = 120) -> list[AdAccount]:
    """The two accounts and Sib's manager, with ``days`` days up to ``last_day``."""
    accounts = [_account(plan, last_day, days) for plan in _PLANS]
    manager = AdAccount(
        id=MANAGER,
        name="Agency of Sib",
        currency_code="AED",
        time_zone="Asia/Dubai",
        is_manager=True,
        clients=(accounts[0],),
    )
    return [*accounts, manager]


def _account(plan: _Plan, last_day: date, days: int) -> AdAccount:
    account = AdAccount(
        id=plan.id,
        name=plan.name,
        currency_code=plan.brand.currency,
        time_zone=plan.brand.time_zone,
        managers=frozenset() if plan.is_direct else frozenset({MANAGER}),
        is_direct=plan.is_direct,
        actions={
            _PURCHASE: Action(name="Purchase"),
            _LEAD: Action(name="ثبت‌نام", category="SUBMIT_LEAD_FORM", counting_type="ONE_PER_CLICK"),
        },
    )
    for number, line in enumerate(plan.lines, start=1):
        account.campaigns[_campaign_id(plan, number)] = line.campaign
        for place, group in enumerate(line.groups):
            account.ad_groups[_group_id(plan, number, place)] = AdGroup(name=group)
            for ad in _ads(plan, number, place):
                account.ads[ad] = Ad()
    for age in reversed(range(days)):
        day = last_day - timedelta(days=age)
        for number, line in enumerate(plan.lines, start=1):
            for fact, claims in _day(plan, number, line, day):
                account.facts.append(_young(fact) if age == 0 else fact)
                account.claims += [
                    claim for claim, delay in claims if day + timedelta(days=delay) <= last_day
                ]
    return account


def _day(
    plan: _Plan, number: int, line: _Line, day: date
) -> Iterator[tuple[AdFact, list[tuple[Claim, int]]]]:
    """Facts of a campaign's day, each with its claims and their delays in days."""
    thrown = dice("google ads", plan.id, number, day)
    busy = (0.75 if day.weekday() in plan.brand.weekend else 1.0) * thrown.uniform(0.8, 1.2)
    places = [
        (_group_id(plan, number, place), ad)
        for place in range(len(line.groups))
        for ad in _ads(plan, number, place)
    ] or [(None, None)]
    for group, ad in places:
        shown = round(line.impressions * busy * thrown.uniform(0.7, 1.3) / len(places))
        clicks = sum(thrown.random() < line.click_share for _ in range(shown))
        if shown == 0:
            continue
        fact = AdFact(
            day=day,
            campaign=_campaign_id(plan, number),
            ad_group=group,
            ad=ad,
            impressions=shown,
            clicks=clicks,
            cost_micros=sum(
                round(line.click_cost * 1_000_000 * thrown.uniform(0.7, 1.3)) for _ in range(clicks)
            ),
        )
        yield fact, [claim for _ in range(clicks) for claim in _claims(plan, line, fact, thrown)]


def _claims(plan: _Plan, line: _Line, fact: AdFact, thrown: Random) -> Iterator[tuple[Claim, int]]:
    """What a click brought; data-driven attribution shares a conversion, so that it may be a part of one."""
    if thrown.random() >= line.convert_share:
        return
    is_purchase = thrown.random() < 0.6
    value = Decimal(str(round(plan.brand.order_value * thrown.uniform(0.5, 1.8), 2)))
    share = Decimal(thrown.choice(("1", "1", "1", "0.5", "0.25")))
    claim = Claim(
        day=fact.day,
        campaign=fact.campaign,
        ad_group=fact.ad_group,
        ad=fact.ad,
        action=_PURCHASE if is_purchase else _LEAD,
        conversions=share,
        value=share * value if is_purchase else Decimal(0),
    )
    yield claim, min(_LONGEST_DELAY, int(thrown.expovariate(1 / 14)))


def _young(fact: AdFact) -> AdFact:
    """As much of a day as is counted the next morning."""
    return AdFact(
        day=fact.day,
        campaign=fact.campaign,
        ad_group=fact.ad_group,
        ad=fact.ad,
        impressions=max(fact.clicks, round(fact.impressions * _YOUNGEST_SHARE)),
        clicks=fact.clicks,
        cost_micros=fact.cost_micros,
    )


def _campaign_id(plan: _Plan, number: int) -> int:
    return int(plan.id) * 10 + number


def _group_id(plan: _Plan, number: int, place: int) -> int:
    return _campaign_id(plan, number) * 10 + place


def _ads(plan: _Plan, number: int, place: int) -> tuple[int, int]:
    first = _group_id(plan, number, place) * 10
    return first, first + 1
