"""What customers say: Hotjar's NPS survey on the site and HubSpot's by e-mail.

Planted: scores in Persian digits, blank answers, an unfinished response, answers of staff, people who answer twice,
responses that were deleted later, a second survey that is no NPS, answers around midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.fakes.hotjar import HotjarApi, Site
from tests.fakes.hotjar_rows import answer, question, response, survey
from tests.known_company.clock import RUNS, START
from tests.known_company.oracle.periods import days
from tests.known_company.orion.dice import dice, moment

SITE_ID = 4242
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_MADE = datetime(2023, 12, 1, 8, tzinfo=UTC)
_SCORES = (2, 1, 1, 2, 2, 4, 6, 12, 20, 24, 26)


@dataclass(frozen=True, slots=True)
class Voice:
    """One response to the NPS survey on the site; ``score`` None where it was left blank."""

    number: int
    at: datetime
    person: int
    score: int | None
    is_persian: bool
    is_complete: bool
    email: str | None
    deleted_at: datetime | None

    @property
    def is_test(self) -> bool:
        """Given by staff or testers; an unfinished response ends before it asks for the address."""
        return (
            self.is_complete and bool(self.email) and self.email.endswith(("@orion.example", "@test.example"))
        )


def voices() -> Iterator[Voice]:
    """Every response, up to the last run."""
    for day in days(START, RUNS[-1].date() + timedelta(days=1)):
        for place in range(1 + (day - START).days % 2):
            number = (day - START).days * 10 + place
            thrown = dice("voice", number)
            at = moment(day, thrown.choice((0, 1, 1439, 600, 700, 800, 900, 1000)))
            if at > RUNS[-1]:
                continue
            yield Voice(
                number=number + 1,
                at=at,
                # Some answer again half a year later.
                person=number - 1_800 if number > 1_800 and thrown.random() < 0.15 else number,
                score=None if thrown.random() < 0.05 else thrown.choices(range(11), _SCORES)[0],
                is_persian=thrown.random() < 0.1,
                is_complete=thrown.random() > 0.1,
                email=thrown.choices((None, "a@orion.example", "b@customer1.example"), (90, 4, 6))[0],
                deleted_at=RUNS[0] + timedelta(days=10) if number % 97 == 5 else None,
            )


def fill_hotjar(api: HotjarApi, run: int) -> None:
    """The site's surveys and responses as they stand at a run."""
    nps = survey(
        1,
        "How likely",
        at=_MADE,
        questions=[
            question("nps", "nps", "How likely are you to recommend us?"),
            question("email", "email", "Your address", required=False),
        ],
    )
    ease = survey(2, "Ease", at=_MADE, questions=[question("ease", "rating-1-5", "How easy was it?")])
    site = Site("Orion", url="https://www.orion.example", surveys=[nps, ease])
    now = RUNS[run]
    site.responses = {nps["id"]: [], ease["id"]: []}
    for voice in voices():
        if voice.at > now or (voice.deleted_at is not None and voice.deleted_at <= now):
            continue
        text = None if voice.score is None else str(voice.score)
        answers = [
            answer("nps", text.translate(_PERSIAN) if text and voice.is_persian else text),
            answer("email", voice.email),
        ]
        row = response(
            voice.number,
            at=voice.at,
            answers=answers if voice.is_complete else answers[:1],
            complete=voice.is_complete,
            hotjar_user_id=str(UUID(int=voice.person + 1)),
        )
        site.responses[nps["id"]].append(row)
        if voice.number % 7 == 0:
            other = response(500_000 + voice.number, at=voice.at, answers=[answer("ease", "5")])
            site.responses[ease["id"]].append(other)
    api.sites[SITE_ID] = site
