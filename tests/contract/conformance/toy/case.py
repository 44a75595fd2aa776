"""The till's case: items are sales of an article, each with somebody who bought it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.core.api import Context
from connectors.core.api_source import ApiConnector
from connectors.core.clock import Clock
from tests.contract.conformance.case import PAGE, Breadth, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.opening import Source, open_api
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.contract.conformance.toy.connector import PEOPLE, SALES, Client, Config, feeds
from tests.contract.conformance.toy.server import KEY, TillApi

_KEY = "SUITE_TILL_KEY"
_FIELD = "amount"


class _Api(Reshaping, TillApi):
    """A till that may change its shape."""


class TillCase(NetworkedCase):
    """The sound connector; a spoilt one is a derived case that connects in another way."""

    name = "till"
    connector = "till"
    stream = SALES
    label = "fruit"
    beside = frozenset({PEOPLE.id})
    connect: ClassVar[Callable[[Any, Context], Client]] = Client

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """People change on the day of their sale."""
        del at
        self.api.sales = [
            {
                "day": item.day.isoformat(),
                "article": item.number,
                "text": item.text,
                "label": item.label,
                "amount": item.amount,
            }
            for item in sorted(items, key=lambda item: (item.day, -item.number))
        ]
        self.api.people = [
            {"person": item.number, "email": _address(item), "changed": noon(item.day).isoformat()}
            for item in items
        ]

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """One row each."""
        return {
            SALES.id: [
                {
                    "day": item.day,
                    "article": item.number,
                    "text": item.text,
                    "label": item.label,
                    "amount": item.amount,
                }
                for item in items
            ],
            PEOPLE.id: [{"person": item.number} for item in items],
        }

    def keys(self) -> dict[str, Any]:
        """One till."""
        return {"key_env": _KEY, "base_url": self.api.base_url, "page_size": PAGE}

    def environment(self) -> dict[str, str]:
        """The key."""
        return {_KEY: KEY}

    @property
    def secrets(self) -> Sequence[str]:
        """The key."""
        return (KEY,)

    @property
    def personal(self) -> Sequence[str]:
        """Addresses."""
        return [row["email"] for row in self.api.people]

    def asks_for_stream(self, request: Request) -> bool:
        """Sales."""
        return request.path == "/sales"

    def in_front(self, items: Sequence[Item]) -> Item:
        """Articles go from the highest number down."""
        highest = max(item.number for item in items)
        return Item(number=highest + 1, day=items[0].day, text="new", label=self.label)

    def repeat_pages(self) -> None:
        """Every page is its own next one."""
        self.api.repeats_pages = True

    def drift(self, kind: Drift) -> None:
        """Of the amount."""
        self.api.reshape = lambda body, _: body | {"rows": [_shaped(row, kind) for row in body["rows"]]}

    def heal(self) -> None:
        """Of everything."""
        super().heal()
        self.api.repeats_pages = False
        self.api.reshape = None

    @classmethod
    def source(
        cls, source_id: str, keys: Mapping[str, Any], *, workspace: Path, clock: Clock, breadth: Breadth
    ) -> Source:
        """The till isn't registered."""
        del workspace
        till = ApiConnector(word="till", connect=cls.connect, feeds=feeds)
        return open_api(Config, till, source_id, keys, clock=clock, only=cls.only(breadth))


def _shaped(row: dict[str, Any], kind: Drift) -> dict[str, Any]:
    match kind:
        case Drift.VANISHED:
            return without(row, _FIELD)
        case Drift.RENAMED:
            return renamed(row, _FIELD, "pieces")
        case Drift.RETYPED:
            return row | {_FIELD: "many"}
        case Drift.NEW:
            return row | {"colour": "سبز"}


def _address(item: Item) -> str:
    return f"buyer-{item.number}@customer.example"
