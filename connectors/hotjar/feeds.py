"""Which question to Hotjar fills which stream.

Responses have no change date and no filter by date: they are read newest first until a page is older than
what is known, and as a whole list from time to time, which finds those that were deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.core.api import Context
from connectors.core.feed import Batch, EntityFeed, Feed
from connectors.core.retry import incomplete
from connectors.hotjar.config import Config
from connectors.hotjar.streams import ANSWERS, QUESTIONS, RESPONSES, SURVEYS

if TYPE_CHECKING:
    from connectors.hotjar.client import HotjarClient, Record

_KEPT_TYPES = frozenset(
    {
        "nps",
        "rating-1-5",
        "rating-1-7",
        "reaction",
        "reaction-binary",
        "single-option",
        "multiple-option",
    }
)
"""Types of questions whose answers are choices or scores; all others may be free text that names people."""
_LONGEST_SCORE = 2
_EMAIL_TYPE = "email"
_SURVEY_FIELDS = ("name", "type", "is_enabled", "created_time", "updated_time")
_RESPONSE_FIELDS = ("created_time", "is_complete", "device", "browser", "os", "country", "hotjar_user_id")


def _told(record: Record, names: Sequence[str]) -> dict[str, object]:
    """The fields that the API gives; one that it doesn't is left out, so that its absence is noticed."""
    return {name: record[name] for name in names if name in record}


def _read_surveys(client: HotjarClient, since: datetime | None) -> Iterator[Batch]:
    """Every survey and its questions."""
    del since
    for page in client.surveys():
        yield Batch.of_rows(
            SURVEYS,
            [
                {
                    "survey_id": survey["id"],
                    "site_id": str(client.config.site_id),
                    **_told(survey, _SURVEY_FIELDS),
                }
                for survey in page
            ],
        )
        yield Batch.of_rows(
            QUESTIONS,
            [
                {
                    "survey_id": survey["id"],
                    "question_id": question["id"],
                    "position": position,
                    **_told(question, ("type", "text", "is_required")),
                }
                for survey in page
                for position, question in enumerate(survey.get("questions") or [], start=1)
            ],
        )


def _read_responses(client: HotjarClient, since: datetime | None) -> Iterator[Batch]:
    """Responses to every survey and their answers, no page behind the first that is older than ``since``."""
    for survey in [survey for page in client.surveys() for survey in page]:
        types = {str(each["id"]): each["type"] for each in survey.get("questions") or []}
        previous: list[datetime] = []
        for page in client.responses(survey["id"]):
            moments = [*previous, *map(_moment, page)]
            if any(following > before for before, following in pairwise(moments)):
                what = f"Source {client.context.source_id}, {RESPONSES.id} of survey {survey['id']}"
                raise incomplete(what, "The responses don't come newest first.")
            previous = moments[-1:]
            yield Batch.of_rows(RESPONSES, [_response(survey["id"], response) for response in page])
            yield Batch.of_rows(
                ANSWERS, [row for response in page for row in _answers(survey["id"], response, types)]
            )
            if since is not None and page and _moment(page[0]) < since:
                break


def _moment(response: Record) -> datetime:
    return datetime.fromisoformat(response["created_time"])


def _response(survey_id: str, response: Record) -> dict[str, object]:
    row: dict[str, object] = {
        "response_id": response["id"],
        "survey_id": survey_id,
        **_told(response, _RESPONSE_FIELDS),
    }
    if "response_origin_url" in response:
        row["response_origin_url"] = _without_query(response["response_origin_url"])
    return row


def _answers(survey_id: str, response: Record, types: dict[str, str]) -> Iterator[dict[str, object]]:
    seen: dict[str, int] = {}
    for answer in response["answers"]:
        question_id = str(answer["question_id"])
        seen[question_id] = seen.get(question_id, 0) + 1
        kind, text = types.get(question_id), answer["answer"]
        yield {
            "response_id": response["id"],
            "survey_id": survey_id,
            "question_id": question_id,
            "position": seen[question_id],
            "created_time": response["created_time"],
            "answer": text if kind in _KEPT_TYPES or (kind is None and _is_score(text)) else None,
            "answer_email": text if kind == _EMAIL_TYPE else None,
            "is_answered": bool(text),
            "sentiment": answer.get("sentiment"),
            "tags": ";".join(str(tag["name"]) for tag in answer.get("tags") or []) or None,
        }


def _is_score(text: str | None) -> bool:
    """Whether an answer can only be a score: then it stays though its question was deleted since."""
    return text is not None and len(text) <= _LONGEST_SCORE and text.isdecimal()


def _without_query(address: Any) -> str | None:
    """An address without query and fragment, which may hold e-mail addresses."""
    return None if address is None else urlsplit(str(address))._replace(query="", fragment="").geturl()


def _asked(config: Config, _: Context) -> str:
    return f"site {config.site_id}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a Hotjar source lands."""
    asked = partial(_asked, config)
    return (
        EntityFeed(stream=SURVEYS, read=_read_surveys, beside=(QUESTIONS,), asked=asked),
        EntityFeed(
            stream=RESPONSES, read=_read_responses, version="created_time", beside=(ANSWERS,), asked=asked
        ),
    )
