"""Dice for one thing, always the same for the same thing."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.known_company.clock import RUNS

BERLIN = ZoneInfo("Europe/Berlin")


def dice(*what: object) -> random.Random:
    """Dice for ``what``."""
    return random.Random("orion " + " ".join(map(str, what)))


def moment(day: date, minutes: float) -> datetime:
    """The instant that many minutes after midnight of ``day`` in Berlin, as UTC: days of 23 and 25 hours included."""
    midnight = datetime.combine(day, time(), tzinfo=BERLIN).astimezone(UTC)
    return midnight + timedelta(minutes=minutes)


def yesterday(run: int) -> date:
    """The newest whole day in Berlin at a run."""
    return RUNS[run].astimezone(BERLIN).date() - timedelta(days=1)
