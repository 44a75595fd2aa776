"""The marketing side of Sib's demo account: newsletters whose statistics grow, and forms that visitors send."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

from tests.fakes.demo_brands import SIB
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.hubspot_emails import Emails
from tests.fakes.hubspot_forms import Forms

EMAIL_CAMPAIGN = next(campaign for _, _, medium, campaign in SIB.origins if medium == "email")
"""What the newsletters' links carry as utm_campaign."""
DRAFT = 90_000
FORMS = {
    str(UUID(int=0xF0_0000_0000_4000_8000_0000_0000_0001)): ("تماس با‌ما", "hubspot"),
    str(UUID(int=0xF0_0000_0000_4000_8000_0000_0000_0002)): ("عضویت در هفته‌نامه", "hubspot"),
    str(UUID(int=0xF0_0000_0000_4000_8000_0000_0000_0003)): ("درخواست همکاری عمده‌فروشی", "captured"),
}

_BEGINNING = datetime(2025, 1, 1, 8, tzinfo=UTC)
_HALF_LIFE = timedelta(hours=14)
_LATE_COUNTERS = ("open", "click", "unsubscribed", "spamreport")


def plan_emails(happenings: Happenings, emails: Emails) -> None:
    """A newsletter every sixth day, every fifth of them sent again to newcomers on four more days; and a draft."""
    emails.add(
        DRAFT,
        "پیش‌نویس نوروز",
        at=_BEGINNING,
        state="DRAFT",
        publishDate=None,
        isPublished=False,
    )
    for day in happenings.days():
        ordinal = day.toordinal()
        if ordinal % 6:
            continue
        at = happenings.moment(day, 600)
        automated = ordinal % 30 == 0
        add = partial(
            emails.add,
            ordinal,
            f"هفته‌نامهٔ {ordinal // 6 % 1000}",
            at=at,
            subject="میوه‌های تازهٔ این هفته",
            campaign=str(UUID(int=ordinal)),
            campaignName=EMAIL_CAMPAIGN,
            **{"type": "AUTOMATED_EMAIL", "state": "AUTOMATED"} if automated else {},
        )
        happenings.plan(at, add)
        for repetition in range(5 if automated else 1):
            again = at + timedelta(days=repetition)
            counters = _counters(ordinal, repetition, age=happenings.end - again)
            happenings.plan(again, partial(emails.send, ordinal, at=again, **counters))


def plan_forms(happenings: Happenings, forms: Forms) -> None:
    """One to three submissions a day; every tenth came without an id."""
    for form_id, (name, kind) in FORMS.items():
        forms.add(form_id, name, at=_BEGINNING, form_type=kind)
    for day in happenings.days():
        for place in range(1 + day.toordinal() % 3):
            _plan_submission(happenings, forms, day, place)


def _plan_submission(happenings: Happenings, forms: Forms, day: date, place: int) -> None:
    number = day.toordinal() * 10 + place
    thrown = dice("submission", number)
    at = happenings.moment(day, 480 + thrown.randrange(840))
    values = {"email": f"v{number % 100_000}@example.com", "message": "سلام؛ قیمت عمده‌ را می‌خواستم."}
    send = partial(
        forms.submit,
        thrown.choices(list(FORMS), weights=(6, 3, 1))[0],
        at=at,
        values=values,
        conversion=None if thrown.random() < 0.1 else number,
        page_url=f"https://{SIB.site.removeprefix('sc-domain:')}/contact?utm_campaign=pr{place}",
    )
    happenings.plan(at, send)


def _counters(number: int, repetition: int, *, age: timedelta) -> dict[str, int]:
    """Counters of a sending at that age: what recipients do comes in by and by."""
    thrown = dice("sending", number, repetition)
    selected = thrown.randrange(400, 900) if repetition == 0 else thrown.randrange(10, 40)
    dropped = thrown.randrange(selected // 100 + 1)
    sent = selected - dropped
    hard, soft = thrown.randrange(sent // 80 + 1), thrown.randrange(sent // 60 + 1)
    delivered = sent - hard - soft
    opened = round(delivered * thrown.uniform(0.15, 0.4))
    late = {
        "open": opened,
        "click": round(opened * thrown.uniform(0.05, 0.2)),
        "unsubscribed": thrown.randrange(delivered // 100 + 1),
        "spamreport": thrown.randrange(2),
    }
    share = 1 - 0.5 ** (age / _HALF_LIFE)
    return {
        "selected": selected,
        "sent": sent,
        "delivered": delivered,
        "bounce": hard + soft,
        "hardbounced": hard,
        "softbounced": soft,
        "dropped": dropped,
        "notsent": dropped,
        **{name: round(late[name] * share) for name in _LATE_COUNTERS},
    }
