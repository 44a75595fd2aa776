"""Telegram: items are chats of one bot; the label is the type of the chat, the amount how many are in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.telegram.streams import FOLLOWERS
from tests.contract.conformance.case import Drift, Item, NetworkedCase, Row
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.telegram import BOT, Chat, TelegramApi

_KEY = "SUITE_TELEGRAM_BOT"
_FIELD = "title"


class _Api(Reshaping, TelegramApi):
    """Telegram that may change its shape."""


class TelegramCase(NetworkedCase):
    """One bot in all the chats that there are."""

    name = "telegram"
    connector = "telegram"
    stream = FOLLOWERS
    another_account = "members now are all there is to ask"
    label = "channel"
    nothing = "group"
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Chats are as they are now."""
        del at
        self.api.chats = [
            Chat(
                id=_id(item),
                title=item.text,
                members=_members(item),
                type=item.label or self.nothing,
                username=_username(item),
            )
            for item in items
        ]

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """One row each, whatever its day."""
        return {
            FOLLOWERS.id: [
                {
                    "captured_at": self.time.replace(tzinfo=None),
                    "account_id": str(_id(item)),
                    "username": _username(item),
                    "title": item.text,
                    "type": item.label or self.nothing,
                    "followers": _members(item),
                }
                for item in items
            ]
        }

    def keys(self) -> dict[str, Any]:
        """The chats that there are, public ones by name."""
        chats = [f"@{each.username}" if each.username else each.id for each in self.api.chats]
        return {"token_env": _KEY, "chats": chats, "base_url": self.api.base_url}

    def environment(self) -> dict[str, str]:
        """The token."""
        return {_KEY: BOT}

    @property
    def secrets(self) -> Sequence[str]:
        """The token, and what of it isn't the bot's id."""
        return (BOT, BOT.partition(":")[2])

    def asks_for_stream(self, request: Request) -> bool:
        """A chat or its members."""
        return "/getChat" in request.path

    def in_front(self, items: Sequence[Item]) -> Item:
        """One more chat; there is no order."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="new", label=self.label)

    def repeat_pages(self) -> None:
        """There are no pages: every chat is told as the same one."""
        self.api.confuses_chats = True

    def drift(self, kind: Drift) -> None:
        """Of the title, and of the number of members."""
        self.api.lies = True
        self.api.reshape = lambda body, _: body | {"result": _shaped(body["result"], kind)}

    def heal(self) -> None:
        """Of everything."""
        super().heal()
        self.api.confuses_chats = False
        self.api.reshape = None


def _shaped(told: Any, kind: Drift) -> Any:
    if not isinstance(told, dict):
        return "many" if kind is Drift.RETYPED else told
    match kind:
        case Drift.VANISHED:
            return without(told, _FIELD)
        case Drift.RENAMED:
            return renamed(told, _FIELD, "name")
        case Drift.NEW:
            return told | {"mood": "شاد"}
    return told


def _id(item: Item) -> int:
    return -1_001_000_000_000 - item.number


def _username(item: Item) -> str | None:
    """Every fourth chat is private."""
    return f"channel_{item.number}" if item.number % 4 else None


def _members(item: Item) -> int:
    return item.amount if item.amount is not None else 1


CASES = (TelegramCase,)
