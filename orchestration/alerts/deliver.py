"""One message to one channel, through Apprise; the channel's address is never written anywhere.

Apprise logs what it does under its own name, addresses among it. Those records are kept here, for the code of
an answer, and go nowhere else.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from connectors.core.redaction import register_secret
from orchestration.alerts.render import Message, digest
from orchestration.alerts.settings import Notifier

if TYPE_CHECKING:
    import apprise

_ANSWER = re.compile(r"error=(\d{3})\b")
_TOKEN = re.compile(r"[A-Za-z0-9_\-]{12,}")
_CHATTY = ("urllib3", "requests", "httpx", "smtplib")


def no_address(notifier: Notifier) -> str:
    """What to say of an address that makes no channel."""
    return (
        f"what {notifier.url_env} holds is no address that Apprise understands; see "
        "https://appriseit.com for the form of each service"
    )


def deliver(notifier: Notifier, messages: Sequence[Message], *, language: str, mood: str) -> str | None:
    """Send ``messages`` as one; None when the channel took it, else why not, without its address.

    Args:
        notifier: where to.
        messages: at least one.
        language: of the title of a digest.
        mood: info, success, warning or failure; some channels show a colour.
    """
    url = notifier.url()
    if url is None:
        return f"the variable {notifier.url_env} is not set; set it, or add it to .env of the workspace"
    _hide(url)
    with _listening() as heard:
        try:
            channel = _channel(url)
            if channel is None:
                return no_address(notifier)
            taken = _send(channel, messages, language=language, mood=mood)
        except Exception as fault:  # noqa: BLE001 - a plugin's fault must not end the run, nor show its text, which may hold the address; the messages stay kept
            return f"sending broke off ({type(fault).__name__})"
    return None if taken else _reason(heard)


def is_understood(notifier: Notifier) -> bool:
    """Whether Apprise can make a channel of the notifier's address, which is set; nothing is sent."""
    url = notifier.url() or ""
    _hide(url)
    with _listening():
        try:
            return _channel(url) is not None
        except Exception:  # noqa: BLE001 - a plugin's fault is no address that it takes, and its text may hold it
            return False


def _channel(url: str) -> apprise.NotifyBase | None:
    import apprise  # noqa: PLC0415 - its services take a while to load; only sending needs them

    asset = apprise.AppriseAsset(app_id="Sanjeh", app_desc="Sanjeh", async_mode=False, secure_logging=True)
    channel = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if not isinstance(channel, apprise.NotifyBase):
        return None
    if channel.overflow_mode == apprise.OverflowMode.UPSTREAM:
        # A digest longer than the service takes comes in parts rather than not at all.
        channel.overflow_mode = apprise.OverflowMode.SPLIT
    return channel


def _send(channel: apprise.NotifyBase, messages: Sequence[Message], *, language: str, mood: str) -> bool:
    import apprise  # noqa: PLC0415 - loaded by now

    formats = channel.notify_format
    preferred = formats[0] if isinstance(formats, tuple) else formats
    is_markdown = preferred != apprise.NotifyFormat.TEXT
    title, body = digest(messages, language, is_markdown=is_markdown)
    courier = apprise.Apprise(asset=channel.asset)
    courier.add(channel)
    return bool(
        courier.notify(
            title=title,
            body=body,
            notify_type=apprise.NotifyType(mood),
            body_format=apprise.NotifyFormat.MARKDOWN if is_markdown else apprise.NotifyFormat.TEXT,
        )
    )


def _hide(url: str) -> None:
    """Strike the address and its tokens out of every log of this process, whoever writes it."""
    for secret in (url, *_TOKEN.findall(url.split("://", 1)[-1])):
        with suppress(ValueError):  # too short to be one
            register_secret(secret)


def _reason(heard: Sequence[str]) -> str:
    for text in heard:
        answer = _ANSWER.search(text)
        if answer:
            return f"the service answered HTTP {answer.group(1)}"
    if any("onnection" in text for text in heard):
        return "no connection to the service"
    return "the service did not take it"


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text."""
        self.texts.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise warns of, kept from every other log; chatty libraries below it say nothing."""
    kept, log = _Kept(), logging.getLogger("apprise")
    before = (log.propagate, log.level, {name: logging.getLogger(name).level for name in _CHATTY})
    log.addHandler(kept)
    log.propagate = False
    log.setLevel(logging.WARNING)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield kept.texts
    finally:
        log.removeHandler(kept)
        log.propagate = before[0]
        log.setLevel(before[1])
        for name, level in before[2].items():
            logging.getLogger(name).setLevel(level)
