"""Which question to Telegram fills which stream: each chat, and how many are in it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from connectors.core.errors import PermanentError
from connectors.core.feed import Batch, Feed, SnapshotFeed
from connectors.telegram.config import Config
from connectors.telegram.streams import FOLLOWERS

if TYPE_CHECKING:
    from connectors.telegram.client import TelegramClient

_FIELDS = ("title", "type")


def _read_followers(client: TelegramClient) -> Iterator[Batch]:
    """Every chat once; one that can't be read fails the reading, since the rest would pass for all."""
    named: dict[str, str] = {}
    for chat in client.config.chats:
        told = client.chat(chat)
        account_id = str(told["id"])
        if account_id in named:
            raise PermanentError(
                f"Source {client.context.source_id}, stream {FOLLOWERS.id}: the chat {account_id} came "
                f"twice, as {named[account_id]} and as {chat}. Nothing was stored. Leave one of "
                "them out of `chats`."
            )
        named[account_id] = chat
        fields = {name: told[name] for name in _FIELDS if name in told}
        row = {
            "account_id": account_id,
            "username": told.get("username"),
            **fields,
            "followers": client.members(chat),
        }
        yield Batch.of_rows(FOLLOWERS, [row])


def feeds(config: Config) -> Sequence[Feed]:
    """What a Telegram source lands."""
    del config
    return (SnapshotFeed(stream=FOLLOWERS, read=_read_followers),)
