"""Telegram's server: the channel of Sib, and the private group of its best customers."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_followers import Audience
from tests.fakes.demos import Opened
from tests.fakes.telegram import BOT, Chat, TelegramApi

_CHANNEL = Audience(name="telegram channel", at_first=14_800, lost=14, gained=21)
_GROUP = Audience(name="telegram group", at_first=410, lost=1, gained=2)


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One bot in two chats; there are no days but today."""
    del days
    bot = stack.enter_context(TelegramApi())
    bot.chats = [
        Chat(-1001500000211, "سیب | میوه‌های تازه", _CHANNEL.on(last_day), username="sib_shop"),
        Chat(-1001500000212, "باشگاه مشتریان سیب", _GROUP.on(last_day), type="supergroup"),
    ]
    return Opened(
        apis={"telegram": bot},
        addresses={"http://telegram.local": bot.base_url},
        environment=lambda _: {"DEMO_TELEGRAM_TOKEN": BOT},
    )
