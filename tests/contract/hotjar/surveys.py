"""A survey with a question of each kind that matters, and responses to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.hotjar import HotjarApi
from tests.fakes.hotjar_rows import answer, question, response, survey

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = 31337
SURVEY = survey(
    1,
    "رضایت مشتری",
    at=NOON - 60 * DAY,
    questions=[
        question("q-nps", "nps", "ما را به دوستان‌تان پیشنهاد می‌کنید؟"),
        question("q-many", "multiple-option", "Which?", choices=("Price", "قیمت", "Other")),
        question("q-text", "long-text", "Why?", required=False),
        question("q-mail", "email", "Your address?", required=False),
        question("q-new", "voice-note", "Say it", required=False),
    ],
)


def respond(
    api: HotjarApi, number: int, *, at: datetime, score: str | None = "9", **more: Any
) -> dict[str, Any]:
    """Let somebody answer every question of the survey; the row, which the API goes on to serve."""
    answers = [
        answer("q-nps", score),
        answer("q-many", "قیمت", tags=["price", "خدمات"]),
        answer("q-many", "Other", comment="Mina told me"),
        answer("q-text", "Call Mina Ahmadi", sentiment="negative"),
        answer("q-mail", f"person{number}@people.example"),
        answer("q-new", "Mina said so"),
    ]
    row = response(number, at=at, answers=answers, **more)
    api.sites[SITE].responses[SURVEY["id"]].append(row)
    return row
