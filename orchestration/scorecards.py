"""Scorecards: what ``scorecards.yml`` says, and the KPI ids it may use.

In goes the file, out come validated :class:`Scorecard` values or findings with file, line and key. KPIs may
be named by id or by an alias of the catalogue (CPL, CAC, CTOR …); after loading only ids remain.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from orchestration.errors import SettingsError
from orchestration.workspace import dbt_project_dir
from orchestration.yaml_source import closest, findings_of, read_yaml


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


Number = Annotated[float, Field(allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Target(_Strict):
    """One KPI of a scorecard with its target; several entries of a KPI are versions by ``valid_from``.

    Attributes:
        kpi: KPI id.
        target: in the KPI's own unit; rates as fractions (0.25, not 25).
        target_upper: upper end, with direction ``range``.
        direction: default is the catalogue's.
        baseline: value before the campaign.
        tolerance: relative distance from the target that still raises no alert.
        valid_from: first day the target applies; the one known at a period's start counts.
    """

    kpi: str
    target: Number
    target_upper: Number | None = None
    direction: Direction | None = None
    baseline: Number | None = None
    tolerance: Annotated[Number, Field(ge=0)] | None = None
    valid_from: date

    @model_validator(mode="after")
    def _range_has_two_ends(self) -> Self:
        if self.direction is Direction.RANGE and self.target_upper is None:
            raise ValueError("direction range needs target (lower end) and target_upper (upper end)")
        if self.target_upper is not None and self.direction is not Direction.RANGE:
            raise ValueError("target_upper is only for direction: range")
        if self.target_upper is not None and self.target_upper < self.target:
            raise ValueError("target_upper is below target")
        return self


class Scorecard(_Strict):
    """KPIs with targets; ``segment_type`` and ``segment`` narrow it to a campaign or channel."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    brand: str
    name: str = Field(min_length=1)
    name_fa: str | None = None
    goal: Goal
    grain: Grain
    campaign_type: str | None = None
    brand_stage: str | None = None
    owner: str | None = None
    team: str | None = None
    segment_type: str = "overall"
    segment: str = "all"
    kpis: tuple[Target, ...] = Field(min_length=1)


class _ScorecardsFile(_Strict):
    scorecards: tuple[Scorecard, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """KPI ids of the catalogue seed.

    Attributes:
        directions: default direction by KPI id.
        aliases: KPI id by alias, aliases in lower case.
    """

    directions: Mapping[str, Direction]
    aliases: Mapping[str, str]

    def resolve(self, word: str) -> str | None:
        """The KPI id that ``word`` (an id or an alias, any case) names."""
        if word in self.directions:
            return word
        return self.aliases.get(word.strip().lower())


def load_catalogue(project: Path | None = None) -> Catalogue:
    """Read the catalogue seed of the dbt project.

    Raises:
        SettingsError: the seed is missing; the installation is broken.
    """
    path = (project or dbt_project_dir()) / "seeds" / "kpi_catalogue.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SettingsError(
            f"The KPI catalogue {path} can't be read: {error.strerror}. Install Sanjeh again."
        ) from error
    aliases = {}
    for row in rows:
        for alias in re.split(r"[|;,]", row["aliases"] or ""):
            if alias.strip():
                aliases[alias.strip().lower()] = row["kpi_id"]
    return Catalogue(directions={row["kpi_id"]: Direction(row["direction"]) for row in rows}, aliases=aliases)


def load_scorecards(
    path: Path, *, brands: frozenset[str], catalogue: Catalogue | None = None
) -> tuple[tuple[Scorecard, ...], list[str]]:
    """Read ``scorecards.yml``.

    Args:
        path: the file.
        brands: brand ids of ``sanjeh.yml``.
        catalogue: default is that of the dbt project.

    Returns:
        The scorecards with KPI ids and directions resolved, and findings as ``file:line (key): message``.
    """
    source = read_yaml(path)
    try:
        parsed = _ScorecardsFile.model_validate(source.data)
    except ValidationError as error:
        return (), findings_of(error, source, _ScorecardsFile)
    known = catalogue or load_catalogue()
    findings: list[str] = []
    resolved = []
    repeated = {key for key, count in Counter(card.id for card in parsed.scorecards).items() if count > 1}
    for index, card in enumerate(parsed.scorecards):
        at = ("scorecards", index)
        if card.id in repeated:
            findings.append(source.finding((*at, "id"), f"two scorecards have the id {card.id!r}."))
        if card.brand not in brands:
            findings.append(
                source.finding(
                    (*at, "brand"), f"there is no brand {card.brand!r}. {closest(card.brand, brands)}"
                )
            )
        targets: list[Target] = []
        for position, target in enumerate(card.kpis):
            place = (*at, "kpis", position)
            kpi_id = known.resolve(target.kpi)
            if kpi_id is None:
                hint = closest(target.kpi, [*known.directions, *known.aliases])
                findings.append(source.finding((*place, "kpi"), f"there is no KPI {target.kpi!r}. {hint}"))
                continue
            if any(other.kpi == kpi_id and other.valid_from == target.valid_from for other in targets):
                findings.append(
                    source.finding(
                        place, f"{kpi_id} has two targets that are valid from {target.valid_from}."
                    )
                )
            direction = target.direction or known.directions[kpi_id]
            targets.append(target.model_copy(update={"kpi": kpi_id, "direction": direction}))
        resolved.append(card.model_copy(update={"kpis": tuple(targets)}))
    return tuple(resolved), findings
