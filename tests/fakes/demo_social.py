"""Seeded demo data for the Graph API's servers: Instagram of Sib and Acme, Acme's Facebook page.

Everything is dated: followers are a sum of each day's gains and losses, counters of a post grow with its age, so a server
filled up to the next day has other followers, one day of insights more, and young posts with higher counters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from tests.fakes.demo_brands import ACME, SIB, Brand
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.demos import clock_after
from tests.fakes.facebook_page import FacebookPage, FacebookPageApi, page_post
from tests.fakes.instagram import InstagramAccount, InstagramApi, media

SIB_INSTAGRAM, ACME_INSTAGRAM = "17841400000000211", "17841400000000212"
ACME_PAGE = "104000000000212"

_OPENING = date(2026, 1, 1)
_WORDS = {
    SIB_INSTAGRAM: ("سیب‌های تازه رسید", "پویش پاییزهٔ میوه‌ها", "دستور مربای سیب", "پشت صحنهٔ باغ"),
    ACME_INSTAGRAM: ("New anvils in stock", "How to lift an anvil", "Amboss des Monats", "Meet the smiths"),
    ACME_PAGE: ("New anvils in stock", "Öffnungszeiten im Herbst", "Meet the smiths"),
}
_PRODUCTS = (("FEED", "IMAGE"), ("FEED", "CAROUSEL_ALBUM"), ("REELS", "VIDEO"))
_SETTLING_DAYS = 4.0
_NEVER_SHARED = 3


def fill_instagram(api: InstagramApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with two accounts and ``days`` days up to ``last_day``."""
    api.now = clock_after(last_day)
    api.accounts = {
        SIB_INSTAGRAM: _account("sib.fruit", SIB_INSTAGRAM, SIB, 18_400, 26, last_day, days),
        ACME_INSTAGRAM: _account("acme.anvils", ACME_INSTAGRAM, ACME, 5_200, 6, last_day, days),
    }
    # A few of Sib's first posts are older than its professional account.
    first = min(row["timestamp"] for row in api.accounts[SIB_INSTAGRAM].media)
    api.accounts[SIB_INSTAGRAM].professional_since = datetime.fromisoformat(first) + timedelta(days=5)


def fill_facebook_page(api: FacebookPageApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with Acme's page and ``days`` days up to ``last_day``."""
    api.now = clock_after(last_day)
    happenings = Happenings(last_day, days=days, zone=ACME.time_zone)
    page = FacebookPage(
        "Acme",
        username="acme.anvils",
        followers_count=_followers(ACME_PAGE, 7_900, 3, last_day),
        fan_count=_followers(ACME_PAGE, 7_100, 2, last_day),
    )
    for day, at, thrown in _moments(happenings, ACME_PAGE, every=3):
        grown = _growth(at, happenings.end, thrown)
        reach = grown(700 + thrown.randrange(500))
        row = page_post(
            ACME_PAGE,
            day.toordinal(),
            at=at,
            message=_WORDS[ACME_PAGE][day.toordinal() % len(_WORDS[ACME_PAGE])],
            status_type=thrown.choice(("added_photos", "shared_story", "added_video")),
            reactions=grown(20 + thrown.randrange(40)),
            comments=grown(thrown.randrange(9)),
            shares=grown(thrown.randrange(12)) if thrown.randrange(_NEVER_SHARED) else None,
        )
        page.posts.append(row)
        page.insights[row["id"]] = {
            "post_total_media_view_unique": reach,
            "post_media_view": reach + grown(150),
            "post_clicks": grown(thrown.randrange(60)),
        }
    for day in happenings.days():
        thrown = dice("page", day)
        views = 300 + thrown.randrange(200)
        told = {
            "page_follows": _followers(ACME_PAGE, 7_900, 3, day),
            "page_daily_follows": 4 + thrown.randrange(5),
            "page_media_view": views,
            "page_total_media_view_unique": views * 2 // 3,
            "page_post_engagements": 12 + thrown.randrange(20),
        }
        for metric, value in told.items():
            page.days.setdefault(metric, {})[day] = value
    api.pages = {ACME_PAGE: page}


def _account(  # noqa: PLR0917 - a row of a table
    username: str, id_: str, brand: Brand, opening: int, gain: int, last_day: date, days: int
) -> InstagramAccount:
    happenings = Happenings(last_day, days=days, zone=brand.time_zone)
    account = InstagramAccount(
        username, followers_count=_followers(id_, opening, gain, last_day), follows_count=120
    )
    for day, at, thrown in _moments(happenings, id_, every=2):
        grown = _growth(at, happenings.end, thrown)
        product, kind = thrown.choice(_PRODUCTS)
        reach = grown(opening // 6 + thrown.randrange(opening // 8))
        likes = grown(opening // 60 + thrown.randrange(opening // 90))
        told = {
            "reach": reach,
            "views": reach + grown(opening // 12),
            "saved": grown(thrown.randrange(40)),
            "shares": grown(thrown.randrange(30)),
        }
        comments = grown(thrown.randrange(25))
        row = media(
            int(id_[-3:]) * 1_000_000 + day.toordinal(),
            at=at,
            media_type=kind,
            media_product_type=product,
            caption=_WORDS[id_][day.toordinal() % len(_WORDS[id_])],
            like_count=None if thrown.random() < 0.05 else likes,
            comments_count=comments,
        )
        account.media.append(row)
        account.insights[row["id"]] = {
            **told,
            "total_interactions": likes + comments + told["saved"] + told["shares"],
        }
    for day in happenings.days():
        thrown = dice("instagram", id_, day)
        reach = opening // 9 + thrown.randrange(opening // 10)
        told = {
            "reach": reach,
            "follower_count": gain + 4 + thrown.randrange(9),
            "views": reach * 2,
            "accounts_engaged": reach // 12,
            "total_interactions": reach // 9,
            "profile_links_taps": thrown.randrange(6),
        }
        for metric, value in told.items():
            account.days.setdefault(metric, {})[day] = value
    return account


def _followers(id_: str, opening: int, gain: int, day: date) -> int:
    """How many follow at the end of ``day``: what they were at the opening, and each day's gain or loss since."""
    since = range(_OPENING.toordinal(), day.toordinal() + 1)
    return opening + sum(dice("followers", id_, ordinal).randrange(-3, 2 * gain + 3) for ordinal in since)


def _moments(happenings: Happenings, id_: str, *, every: int) -> Iterator[tuple[date, datetime, Random]]:
    """Days with a post, when it is published, and its dice."""
    for day in happenings.days():
        if day.toordinal() % every:
            continue
        thrown = dice("post", id_, day)
        yield day, happenings.moment(day, 540 + thrown.randrange(600)), thrown


def _growth(at: datetime, now: datetime, thrown: Random) -> Callable[[int], int]:
    """How much of a final count a post that was published ``at`` has by ``now``."""
    age = max((now - at).total_seconds() / 86_400, 0.0)
    share = 1 - math.exp(-age / (_SETTLING_DAYS * (0.5 + thrown.random())))
    return lambda final: int(final * share)
