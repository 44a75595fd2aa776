"""Hotjar: items are responses to one survey; the label is the device, the amount the score of recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.hotjar.streams import ANSWERS, RESPONSES, SURVEYS
from tests.contract.conformance.case import PAGE, Item, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.newest_first import NewestFirstCase
from tests.fakes.hotjar import CLIENT_ID, CLIENT_KEY, HotjarApi, Site
from tests.fakes.hotjar_rows import answer, question, response, survey

_SITE = 1234
_SCORE, _CHOICE, _ADDRESS, _WORDS = "q-score", "q-choice", "q-address", "q-words"


class HotjarCase(NewestFirstCase):
    """Hotjar's responses; a response can't be asked for by change, so changes show when all are listed again."""

    name = "hotjar"
    connector = "hotjar"
    stream = RESPONSES
    another_account = ("site_id", 1235)
    renaming = ("device", "device_category")
    retyping = ("created_time", "yesterday")
    label = "mobile"
    beside = frozenset({SURVEYS.id})
    changes_seen_after: ClassVar[timedelta] = timedelta(days=31)
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: HotjarApi = self._open.enter_context(HotjarApi())
        self._survey = survey(
            1,
            "رضایت مشتری",
            at=noon(self.first_day),
            questions=[
                question(_SCORE, "nps", "ما را پیشنهاد می‌کنید؟"),
                question(_CHOICE, "single-option", "از کجا؟"),
                question(_ADDRESS, "email", "نشانی؟", required=False),
                question(_WORDS, "long-text", "چرا؟", required=False),
            ],
        )

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Responses have no moment of change."""
        del at
        self._items = list(items)
        rows = [self.shaped(_response(item)) for item in items]
        self.api.sites = {_SITE: Site("Shop", surveys=[self._survey], responses={self._survey["id"]: rows})}

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Responses, and what of their answers lands."""
        return {
            SURVEYS.id: [{"survey_id": self._survey["id"], "name": "رضایت مشتری", "type": "popover"}],
            RESPONSES.id: [
                {
                    "response_id": _response(item)["id"],
                    "created_time": _moment(item).replace(tzinfo=None),
                    "device": item.label,
                }
                for item in items
            ],
            ANSWERS.id: [
                {"response_id": _response(item)["id"], "question_id": question_id, "answer": text}
                for item in items
                for question_id, text in (
                    (_SCORE, None if item.amount is None else str(item.amount)),
                    (_CHOICE, item.text),
                    (_ADDRESS, None),
                    (_WORDS, None),
                )
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One site."""
        return {
            "site_id": _SITE,
            "client_id_env": "SUITE_HOTJAR_ID",
            "client_secret_env": "SUITE_HOTJAR_SECRET",
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """Id and secret of the key."""
        return {"SUITE_HOTJAR_ID": CLIENT_ID, "SUITE_HOTJAR_SECRET": CLIENT_KEY}

    @property
    def secrets(self) -> Sequence[str]:
        """The secret."""
        return (CLIENT_KEY,)

    @property
    def personal(self) -> Sequence[str]:
        """Addresses, and words that name people."""
        return [text for item in self._items for text in (_address(item), _words(item))]

    def asks_for_stream(self, request: Request) -> bool:
        """A list of responses."""
        return request.path.endswith("/responses")


def _response(item: Item) -> dict[str, Any]:
    answers = [
        answer(_SCORE, None if item.amount is None else str(item.amount)),
        answer(_CHOICE, item.text, tags=["price"]),
        answer(_ADDRESS, _address(item)),
        answer(_WORDS, _words(item), sentiment="negative"),
    ]
    return response(item.number, at=_moment(item), answers=answers, device=item.label)


def _moment(item: Item) -> datetime:
    return noon(item.day) + timedelta(seconds=item.number)


def _address(item: Item) -> str:
    return f"respondent-{item.number}@customer.example"


def _words(item: Item) -> str:
    return f"Call Mina Ahmadi number {item.number}"


CASES = (HotjarCase,)
