"""KPIs and channels that ``scorecards.yml`` may name, from the seeds of the dbt project."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import SettingsError
from orchestration.scorecards.model import Direction, Goal
from orchestration.workspace import dbt_project_dir

RATIO = "ratio"
MONEY = "money"
NEVER = "none"
"""In ``vanity_except_goals``: vanity whatever the goal."""


@dataclass(frozen=True, kw_only=True)
class CatalogueKpi:
    """One row of the catalogue.

    Attributes:
        measures: numerator, and denominator of a ratio.
        goals: goals it is a core KPI of.
        supports: goals it may stand beside the core KPIs of.
        vanity_except: None for a KPI that is no vanity metric, else the goals it is none for.
        lower, upper: hard bounds of a target; None where there is none.
        lower_is_open: a target must be above ``lower``, not at it.
        owner: team that answers for it.
    """

    kpi_id: str
    name_en: str
    measures: tuple[str, ...]
    unit: str
    direction: Direction
    lower: float | None
    upper: float | None
    lower_is_open: bool
    goals: frozenset[Goal]
    supports: frozenset[Goal]
    vanity_except: frozenset[Goal] | None
    owner: str

    def is_vanity(self, goal: Goal) -> bool:
        """Whether it flatters rather than helps to decide, for that goal."""
        return self.vanity_except is not None and goal not in self.vanity_except

    def serves(self, goal: Goal) -> bool:
        """Whether it belongs on a scorecard of that goal."""
        return goal in self.goals or goal in self.supports


@dataclass(frozen=True)
class Catalogue:
    """The KPIs of the catalogue seed.

    Attributes:
        kpis: by KPI id.
        aliases: KPI id by alias, aliases in lower case.
    """

    kpis: Mapping[str, CatalogueKpi]
    aliases: Mapping[str, str]

    def resolve(self, word: str) -> str | None:
        """The KPI id that ``word`` (an id or an alias, any case) names."""
        if word in self.kpis:
            return word
        return self.aliases.get(word.strip().lower())


def load_catalogue(project: Path | None = None) -> Catalogue:
    """Read the catalogue seed of the dbt project.

    Raises:
        SettingsError: the seed is missing; the installation is broken.
    """
    rows = read_seed("kpi_catalogue", project)
    aliases = {
        alias.strip().lower(): row["kpi_id"]
        for row in rows
        for alias in re.split(r"[|;,]", row["aliases"] or "")
        if alias.strip()
    }
    return Catalogue(kpis={row["kpi_id"]: _kpi(row) for row in rows}, aliases=aliases)


def load_channels(project: Path | None = None) -> tuple[str, ...]:
    """Channel ids, in the order of the seed.

    Raises:
        SettingsError: as :func:`load_catalogue`.
    """
    return tuple(row["channel_id"] for row in read_seed("channels", project))


def read_seed(name: str, project: Path | None = None) -> list[dict[str, str]]:
    """Rows of a seed of the dbt project.

    Raises:
        SettingsError: the seed is missing; the installation is broken.
    """
    path = (project or dbt_project_dir()) / "seeds" / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise SettingsError(
            f"The seed {path} can't be read: {error.strerror}. Install Sanjeh again."
        ) from error


def _kpi(row: Mapping[str, str]) -> CatalogueKpi:
    measures = (row["numerator_measure"], row["denominator_measure"])
    vanity = row["vanity_except_goals"]
    return CatalogueKpi(
        kpi_id=row["kpi_id"],
        name_en=row["name_en"],
        measures=tuple(measure for measure in measures if measure),
        unit=row["unit"],
        direction=Direction(row["direction"]),
        lower=_bound(row["target_lower_bound"]),
        upper=_bound(row["target_upper_bound"]),
        lower_is_open=row["is_target_lower_bound_open"] == "true",
        goals=_goals(row["goals"]),
        supports=_goals(row["supports_goals"]),
        vanity_except=(_goals("" if vanity == NEVER else vanity) if vanity else None),
        owner=row["owner"],
    )


def _goals(words: str) -> frozenset[Goal]:
    return frozenset(Goal(word) for word in words.split("|") if word)


def _bound(text: str) -> float | None:
    return float(text) if text else None
