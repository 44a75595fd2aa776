"""X's server: the account of Acme, with reposts of others among its posts."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.demo_followers import Audience, published
from tests.fakes.demos import Opened
from tests.fakes.x import APP_KEY, Post, User, XApi

_AUDIENCE = Audience(name="x", at_first=8_200, lost=9, gained=13)
_ACCOUNT = 2_100_000_212


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One account."""
    api = stack.enter_context(XApi())
    user = User(_ACCOUNT, "acme_anvils", "Acme", _AUDIENCE.on(last_day))
    happenings = Happenings(last_day, days=days, zone=ACME.time_zone)
    for each in published("x", happenings, last_day, reach=3_000, every=2):
        reference = dice("x reference", each.number).choices(
            (None, "quoted", "replied_to", "retweeted"), weights=(6, 1, 2, 1)
        )[0]
        counters = {
            "retweet_count": each.part(4),
            "quote_count": each.part(1),
            "reply_count": each.part(3),
            "like_count": each.part(15),
            "bookmark_count": each.part(2),
            "impression_count": each.seen,
        }
        user.posts.append(
            Post(1_900_000_000_000_000_000 + each.number, each.at, reference=reference, counters=counters)
        )
    api.users = [user]
    return Opened(
        apis={"x": api},
        addresses={"http://x.local": api.base_url},
        environment=lambda _: {"DEMO_X_TOKEN": APP_KEY},
    )
