"""Keys of a Telegram source in ``sanjeh.yml``."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from connectors.core.api_config import Address, ApiConfig

_NAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_ID = re.compile(r"-?[0-9]{1,16}")


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _checked(value: str) -> str:
    if _NAME.fullmatch(value) or _ID.fullmatch(value):
        return value
    raise ValueError(
        f'{value!r} is no chat of Telegram; write its public name, "@my_channel", or its id, -1001234567890'
    )


Chat = Annotated[str, BeforeValidator(_as_text), AfterValidator(_checked)]


class Config(ApiConfig):
    """A bot, and the channels and groups whose members it counts.

    Attributes:
        token_env: variable with the bot's token, as @BotFather gives it.
        chats: ``"@name"`` or numeric id of each channel or group; private ones have an id only, and the bot
            must be in them.
        base_url: scheme and host; that of an own Bot API server also works. Where the host is filtered, name
            a proxy: ``http: {proxy: ...}``.
    """

    connector: Literal["telegram"]
    token_env: str
    chats: tuple[Chat, ...]
    base_url: Address = "https://api.telegram.org"
