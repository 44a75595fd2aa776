"""Calls of Telegram's Bot API: the bot itself, and chats with their members.

Facts: Bot API 10.1 (core.telegram.org/bots/api). The token is part of the path, so that every address is a
secret: it is registered as it is and as it stands in the path, and calls are named by method and chat.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.http import Answer, Http, judge_status, retry_after
from connectors.core.rate_limit import Rate
from connectors.core.redaction import register_secret
from connectors.core.retry import CallError, Kind
from connectors.telegram.config import Config

_RATE = Rate(calls=20, seconds=1)
"""Below the 30 calls a second that a bot may make."""
_THROTTLED, _SERVER_ERROR = 429, 500
_UNKNOWN_TOKEN = frozenset({401, 404})
"""401 for a revoked token, 404 for one that has never been one."""
_FORBIDDEN = 403

Record = dict[str, Any]


def judge(answer: Answer) -> CallError | None:
    """Telegram's words: ``ok`` says whether it worked, whatever the status; the wait stands in the body."""
    body = answer.json
    if not isinstance(body, dict) or "ok" not in body:
        return judge_status(Answer(status=answer.status, headers=answer.headers, json=None, text=answer.text))
    if body["ok"] is True and "result" in body:
        return None
    return _refusal(body, retry_after(answer.headers))


def _refusal(body: Record, asked_wait: float | None) -> CallError:
    code, said = int(body.get("error_code") or _SERVER_ERROR), str(body.get("description") or "no reason")
    told = body.get("parameters") or {}
    if code == _THROTTLED:
        wait = told.get("retry_after") if asked_wait is None else asked_wait
        return CallError(Kind.THROTTLED, said, wait=wait)
    if code >= _SERVER_ERROR:
        return CallError(Kind.RETRY, said)
    if code in _UNKNOWN_TOKEN:
        return CallError(Kind.AUTH, f"{said}; the token is not one of a bot, or was revoked with @BotFather")
    if code == _FORBIDDEN:
        return CallError(Kind.FORBIDDEN, f"{said}; add the bot to the chat, to a channel as administrator")
    if "migrate_to_chat_id" in told:
        said = f"{said}; the group has become a supergroup with id {told['migrate_to_chat_id']}"
    return CallError(Kind.REFUSED, said)


class TelegramClient:
    """Asks as one bot."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        token = secret_of(config.token_env, source_id=context.source_id)
        in_path = quote(token, safe=":")
        register_secret(in_path)
        self._bot = f"/bot{in_path}"
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"telegram:{token}", _RATE),
            judge=judge,
        )
        self._account: Account | None = None

    def account(self) -> Account:
        """The bot, and that it may see each chat."""
        if self._account is None:
            bot = self._call("getMe", what="the bot")
            titles = [str(self.chat(each).get("title") or each) for each in self.config.chats]
            self._account = Account(
                identity=f"Telegram bot @{bot.get('username') or bot['id']}",
                permission=f"counts members of {', '.join(titles)}" if titles else "counts no members",
                notes=() if titles else ("`chats` is empty, so nothing lands",),
            )
        return self._account

    def chat(self, chat: str) -> Record:
        """A chat by its name or id."""
        return dict(self._call("getChat", chat))

    def members(self, chat: str) -> object:
        """How many are in a chat."""
        return self._call("getChatMemberCount", chat)

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _call(self, method: str, chat: str | None = None, *, what: str = "") -> Any:
        params = {} if chat is None else {"chat_id": chat}
        named = what or f"{method} of {chat}"
        return self._http.call("GET", f"{self._bot}/{method}", params=params, what=named).json["result"]


def connect(config: Config, context: Context) -> TelegramClient:
    """The client; nothing is called yet."""
    return TelegramClient(config, context)
