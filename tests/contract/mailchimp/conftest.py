"""A Mailchimp account on loopback, and a workbench with its key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.mailchimp import API_KEY, MailchimpApi
from tests.fakes.mailchimp_rows import audience

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def api() -> Iterator[MailchimpApi]:
    """The account, with one audience; its contract must not be broken."""
    with MailchimpApi() as server:
        server.audiences = [audience(at=NOON - 400 * DAY)]
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: MailchimpApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the account."""
    monkeypatch.setenv("MAIL_KEY", API_KEY)
    keys = {"connector": "mailchimp", "key_env": "MAIL_KEY", "base_url": api.base_url, "start": "2026-09-01"}
    return Workbench(zone, keys)
