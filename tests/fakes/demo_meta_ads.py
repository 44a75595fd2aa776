"""Seeded demo data of Acme for the Meta Ads server: three campaigns with four ads, in euros.

What an ad delivers on a day depends on the day alone. Its leads and purchases come in up to 28 days behind it, so that
a server filled up to the next day restates the days before, as Meta does.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_calendar import dice
from tests.fakes.meta_ads import MetaAdsApi
from tests.fakes.meta_ads_data import AdAccount, AdDay

ACCOUNT_ID = "301004501"
_AUTUMN = ("120330010", "acme_autumn")
_BACK = ("120330020", "Wiederkehrer – Amboss")
_FORMS = ("120330030", "Kataloganfrage | کاتالوگ")
_ADS = (
    (_AUTUMN, ("120330011", "DE 25–54"), ("120330012", "Video Schmiede"), Decimal(24), 9),
    (_AUTUMN, ("120330011", "DE 25–54"), ("120330013", "Bild Amboss"), Decimal(15), 12),
    (_BACK, ("120330021", "Besucher 30 Tage"), ("120330022", "Karussell"), Decimal(9), 20),
    (_FORMS, ("120330031", "Handwerk"), ("120330032", "Formular"), Decimal(18), 6),
)
"""Campaign, ad set, ad, euros a day, and clicks of a thousand impressions."""
_LONGEST_DELAY = 28


def fill_meta_ads(api: MetaAdsApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with ``days`` days up to ``last_day``, the days of Berlin."""
    first = last_day - timedelta(days=days - 1)
    api.accounts[ACCOUNT_ID] = AdAccount(
        name="Acme GmbH",
        currency=ACME.currency,
        timezone=ACME.time_zone,
        days=[
            day
            for offset in range(days)
            for number in range(len(_ADS))
            if (day := _ad_day(first + timedelta(days=offset), number, last_day)) is not None
        ],
    )


def _ad_day(day: date, number: int, last_day: date) -> AdDay | None:
    campaign, adset, ad, budget, click_rate = _ADS[number]
    thrown = dice("meta ads", number, day)
    if campaign is _FORMS and day.weekday() in ACME.weekend:
        return None  # what doesn't run has no row
    spend = (budget * thrown.randrange(80, 115) / 100).quantize(Decimal("0.01"))
    impressions = int(spend * 1000 / Decimal(thrown.randrange(55, 95)) * 10)
    clicks = sum(thrown.random() * 1000 < click_rate for _ in range(impressions))
    link_clicks = int(clicks * thrown.uniform(0.6, 0.9))
    leads = _claimed(
        thrown, link_clicks, share=0.16 if campaign is _FORMS else 0.04, age=(last_day - day).days
    )
    bought = _claimed(thrown, link_clicks, share=0.03, age=(last_day - day).days)
    actions: dict[str, dict[str, int]] = {"link_click": {"7d_click": link_clicks}} if link_clicks else {}
    values = {}
    if leads:
        actions["lead"] = leads
    if bought:
        actions["purchase"] = bought
        price = Decimal(thrown.randrange(14_000, 22_000)) / 100
        values["purchase"] = {window: count * price for window, count in bought.items()}
    return AdDay(
        day=day,
        campaign=campaign,
        adset=adset,
        ad=ad,
        spend=spend,
        impressions=impressions,
        reach=int(impressions * thrown.uniform(0.7, 0.9)),
        clicks=clicks,
        link_clicks=link_clicks,
        actions=actions,
        values=values,
    )


def _claimed(thrown: Random, link_clicks: int, *, share: float, age: int) -> dict[str, int]:
    """Conversions by window, those that are known ``age`` days after the click."""
    known: dict[str, int] = {}
    for _ in range(link_clicks):
        is_one, delay = thrown.random() < share, int(thrown.expovariate(0.35))
        window = "1d_view" if thrown.random() < 0.2 else "7d_click"
        if is_one and min(delay, _LONGEST_DELAY) <= age:
            known[window] = known.get(window, 0) + 1
    return known
