"""What every family draws: how many examples, brands, clocks, moments near the edges of days, and rates."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from connectors.exchange_rates.streams import RATES
from tests.properties.periods import CALENDAR_KEYS
from tests.properties.zone import MemoryZone


def examples() -> int:
    """How many examples each property is given."""
    asked = os.environ.get("SANJEH_PROVE", "")
    if not asked:
        return 8
    return 200 if asked == "1" else int(asked)


PROFILE = settings(
    max_examples=examples(),
    derandomize=not os.environ.get("SANJEH_RANDOM"),
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[Phase.generate, *([Phase.shrink] if os.environ.get("SANJEH_SHRINK") else [])],
)
"""``SANJEH_PROVE=1`` draws 200 examples, another number so many; always the same ones but with ``SANJEH_RANDOM=1``.
With ``SANJEH_SHRINK=1`` a failing example is made small, which takes a while."""
ZONES = ("UTC", "Asia/Tehran", "America/New_York", "Europe/Berlin", "Pacific/Auckland")
MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class DrawnBrand:
    """A brand and the run's clock.

    Attributes:
        as_of: aware. first_day: where its history begins.
    """

    timezone: str
    calendar_key: str
    currency: str
    as_of: datetime
    first_day: date
    gross_margin: Decimal | None = None

    @property
    def today(self) -> date:
        """Day of the brand at the clock."""
        return self.as_of.astimezone(ZoneInfo(self.timezone)).date()

    def day(self, moment: datetime) -> date:
        """Day of the brand that a UTC moment without zone falls on."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.timezone)).date()

    def entry(self) -> dict[str, Any]:
        """The brand in ``sanjeh.yml``."""
        calendar, week_start, fiscal_start = self.calendar_key.split("-")
        entry: dict[str, Any] = {
            "name": "Acme",
            "timezone": self.timezone,
            "calendar": calendar,
            "week_start": week_start,
            "fiscal_year_start": int(fiscal_start),
            "currency": self.currency,
        }
        if self.gross_margin is not None:
            entry["gross_margin"] = float(self.gross_margin)
        return entry


@st.composite
def brands(
    draw: st.DrawFn,
    first: date,
    last: date,
    *,
    history: Sequence[int] = (20, 45, 100, 130),
    currency: str = "EUR",
) -> DrawnBrand:
    """Brands whose clock is between ``first`` and ``last`` and whose data begins ``history`` days before it."""
    as_of = datetime.combine(
        draw(st.dates(first, last)),
        draw(st.sampled_from([time(), time(21, 40)])),
        UTC,
    )
    return DrawnBrand(
        timezone=draw(st.sampled_from(ZONES)),
        calendar_key=draw(st.sampled_from(CALENDAR_KEYS)),
        currency=currency,
        as_of=as_of,
        first_day=as_of.date() - timedelta(days=draw(st.sampled_from(list(history)))),
        gross_margin=draw(st.sampled_from([None, Decimal("0.5")])),
    )


@st.composite
def moments(
    draw: st.DrawFn, brand: DrawnBrand, first: date | None = None, last: date | None = None
) -> datetime:
    """UTC moments without zone, of days of the brand, often a second before or at a midnight of its zone."""
    first = first or brand.first_day
    last = last or brand.today - timedelta(days=1)
    day = draw(st.dates(first, max(first, last)))
    clock = draw(
        st.sampled_from(
            [
                timedelta(0),
                timedelta(hours=23, minutes=59, seconds=59),
                timedelta(hours=3, minutes=30),
                timedelta(hours=12),
                timedelta(hours=20, minutes=30),
            ]
        )
    )
    local = datetime.combine(day, datetime.min.time(), ZoneInfo(brand.timezone)) + clock
    moment = local.astimezone(UTC).replace(tzinfo=None)
    # A clock that daylight saving skips would fall on the neighbouring day.
    return moment if brand.day(moment) == day else moment + timedelta(hours=2)


money = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("19.99"), Decimal("100")]),
    st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100),
)


@dataclass(frozen=True)
class Rates:
    """Quoted units of the reporting currency for one unit of another, by day."""

    quoted: Mapping[str, Mapping[date, Decimal]]
    reporting: str

    def rate(self, currency: str, day: date) -> Decimal | None:
        """The rate of ``day``: the newest quoted one of at most seven days before."""
        known = [at for at in self.quoted.get(currency, {}) if at <= day <= at + timedelta(days=7)]
        return self.quoted[currency][max(known)] if known else None

    def convert(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """Amount in the reporting currency to 6 decimals; None without a rate."""
        if currency == self.reporting or amount == 0:
            return amount
        rate = self.rate(currency, day)
        return None if rate is None else (amount * rate).quantize(MICRO, ROUND_HALF_UP)

    def land(self, zone: MemoryZone, source: str, *, load_id: int, window: tuple[date, date]) -> None:
        """Land what is quoted."""
        rows = [
            {"date": day, "from_currency": currency, "to_currency": self.reporting, "rate": rate}
            for currency, by_day in self.quoted.items()
            for day, rate in by_day.items()
        ]
        zone.land(RATES, source, "rates.csv", rows, load_id=load_id, window=window)


@st.composite
def rates(draw: st.DrawFn, brand: DrawnBrand, currencies: Sequence[str] = ("USD", "IRR")) -> Rates:
    """Rates with gaps, some longer than the seven days that a rate is carried."""
    days = (brand.today - brand.first_day).days
    quoted = {}
    for currency in currencies:
        offsets = draw(st.lists(st.integers(-3, days), max_size=12, unique=True))
        regular = range(0, days, 7) if draw(st.booleans()) else ()
        quoted[currency] = {
            brand.first_day + timedelta(days=offset): Decimal(draw(st.integers(1, 3_000_000))) / 1_000_000
            for offset in {*offsets, *regular}
        }
    return Rates(quoted, brand.currency)
