"""Telegram: the token in the address, refusals that say ``ok: false``, waits in the body, chats that move."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError
from werkzeug import Request, Response

from connectors.core.raw_zone import RawZone
from connectors.registry import api_config
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response
from tests.fakes.telegram import BOT, Chat, TelegramApi, flood

NOON = datetime(2026, 11, 10, 9, tzinfo=UTC)
EVENING = datetime(2026, 11, 10, 21, tzinfo=UTC)
"""Past midnight in Tehran."""
STORED = (
    "select _slice, account_id, username, title, type, followers from raw.telegram__followers order by 1, 2"
)


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    """A channel and a private group; the contract must not be broken."""
    with TelegramApi() as server:
        server.chats = [
            Chat(-1001, "سیب‌فروشی", 15_321, username="sib_shop"),
            Chat(-1002, "Club", 40, type="supergroup"),
        ]
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: TelegramApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A bot that counts both."""
    monkeypatch.setenv("CHAT_BOT", BOT)
    keys = {
        "connector": "telegram",
        "token_env": "CHAT_BOT",
        "chats": ["@sib_shop", -1002],
        "base_url": api.base_url,
    }
    return Workbench(zone, keys)


def test_a_day_is_the_brands_and_its_last_count_holds(api: TelegramApi, bench: Workbench) -> None:
    bench.landed(NOON)
    api.chats[0].members = 15_400
    bench.landed(NOON + timedelta(hours=3))
    api.chats[0].members = 15_500
    bench.landed(EVENING)
    assert bench.rows(STORED) == [
        ("2026-11-10", "-1001", "sib_shop", "سیب‌فروشی", "channel", 15_400),
        ("2026-11-10", "-1002", None, "Club", "supergroup", 40),
        ("2026-11-11", "-1001", "sib_shop", "سیب‌فروشی", "channel", 15_500),
        ("2026-11-11", "-1002", None, "Club", "supergroup", 40),
    ]


def test_a_renamed_channel_keeps_its_id_and_a_public_one_may_become_private(
    api: TelegramApi, bench: Workbench
) -> None:
    bench.landed(NOON)
    api.chats[0].username = None
    bench.landed(EVENING, chats=[-1001, -1002])
    assert [row[:3] for row in bench.rows(STORED) if row[1] == "-1001"] == [
        ("2026-11-10", "-1001", "sib_shop"),
        ("2026-11-11", "-1001", None),
    ]


class _Repeats(FakeApi):
    """A gateway that fails and repeats the address that it was sent, or refuses it in Telegram's words."""

    def answer(self, request: Request) -> Response:
        return Response(f"no route for {request.url}", status=404)

    def broken(self, fault: Fault, request: Request) -> Response:
        raise NotImplementedError


def test_the_token_is_told_nobody(
    api: TelegramApi, bench: Workbench, caplog: pytest.LogCaptureFixture, zone: RawZone
) -> None:
    caplog.set_level(logging.DEBUG)
    bench.landed(NOON)
    with _Repeats() as gateway:
        told = [str(errors_of(bench.land(NOON, base_url=gateway.base_url)))]
    # Nobody listens there: the library's own error names the address.
    told.append(str(errors_of(bench.land(NOON, base_url="http://127.0.0.1:1", http={"attempts": 1}))))
    told += [caplog.text, str(bench.check(now=NOON)), bench.everything_stored()]
    assert "/bot***/getChat" in caplog.text
    assert "no route for" in told[0]
    assert "127.0.0.1" in told[1]
    assert [part for part in told for secret in (BOT, BOT.split(":")[1]) if secret in part] == []


@pytest.mark.parametrize("token", ["not a token at all", "7000000001:AAE-revoked_key-of_the-server-9999999"])
def test_a_wrong_and_a_revoked_token_are_told_from_a_wrong_chat(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("CHAT_BOT", token)
    said = errors_of(bench.land(NOON))["followers"]
    assert "the credentials are refused" in said
    assert "@BotFather" in said
    assert token not in said
    assert "the credentials are refused" in bench.check(now=NOON).problems[0]


def test_flood_control_is_waited_for_as_the_body_says(api: TelegramApi, bench: Workbench) -> None:
    answers = iter([flood(5)])
    original = api.answer
    api.answer = lambda request: next(answers, None) or original(request)  # type: ignore[method-assign]
    bench.landed(NOON)
    assert 5 in bench.seconds.waits


def test_flood_control_of_an_hour_ends_the_run(api: TelegramApi, bench: Workbench) -> None:
    api.order(Fault.QUOTA_EXHAUSTED)
    said = errors_of(bench.land(NOON))["followers"]
    assert "asks to wait 3,600 s" in said
    assert bench.seconds.waits == []
    assert len(api.seen) == 1


def test_ok_false_with_status_200_is_no_answer(api: TelegramApi, bench: Workbench) -> None:
    api.lies = True
    lost = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
    api.answer = lambda _: json_response(lost)  # type: ignore[method-assign]
    said = errors_of(bench.land(NOON))["followers"]
    assert "GET getChat of @sib_shop: the request is refused (Bad Request: chat not found)" in said


def test_a_chat_that_lets_no_bot_in_fails_all_since_the_rest_would_pass_for_all(
    api: TelegramApi, bench: Workbench
) -> None:
    bench.landed(NOON)
    before = bench.rows(STORED)
    api.chats[1].lets_bot_in = False
    said = errors_of(bench.land(EVENING))["followers"]
    assert "getChat of -1002" in said
    assert "add the bot to the chat" in said
    assert bench.rows(STORED) == before
    assert "add the bot to the chat" in bench.check(now=NOON).problems[0]


def test_a_group_that_moved_says_where(api: TelegramApi, bench: Workbench) -> None:
    api.chats[1].moved_to = -1009
    assert "supergroup with id -1009" in errors_of(bench.land(NOON))["followers"]


def test_a_chat_that_is_named_twice_is_told(bench: Workbench) -> None:
    said = errors_of(bench.land(NOON, chats=["@sib_shop", -1001]))["followers"]
    assert "the chat -1001 came twice, as @sib_shop and as -1001" in said


def test_calls_go_through_the_proxy_that_is_configured(api: TelegramApi, bench: Workbench) -> None:
    class _Proxy(TelegramApi):
        """Answers what it is asked to pass on."""

    with _Proxy() as proxy:
        proxy.chats = api.chats
        bench.landed(NOON, base_url="http://telegram.local", http={"proxy": proxy.base_url})
        assert len(proxy.seen) == 4
    assert api.seen == []


def test_check_names_bot_and_chats(bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == "Telegram bot @sanjeh_counter_bot; counts members of سیب‌فروشی, Club"


def test_days_of_the_past_cannot_be_asked_for(bench: Workbench) -> None:
    day = NOON.date() - timedelta(days=3)
    bench.load_id += 1
    landed = bench.source().land(bench.zone, load_id=1, loaded_at=NOON, window=(day, day))
    assert "--from and --to don't apply" in landed[0].notes[0]
    assert {row[0] for row in bench.rows(STORED)} == {"2026-11-10"}


@pytest.mark.parametrize("chat", ["sib_shop", "https://t.me/sib_shop", "@a", True])
def test_a_chat_is_written_as_telegram_writes_it(chat: object) -> None:
    keys = {"connector": "telegram", "brand": "b", "token_env": "T", "chats": [chat]}
    with pytest.raises(ValidationError):
        api_config("telegram").model_validate(keys)
