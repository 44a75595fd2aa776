"""Seeded demo data of Sib for the Hotjar server: three surveys and some 300 responses, in Persian.

Everything is dated: a server that is filled up to the next day differs by what was answered on that day. Some answer
twice, some leave early, some scores are in Persian digits, and one question is of a kind that nobody knows yet.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

from tests.fakes.demo_brands import SIB
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.hotjar import HotjarApi, Site
from tests.fakes.hotjar_rows import answer, question, response, survey

SITE_ID = 3141

_BEGINNING = datetime(2025, 1, 1, 8, tzinfo=UTC)
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_REASONS = ("قیمت", "تازگی میوه‌ها", "بسته‌بندی", "چیز دیگر")
_WORDS = ("بسته‌بندی عالی بود", "دیر رسید", "قیمت‌ها بالاست", "سپاس‌گزارم")
_SURVEYS = (
    survey(
        1,
        "رضایت‌سنجی پس از خرید",
        at=_BEGINNING,
        questions=[
            question("nps", "nps", "چقدر ما را به دوستان‌تان پیشنهاد می‌کنید؟"),
            question("why", "long-text", "چرا؟", required=False),
            question("email", "email", "نشانی ایمیل‌تان", required=False),
        ],
    ),
    survey(
        2,
        "نظرسنجی صفحهٔ پرداخت",
        at=_BEGINNING,
        kind="full_screen",
        questions=[
            question("ease", "rating-1-5", "پرداخت چقدر آسان بود؟"),
            question("liked", "multiple-option", "چه چیزهایی را پسندیدید؟", choices=_REASONS),
        ],
    ),
    survey(
        3,
        "ترک صفحه‌ها",
        at=_BEGINNING,
        kind="sidebar_of_next_year",
        questions=[
            question("mood", "reaction", "این صفحه چطور بود؟"),
            question("voice", "voice-note", "برای‌مان بگویید", required=False),
        ],
    ),
)


def fill_hotjar(api: HotjarApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with ``days`` days up to ``last_day``, the days of Tehran."""
    happenings = Happenings(last_day, days=days, zone=SIB.time_zone)
    domain = SIB.site.removeprefix("sc-domain:")
    site = Site("سیب", url=f"https://{domain}", surveys=[dict(each) for each in _SURVEYS])
    for each in site.surveys:
        site.responses[each["id"]] = []
    site.surveys[2]["is_enabled"] = False
    for day in happenings.days():
        for place in range(2 + day.toordinal() % 2):
            number = day.toordinal() * 10 + place
            thrown = dice("response", number)
            at = happenings.moment(day, 420 + thrown.randrange(960))
            which = thrown.choices(range(3), weights=(6, 3, 1))[0]
            row = _response(number, at, which, thrown, domain)
            site.responses[site.surveys[which]["id"]].append(row)
    api.sites[SITE_ID] = site


def _response(number: int, at: datetime, which: int, thrown: Random, domain: str) -> dict[str, Any]:
    answers = (_after_order, _at_checkout, _on_leaving)[which](number, thrown)
    complete = thrown.random() > 0.15
    device, browser, system = thrown.choice(
        (
            ("mobile", "Chrome", "Android"),
            ("mobile", "Safari", "iOS"),
            ("desktop", "Firefox", "Windows"),
            ("tablet", "Chrome", "Android"),
        )
    )
    person = number - 100 if thrown.random() < 0.1 else number
    return response(
        number,
        at=at,
        answers=answers if complete else answers[:1],
        complete=complete,
        device=device,
        browser=browser,
        os=system,
        country=thrown.choices(("IR", "DE", None), weights=(90, 8, 2))[0],
        hotjar_user_id=str(UUID(int=person)),
        response_origin_url=f"https://{domain}/سفارش?utm_source=newsletter&order={number}",
    )


def _after_order(number: int, thrown: Random) -> list[dict[str, Any]]:
    score = str(thrown.choices(range(11), weights=(3, 1, 1, 2, 2, 4, 6, 11, 19, 24, 27))[0])
    words = thrown.choice((*_WORDS, None))
    return [
        answer("nps", score.translate(_PERSIAN) if thrown.random() < 0.25 else score),
        answer(
            "why",
            words,
            sentiment=thrown.choice(("positive", "negative", "neutral", "mixed")) if words else None,
            tags=thrown.sample(("قیمت", "تحویل", "کیفیت"), thrown.randrange(3)) if words else (),
        ),
        answer("email", f"h{number % 100_000}@example.com" if thrown.random() < 0.2 else None),
    ]


def _at_checkout(_: int, thrown: Random) -> list[dict[str, Any]]:
    liked = thrown.sample(_REASONS, thrown.randrange(1, 4))
    return [
        answer("ease", str(thrown.choices(range(1, 6), weights=(1, 1, 3, 6, 6))[0])),
        *(answer("liked", each, comment="ارسال رایگان" if each == _REASONS[-1] else None) for each in liked),
    ]


def _on_leaving(_: int, thrown: Random) -> list[dict[str, Any]]:
    return [answer("mood", str(thrown.randrange(1, 6))), answer("voice", None)]
