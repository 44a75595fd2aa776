"""Surveys, questions and responses in the form in which Hotjar writes them, for tests and demo data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


def instant_text(at: datetime) -> str:
    """``at`` as Hotjar writes it: UTC in whole seconds with a Z."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def question(
    question_id: str, kind: str, text: str, *, required: bool = True, choices: Sequence[str] = ()
) -> dict[str, Any]:
    """A question of the given kind; choices take a comment on the last one, as "other" does."""
    last = len(choices) - 1
    return {
        "id": question_id,
        "type": kind,
        "text": text,
        "is_required": required,
        "choices": [{"text": choice, "allow_comment": place == last} for place, choice in enumerate(choices)]
        or None,
        "labels": {"low_label": "اصلاً", "high_label": "حتماً"} if kind == "nps" else None,
        "image_url": None,
    }


def survey(
    number: int, name: str, *, at: datetime, questions: Sequence[dict[str, Any]], kind: str = "popover"
) -> dict[str, Any]:
    """A survey that was made at the moment ``at``; ``number`` becomes its id."""
    survey_id = f"survey_{UUID(int=number)}"
    return {
        "id": survey_id,
        "name": name,
        "type": kind,
        "is_enabled": True,
        "created_time": instant_text(at),
        "updated_time": instant_text(at),
        "url": f"https://surveys.example.com/{number}",
        "responses_url": f"https://surveys.example.com/{number}/responses",
        "sentiment_analysis_enabled": True,
        "questions": list(questions),
    }


def answer(
    question_id: str,
    text: str | None,
    *,
    comment: str | None = None,
    sentiment: str | None = None,
    tags: Sequence[str] = (),
) -> dict[str, Any]:
    """The answer to one question; None where it was skipped."""
    return {
        "question_id": question_id,
        "answer": text,
        "comment": comment,
        "sentiment": sentiment,
        "tags": [{"name": name} for name in tags],
    }


def response(
    number: int, *, at: datetime, answers: Sequence[dict[str, Any]], complete: bool = True, **fields: object
) -> dict[str, Any]:
    """A response that was given at the moment ``at``; ``fields`` go over the defaults, in Hotjar's names."""
    row = {
        "id": f"response_{UUID(int=number)}",
        "created_time": instant_text(at),
        "is_complete": complete,
        "device": "mobile",
        "browser": "Chrome",
        "os": "Android",
        "country": "IR",
        "hotjar_user_id": str(UUID(int=number)),
        "recording_url": None,
        "response_origin_url": "https://www.example.com/checkout?step=2",
        "window_size": {"width": 390, "height": 844},
        "user_attributes": [{"name": "plan", "value": "pro"}],
        "answers": list(answers),
    }
    return row | fields
