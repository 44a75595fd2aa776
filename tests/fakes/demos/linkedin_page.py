"""LinkedIn's server: the company page of Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.demo_followers import Audience, published
from tests.fakes.demos import Opened
from tests.fakes.linkedin_page import ACCESS, CompanyPage, LinkedInPageApi, PagePost, statistics

_AUDIENCE = Audience(name="linkedin", at_first=5_100, lost=2, gained=9)
_PAGE = 2_414_212


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One page; a tenth of those who come do so by ads."""
    api = stack.enter_context(LinkedInPageApi())
    page = CompanyPage(_PAGE, _AUDIENCE.on(last_day))
    for day in Happenings(last_day, days=days, zone="UTC").days():
        gained, lost = _AUDIENCE.change(day)
        page.gains[day] = (gained - gained // 10 - lost, gained // 10)
    happenings = Happenings(last_day, days=days, zone=ACME.time_zone)
    for each in published("linkedin", happenings, last_day, reach=2_500, every=3):
        kind = dice("linkedin kind", each.number).choice(("share", "ugcPost"))
        counters = statistics(
            impressions=each.seen,
            people=each.seen * 7 // 10,
            clicks=each.part(20),
            likes=each.part(18),
            comments=each.part(2),
            shares=each.part(3),
        )
        page.posts.append(
            PagePost(
                f"urn:li:{kind}:{7_100_000_000 + each.number}",
                each.at,
                title="How to lift an anvil",
                commentary="Ask @[Mina Ahmadi](urn:li:person:1)",
                statistics=counters,
            )
        )
    api.pages, api.today = {_PAGE: page}, last_day + timedelta(days=1)
    return Opened(
        apis={"linkedin_page": api},
        addresses={"http://linkedin-page.local": api.base_url},
        environment=lambda _: {"DEMO_LINKEDIN_PAGE_TOKEN": ACCESS},
    )
