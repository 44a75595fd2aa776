"""TelegramApi: the Bot API as far as a counting bot sees it: itself, chats and their members.

Comes in: the bot's token in the path, a chat by name or id. Goes out: ``{"ok":true,"result":…}`` or Telegram's
refusal with the same code as the status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

BOT = "7000000001:AAE-key_of_the_local_server-0123456"
LONG_WAIT = 3600
"""Seconds that flood control asks for at its worst."""

_PATH = re.compile(r"/bot([^/]+)/(\w+)")


@dataclass
class Chat:
    """A channel or a group.

    Attributes:
        type: channel, supergroup or group.
        username: public name without @; None for a private chat.
        lets_bot_in: False: the bot isn't a member and may not count.
        moved_to: id of the supergroup that the group became.
    """

    id: int
    title: str
    members: int
    type: str = "channel"
    username: str | None = None
    lets_bot_in: bool = True
    moved_to: int | None = None


class TelegramApi(FakeApi):
    """Telegram as one bot meets it.

    Attributes:
        bot: the token that is good.
        chats: all that there are.
        confuses_chats: every chat is told as the first one, as a broken server would.
    """

    contract: ClassVar[Contract | None] = Contract.of("telegram")

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.bot = BOT
        self.chats: list[Chat] = []
        self.confuses_chats = False

    def answer(self, request: Request) -> Response:
        """The answer of a healthy server."""
        found = _PATH.fullmatch(request.path)
        if found is None:
            return refusal(404, "Not Found")
        token, method = found.groups()
        if not re.fullmatch(r"[0-9]+:[\w-]{30,}", token):
            return refusal(404, "Not Found")
        if token != self.bot:
            return refusal(401, "Unauthorized")
        match method:
            case "getMe":
                return result(
                    {
                        "id": int(self.bot.partition(":")[0]),
                        "is_bot": True,
                        "first_name": "Counter",
                        "username": "sanjeh_counter_bot",
                        "can_join_groups": True,
                    }
                )
            case "getChat" | "getChatMemberCount":
                return self._chat(method, request.args.get("chat_id", ""))
        return refusal(404, "Not Found: method not found")

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; every method breaks alike
        """The fault in Telegram's form; there is no quota of a day, but flood control may ask for an hour."""
        match fault:
            case Fault.THROTTLED:
                return flood(1)
            case Fault.QUOTA_EXHAUSTED:
                return flood(LONG_WAIT)
            case Fault.EXPIRED_TOKEN:
                return refusal(401, "Unauthorized")
            case Fault.FORBIDDEN:
                return refusal(403, "Forbidden: bot is not a member of the channel chat")
            case Fault.ERROR_WITH_200:
                return json_response({"ok": False, "error_code": 500, "description": "Internal Server Error"})
            case Fault.SERVER_ERROR:
                return refusal(500, "Internal Server Error")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def echoed(self, request: Request) -> str:
        """The address holds the token."""
        return f"{request.url} {super().echoed(request)}"

    def _chat(self, method: str, asked: str) -> Response:
        with self._lock:
            found = next((each for each in self.chats if asked in {str(each.id), f"@{each.username}"}), None)
            if found is None:
                return refusal(400, "Bad Request: chat not found")
            if self.confuses_chats:
                found = self.chats[0]
            if found.moved_to is not None:
                return refusal(
                    400,
                    "Bad Request: group chat was upgraded to a supergroup chat",
                    migrate_to_chat_id=found.moved_to,
                )
            if not found.lets_bot_in:
                return refusal(403, f"Forbidden: bot is not a member of the {found.type} chat")
            return result(self.told(found) if method == "getChat" else self.counted(found))

    def told(self, chat: Chat) -> dict[str, Any]:
        """What is told of a chat; private ones have no username."""
        said = {"id": chat.id, "title": chat.title, "type": chat.type}
        if chat.username is not None:
            said["username"] = chat.username
        return said | {"accent_color_id": 3, "max_reaction_count": 11}

    def counted(self, chat: Chat) -> object:
        """How many are in a chat."""
        return chat.members


def result(value: object) -> Response:
    """An answer in Telegram's form."""
    return json_response({"ok": True, "result": value})


def refusal(code: int, description: str, **parameters: int) -> Response:
    """A refusal in Telegram's form."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return json_response(body, status=code)


def flood(seconds: int) -> Response:
    """Flood control; the wait stands in the body, there is no header."""
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
