"""Run options: what one refresh was asked to do, from the command line or Dagster's run configuration.

Text in, :class:`RunOptions` out; a text that can't be understood is a :class:`SettingsError` that names the
option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

import jdatetime

from orchestration.errors import SettingsError


class Cadence(StrEnum):
    """Why a run happens; decides how far back it looks when no window is given."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Target(StrEnum):
    """The engine that builds the warehouse; a target of ``dbt_project/profiles.yml``."""

    DUCKDB = "duckdb"
    SPARK = "spark"


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """One refresh.

    Attributes:
        cadence: decides the window where none is given.
        window: first and last source-local day to land again, both inclusive.
        source: land only this source; None lands all.
        full_refresh: rebuild from the raw zone and fetch nothing.
        as_of: the run's clock (UTC); None is now.
        kind: ``run`` or ``backfill``, as kept in the run's record.
        target: the engine that builds.
    """

    cadence: Cadence = Cadence.DAILY
    window: tuple[date, date] | None = None
    source: str | None = None
    full_refresh: bool = False
    as_of: datetime | None = None
    kind: str = "run"
    target: Target = Target.DUCKDB

    @classmethod
    def parse(
        cls,
        *,
        cadence: str = "daily",
        window_from: str = "",
        window_to: str = "",
        source: str = "",
        full_refresh: bool = False,
        as_of: str = "",
        kind: str = "run",
        target: str = "duckdb",
    ) -> RunOptions:
        """Options from text; an empty text is an option not given.

        Raises:
            SettingsError: a text is no date, the window is no window, or options exclude each other.
        """
        if cadence not in list(Cadence):
            raise SettingsError(f"--cadence is {cadence!r}; it is one of {', '.join(Cadence)}.")
        if target not in list(Target):
            raise SettingsError(f"--target is {target!r}; it is one of {', '.join(Target)}.")
        if bool(window_from) != bool(window_to):
            raise SettingsError(
                "--from and --to belong together: give both days (both inclusive), or neither."
            )
        if full_refresh and (window_from or source):
            raise SettingsError(
                "--full-refresh rebuilds the warehouse from the raw zone and fetches nothing, so it takes "
                "neither --from/--to nor --source. Land first with `sanjeh backfill`, then refresh."
            )
        window = None
        if window_from:
            window = (_day("--from", window_from), _day("--to", window_to))
            if window[1] < window[0]:
                raise SettingsError(f"--to {window[1]} is before --from {window[0]}; swap them.")
        return cls(
            cadence=Cadence(cadence),
            window=window,
            source=source or None,
            full_refresh=full_refresh,
            as_of=_moment(as_of) if as_of else None,
            kind=kind,
            target=Target(target),
        )

    def resource_config(self) -> Mapping[str, str | bool]:
        """The same options as configuration of :class:`~orchestration.resources.RefreshResource`."""
        return {
            "cadence": self.cadence.value,
            "window_from": self.window[0].isoformat() if self.window else "",
            "window_to": self.window[1].isoformat() if self.window else "",
            "source": self.source or "",
            "full_refresh": self.full_refresh,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "kind": self.kind,
            "target": self.target.value,
        }

    def landing_window(self, today: date, *, calendar: str) -> tuple[date, date] | None:
        """Days (inclusive) to land again: those given, or those the cadence closes; None for new data only.

        Args:
            today: the run's clock as a day of the project's zone.
            calendar: ``gregorian`` or ``jalali``, the calendar whose months and quarters close.
        """
        months_back = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}.get(self.cadence)
        if self.window is not None or months_back is None:
            return self.window
        return closing_start(today, months_back=months_back, calendar=calendar), today - timedelta(days=1)


def closing_start(today: date, *, months_back: int, calendar: str) -> date:
    """First day of the month ``months_back`` calendar months before today's month."""
    if calendar == "jalali":
        jalali = jdatetime.date.fromgregorian(date=today)
        index = jalali.year * 12 + jalali.month - 1 - months_back
        return jdatetime.date(index // 12, index % 12 + 1, 1).togregorian()  # type: ignore[no-any-return]
    index = today.year * 12 + today.month - 1 - months_back
    return date(index // 12, index % 12 + 1, 1)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{option} is {text!r}, which is no day; write it as 2026-11-30.") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            f"--as-of is {text!r}, which is no moment; write a day (2026-11-30, taken as noon UTC, so that "
            "it is that same day in almost every zone) or a timestamp (2026-11-30T04:00:00+03:30)."
        ) from error
    if len(text) <= len("2026-11-30"):
        return datetime.combine(moment.date(), time(12), tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
