"""What ``scorecards.yml`` may hold: scorecards with targets, objectives with key results, budgets.

What a scorecard needs but a person may forget (a target, its first day, a grain, an owner) may be missing
here: the lint asks for it by name, and what can't be computed without it is left out of the warehouse.
Everything else that is wrong is a finding of the reader.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from connectors.core.text import ascii_digits
from orchestration.yaml_source import YamlSource


class Goal(StrEnum):
    """What a campaign is for."""

    AWARENESS = "awareness"
    ENGAGEMENT = "engagement"
    LEADS = "leads"
    SALES = "sales"
    RETENTION = "retention"


class Grain(StrEnum):
    """Length of the periods a scorecard judges."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Direction(StrEnum):
    """Which side of the target is good."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"


def _in_ascii(written: object) -> object:
    """Digits and decimal mark as YAML and Python write them; people may write Persian ones."""
    return ascii_digits(written).replace("٫", ".") if isinstance(written, str) else written


def _number_or_none(written: object) -> object:
    """The number that was written; None for words and infinities, which the lint shows as they stand."""
    if isinstance(written, bool):
        return None
    try:
        number = float(_in_ascii(written))  # type: ignore[arg-type]  # what is no number raises TypeError
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _as_text(written: object) -> object:
    """A day or number that YAML saw in a month, as text again."""
    return str(written) if isinstance(written, int | date) else written


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Number = Annotated[float, BeforeValidator(_in_ascii), Field(allow_inf_nan=False)]
Goalpost = Annotated[Number | None, BeforeValidator(_number_or_none)]


OVERALL = ("overall", "all")
"""Type and name of the segment that is the whole brand."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Target(_Strict):
    """One KPI of a scorecard with its target; several entries of a KPI are versions by ``valid_from``.

    Attributes:
        kpi: KPI id.
        target: in the KPI's own unit once read (0.25, also where the file says 25 with unit ``percent``);
            None where the file holds no number.
        target_upper: upper end, with direction ``range``.
        direction: default is the catalogue's.
        baseline: value before the campaign.
        tolerance: relative distance from the target that still raises no alert.
        unit: what the numbers are written in: the catalogue's unit, ``percent``, or the brand's currency.
        valid_from: first day the target applies; the one known at a period's start counts. Gregorian once
            read, whatever calendar the file says it in.
    """

    kpi: str
    target: Goalpost = None
    target_upper: Number | None = None
    direction: Direction | None = None
    baseline: Number | None = None
    tolerance: Annotated[Number, Field(ge=0)] | None = None
    unit: str | None = None
    valid_from: date | None = None

    @model_validator(mode="after")
    def _range_has_two_ends(self) -> Self:
        if self.direction is Direction.RANGE and self.target_upper is None:
            raise ValueError("direction range needs target (lower end) and target_upper (upper end)")
        if self.target_upper is not None and self.direction is not Direction.RANGE:
            raise ValueError("target_upper is only for direction: range")
        if self.target_upper is not None and self.target is not None and self.target_upper < self.target:
            raise ValueError("target_upper is below target")
        return self


class Scorecard(_Strict):
    """KPIs with targets.

    Attributes:
        segment_type, segment: narrow it to a campaign or channel.
        accept: codes of lint warnings that are meant so.
    """

    id: Id
    brand: str
    name: str = Field(min_length=1)
    name_fa: str | None = None
    goal: Goal
    grain: Grain | None = None
    campaign_type: str | None = None
    brand_stage: str | None = None
    owner: str | None = None
    team: str | None = None
    segment_type: str = OVERALL[0]
    segment: str = OVERALL[1]
    accept: tuple[str, ...] = ()
    kpis: tuple[Target, ...] = Field(min_length=1)


class KeyResult(_Strict):
    """A KPI that an objective moves from ``baseline`` to ``target``.

    Attributes:
        baseline: where it stood at the start, in the KPI's own unit once read.
        target: where it shall stand, likewise.
        weight: share of the objective; the weights of an objective sum to 1.
        unit: as in :class:`Target`.
    """

    kpi: str
    baseline: Goalpost = None
    target: Goalpost = None
    weight: Annotated[Number, Field(gt=0, le=1)]
    segment_type: str = OVERALL[0]
    segment: str = OVERALL[1]
    unit: str | None = None


class Objective(_Strict):
    """What shall be reached, measured by weighted key results in every period from ``valid_from`` on.

    Attributes:
        valid_from: periods that start on or after this day are measured.
        valid_to: last day a period may start on; None for no end.
        accept: codes of lint warnings that are meant so.
    """

    id: Id
    brand: str
    name: str = Field(min_length=1)
    name_fa: str | None = None
    grain: Grain | None = None
    owner: str | None = None
    team: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    accept: tuple[str, ...] = ()
    key_results: tuple[KeyResult, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self


class BudgetEntry(_Strict):
    """A line of ``budgets`` as written; ``month`` is ``2026-11``, or ``1405-08`` for a Jalali brand."""

    brand: str
    channel: str
    month: Annotated[str, BeforeValidator(_as_text)]
    amount: Annotated[Decimal, BeforeValidator(_in_ascii), Field(ge=0, max_digits=18, decimal_places=6)]


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a brand plans to spend on a channel in one month of its calendar.

    Attributes:
        channel: word of the file; a channel id of the seed ``channels`` unless the lint says otherwise.
        month: as written.
        month_start: first day of that month.
        amount: in the reporting currency of the brand.
    """

    brand: str
    channel: str
    month: str
    month_start: date
    amount: Decimal


class PlansFile(_Strict):
    """The file as a whole."""

    scorecards: tuple[Scorecard, ...] = ()
    objectives: tuple[Objective, ...] = ()
    budgets: tuple[BudgetEntry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plans:
    """What ``scorecards.yml`` asks for, KPI ids, directions, units and months resolved.

    Attributes:
        file: the file itself, for the place and wording of what it says. Items stand in the order of the
            file, so ``("scorecards", 0, "kpis", 1)`` is the place of ``scorecards[0].kpis[1]``.
    """

    scorecards: tuple[Scorecard, ...]
    objectives: tuple[Objective, ...]
    budgets: tuple[Budget, ...]
    file: YamlSource

    @property
    def is_empty(self) -> bool:
        """Whether nothing is planned."""
        return not (self.scorecards or self.objectives or self.budgets)

    @classmethod
    def none(cls, path: Path) -> Plans:
        """Of a workspace without the file."""
        nothing = YamlSource(path=path, data={}, lines={(): 1})
        return cls(scorecards=(), objectives=(), budgets=(), file=nothing)
