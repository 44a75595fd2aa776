"""Seeded demo data of Acme for LinkedIn's and TikTok's servers: a few campaigns each, their days and what they claim.

A day's numbers depend on the day and the campaign alone. A campaign that delivers nothing on a day has no row of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.linkedin_ads import AdAccount, Delivery, campaign
from tests.fakes.tiktok_ads import Advertiser, Result

LINKEDIN_ACCOUNT = 507404993
TIKTOK_ADVERTISER = "7012345678901234567"

_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class _Campaign:
    """A campaign and what it does on an ordinary working day.

    Attributes:
        kind: type or objective, in the vendor's words.
        click_rate: clicks per impression. price: of a click. conversion_rate: conversions per click.
        value: of a conversion; None where its conversions have none.
    """

    number: int
    name: str
    kind: str
    impressions: int
    click_rate: float
    price: Decimal
    conversion_rate: float
    value: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class _Day:
    """What a campaign did on one day."""

    day: date
    campaign: _Campaign
    impressions: int
    clicks: int
    cost: Decimal
    conversions: int
    late: int
    """Conversions of people who only saw the ad, among them."""


_LINKEDIN = (
    _Campaign(
        number=340011,
        name="Anvils for plant managers",
        kind="SPONSORED_UPDATES",
        impressions=2400,
        click_rate=0.006,
        price=Decimal("3.40"),
        conversion_rate=0.12,
        value=Decimal("180.00"),
    ),
    _Campaign(
        number=340012,
        name="acme_autumn",
        kind="TEXT_AD",
        impressions=5200,
        click_rate=0.0012,
        price=Decimal("2.15"),
        conversion_rate=0.06,
        value=Decimal("180.00"),
    ),
    _Campaign(
        number=340013,
        name="مدیران تولید — نسخهٔ فارسی",
        kind="SPONSORED_INMAILS",
        impressions=160,
        click_rate=0.05,
        price=Decimal("1.10"),
        conversion_rate=0.2,
    ),
)
_TIKTOK = (
    _Campaign(
        number=1790000000000011,
        name="Anvil drop challenge",
        kind="VIDEO_VIEWS",
        impressions=18_000,
        click_rate=0.007,
        price=Decimal("0.24"),
        conversion_rate=0.015,
    ),
    _Campaign(
        number=1790000000000012,
        name="acme_autumn",
        kind="WEB_CONVERSIONS",
        impressions=7500,
        click_rate=0.011,
        price=Decimal("0.31"),
        conversion_rate=0.04,
    ),
)


def demo_ad_account(last_day: date, *, days: int) -> AdAccount:
    """Acme's account at LinkedIn, with ``days`` days up to ``last_day``."""
    return AdAccount(
        "Acme EU",
        currency=ACME.currency,
        campaigns=[
            campaign(each.number, each.name, account_id=LINKEDIN_ACCOUNT, kind=each.kind)
            for each in _LINKEDIN
        ],
        deliveries=[
            Delivery(
                day=each.day,
                campaign_id=each.campaign.number,
                metrics={
                    "impressions": each.impressions,
                    "clicks": each.clicks,
                    "costInLocalCurrency": str(each.cost),
                    "externalWebsiteConversions": each.conversions,
                    "externalWebsitePostClickConversions": each.conversions - each.late,
                    "externalWebsitePostViewConversions": each.late,
                    "conversionValueInLocalCurrency": str(
                        (each.campaign.value or Decimal(0)) * each.conversions
                    ),
                    "oneClickLeads": each.clicks // 8 if each.campaign.kind == "SPONSORED_INMAILS" else 0,
                },
            )
            for each in _days(_LINKEDIN, last_day, days, zone="UTC")
        ],
    )


def demo_advertiser(last_day: date, *, days: int) -> Advertiser:
    """Acme as an advertiser of TikTok, with ``days`` days up to ``last_day``."""
    return Advertiser(
        "Acme EU",
        timezone=ACME.time_zone,
        currency=ACME.currency,
        results=[
            Result(
                day=each.day,
                campaign_id=str(each.campaign.number),
                metrics={
                    "campaign_name": each.campaign.name,
                    "objective_type": each.campaign.kind,
                    "spend": str(each.cost),
                    "impressions": str(each.impressions),
                    "clicks": str(each.clicks),
                    "conversion": str(each.conversions),
                },
            )
            for each in _days(_TIKTOK, last_day, days, zone=ACME.time_zone)
        ],
    )


def _days(campaigns: tuple[_Campaign, ...], last_day: date, days: int, *, zone: str) -> Iterator[_Day]:
    for day in Happenings(last_day, days=days, zone=zone).days():
        share = 0.35 if day.weekday() in ACME.weekend else 1.0
        for each in campaigns:
            thrown = dice("ads", each.number, day)
            if thrown.random() < 0.05:
                continue
            impressions = round(each.impressions * share * thrown.uniform(0.8, 1.2))
            clicks = round(impressions * each.click_rate * thrown.uniform(0.7, 1.3))
            conversions = sum(thrown.random() < each.conversion_rate for _ in range(clicks))
            yield _Day(
                day=day,
                campaign=each,
                impressions=impressions,
                clicks=clicks,
                cost=(each.price * clicks * Decimal(thrown.randrange(90, 111)) / 100).quantize(_CENT),
                conversions=conversions,
                late=sum(thrown.random() < 0.25 for _ in range(conversions)),
            )
