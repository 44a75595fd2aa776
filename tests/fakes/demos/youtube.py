"""YouTube's server: a channel of each brand; the owner of Acme's has consented to exact days."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta

from tests.fakes.demo_brands import ACME, SIB, Brand
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.demo_followers import Audience, published
from tests.fakes.demos import Opened
from tests.fakes.youtube import API_KEY, CLIENT_ID, CLIENT_KEY, REFRESH, Channel, Video, YouTubeApi

_ACME = Audience(name="youtube acme", at_first=21_400, lost=6, gained=19)
_SIB = Audience(name="youtube sib", at_first=930, lost=1, gained=2)
_LAG = timedelta(days=2)


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """Two channels of one project."""
    api = stack.enter_context(YouTubeApi())
    acme = Channel("UCacme000000000000000000", "@acme-anvils", "Acme", _ACME.on(last_day))
    sib = Channel("UCsib0000000000000000000", "@sib.shop", "سیب", _SIB.on(last_day))
    _publish(acme, ACME, last_day, days, titles=("How to lift an anvil", "Anvils, the movie"), language="en")
    _publish(
        sib, SIB, last_day, days, titles=("سیب سرخ را چطور نگه داریم؟", "از باغ تا خانه‌ی شما"), language="fa"
    )
    for day in Happenings(last_day, days=days, zone="America/Los_Angeles").days():
        if day <= last_day - _LAG:
            gained, lost = _ACME.change(day)
            views = dice("youtube views", day).randint(700, 1500)
            acme.days[day] = (gained, lost, views, views // 40, views // 300, views // 200, views * 3)
    api.channels, api.owned = [acme, sib], {acme.id}
    return Opened(
        apis={"youtube": api},
        addresses={"http://youtube.local": api.base_url},
        environment=lambda _: {
            "DEMO_YOUTUBE_KEY": API_KEY,
            "DEMO_YOUTUBE_ID": CLIENT_ID,
            "DEMO_YOUTUBE_SECRET": CLIENT_KEY,
            "DEMO_YOUTUBE_OWNER": REFRESH,
        },
    )


def _publish(
    channel: Channel, brand: Brand, last_day: date, days: int, *, titles: tuple[str, ...], language: str
) -> None:
    """A video about each week; one in ten hides its likes, one in ten has no comments."""
    happenings = Happenings(last_day, days=days, zone=brand.time_zone)
    for each in published(f"youtube {channel.handle}", happenings, last_day, reach=4_000, every=6):
        thrown = dice("video", channel.handle, each.number)
        channel.videos.append(
            Video(
                id=f"{language}-{each.number}",
                at=each.at,
                title=f"{thrown.choice(titles)} {each.number % 100}",
                views=each.seen,
                likes=None if thrown.random() < 0.1 else each.part(40),
                comments=None if thrown.random() < 0.1 else each.part(4),
                language=thrown.choice((language, None)),
            )
        )
