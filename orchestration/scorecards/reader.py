"""Reads ``scorecards.yml``: KPIs by id or alias, units, days, months, brands.

In goes the file, out come :class:`Plans` or findings with file, line and key. KPIs may be named by an alias
of the catalogue (CPL, CAC, CTOR …); after reading only ids remain, and numbers are in the KPI's own unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import ValidationError

from orchestration.scorecards.catalogue import Catalogue, load_catalogue, load_channels
from orchestration.scorecards.days import plan_day
from orchestration.scorecards.model import (
    OVERALL,
    Budget,
    BudgetEntry,
    KeyResult,
    Objective,
    Plans,
    PlansFile,
    Scorecard,
    Target,
)
from orchestration.scorecards.months import month_start
from orchestration.scorecards.units import in_kpi_unit
from orchestration.yaml_source import KeyPath, YamlSource, closest, findings_of, read_yaml, without_empty

Entry = TypeVar("Entry", Target, KeyResult)
_DAYS = frozenset({"valid_from", "valid_to"})
_PARTS_WITH_DAYS = frozenset({"kpis"})


class PlanBrand(Protocol):
    """What a plan must know of its brand."""

    @property
    def calendar(self) -> str:
        """``gregorian`` or ``jalali``: whose days and months plans are written in."""

    @property
    def currency(self) -> str:
        """Reporting currency."""


def load_plans(
    path: Path, *, brands: Mapping[str, PlanBrand], catalogue: Catalogue | None = None
) -> tuple[Plans, list[str]]:
    """Read ``scorecards.yml``.

    Args:
        path: the file.
        brands: brands of ``sanjeh.yml`` by id.
        catalogue: default is that of the dbt project.

    Returns:
        The plans, and findings as ``file:line (key): message``; the plans are whole only without findings.
    """
    source = read_yaml(path)
    data, wrong_days = _with_days(source, brands)
    try:
        parsed = PlansFile.model_validate(data)
    except ValidationError as error:
        return Plans.none(path), [*findings_of(error, source, PlansFile), *wrong_days]
    reading = _Reading(source, brands, catalogue or load_catalogue())
    reading.findings += wrong_days
    plans = Plans(
        scorecards=tuple(reading.scorecards(parsed.scorecards)),
        objectives=tuple(reading.objectives(parsed.objectives)),
        budgets=tuple(reading.budgets(parsed.budgets)),
        file=source,
    )
    return plans, reading.findings


def _with_days(source: YamlSource, brands: Mapping[str, PlanBrand]) -> tuple[object, list[str]]:
    """The file's values with every day read in the calendar of its brand; what is no day is a finding."""
    findings: list[str] = []

    def read_in(item: object, brand: object, at: KeyPath) -> object:
        if not isinstance(item, dict):
            return item
        known = brands.get(brand.strip()) if isinstance(brand, str) else None
        # Of a brand that isn't there the reader says so, and nothing of the plan is used.
        calendar = known.calendar if known is not None else "jalali"
        found = dict(item)
        for key in _DAYS & item.keys():
            if item[key] is None:
                continue
            try:
                found[key] = plan_day(item[key], calendar)
            except ValueError as error:
                found[key] = None
                findings.append(source.finding((*at, key), f"{error}."))
        for part in _PARTS_WITH_DAYS & item.keys():
            if isinstance(item[part], list):
                found[part] = [
                    read_in(entry, brand, (*at, part, position)) for position, entry in enumerate(item[part])
                ]
        return found

    if not isinstance(source.data, dict):
        return source.data, findings
    data = without_empty(source.data)
    for key in ("scorecards", "objectives"):
        items = data.get(key)
        if isinstance(items, list):
            data[key] = [
                read_in(item, item.get("brand") if isinstance(item, dict) else None, (key, position))
                for position, item in enumerate(items)
            ]
    return data, findings


class _Reading:
    """One file being resolved; ``findings`` grow as its parts are read."""

    def __init__(self, source: YamlSource, brands: Mapping[str, PlanBrand], catalogue: Catalogue) -> None:
        self.source = source
        self.brands = brands
        self.catalogue = catalogue
        self.findings: list[str] = []

    def scorecards(self, cards: Sequence[Scorecard]) -> Iterator[Scorecard]:
        self._require_own_ids("scorecards", [card.id for card in cards])
        for index, card in enumerate(cards):
            at: KeyPath = ("scorecards", index)
            self._require_brand(at, card.brand)
            self._require_whole_segment(at, card)
            targets = tuple(self._entries(card.kpis, (*at, "kpis")))
            self._require_own_days(targets, (*at, "kpis"))
            yield card.model_copy(update={"kpis": targets})

    def objectives(self, objectives: Sequence[Objective]) -> Iterator[Objective]:
        self._require_own_ids("objectives", [objective.id for objective in objectives])
        for index, objective in enumerate(objectives):
            at: KeyPath = ("objectives", index)
            self._require_brand(at, objective.brand)
            for position, result in enumerate(objective.key_results):
                self._require_whole_segment((*at, "key_results", position), result)
            results = tuple(self._entries(objective.key_results, (*at, "key_results")))
            yield objective.model_copy(update={"key_results": results})

    def budgets(self, entries: Sequence[BudgetEntry]) -> Iterator[Budget]:
        for index, entry in enumerate(entries):
            at: KeyPath = ("budgets", index)
            if not self._require_brand(at, entry.brand):
                continue
            try:
                start = month_start(entry.month, self.brands[entry.brand].calendar)
            except ValueError as error:
                self._find((*at, "month"), f"{error}.")
                continue
            yield Budget(month_start=start, **entry.model_dump())

    def _entries(self, entries: Iterable[Entry], at: KeyPath) -> Iterator[Entry]:
        for position, entry in enumerate(entries):
            kpi_id = self.catalogue.resolve(entry.kpi)
            if kpi_id is None:
                hint = closest(entry.kpi, [*self.catalogue.kpis, *self.catalogue.aliases])
                self._find((*at, position, "kpi"), f"there is no KPI {entry.kpi!r}. {hint}")
                continue
            resolved: dict[str, object] = {"kpi": kpi_id}
            if isinstance(entry, Target):
                resolved["direction"] = entry.direction or self.catalogue.kpis[kpi_id].direction
            for name in ("target", "target_upper", "baseline"):
                number = getattr(entry, name, None)
                if number is not None:
                    resolved[name] = in_kpi_unit(number, entry.unit)
            yield entry.model_copy(update=resolved)

    def _require_own_days(self, targets: Sequence[Target], at: KeyPath) -> None:
        first: set[tuple[str, object]] = set()
        for position, target in enumerate(targets):
            if target.valid_from and (target.kpi, target.valid_from) in first:
                day = self.source.value_at((*at, position, "valid_from"))
                message = f"{target.kpi} has two targets that are valid from {day}."
                self._find((*at, position), message)
            first.add((target.kpi, target.valid_from))

    def _require_own_ids(self, part: str, ids: Sequence[str]) -> None:
        counts = Counter(ids)
        for index, id_ in enumerate(ids):
            if counts[id_] > 1:
                self._find((part, index, "id"), f"two {part} have the id {id_!r}.")

    def _require_whole_segment(self, at: KeyPath, item: Scorecard | KeyResult) -> None:
        """A segment has a type and a name; one without the other would look at something else."""
        kind, segment = item.segment_type, item.segment
        if kind == OVERALL[0] and segment != OVERALL[1]:
            likely = "channel" if segment in load_channels() else "campaign"
            self._find(
                (*at, "segment"),
                f"segment {segment!r} has no segment_type, so it would be the whole brand. Write "
                f"segment_type: {likely} beside it (channel, campaign or source), or take segment out.",
            )
        elif kind != OVERALL[0] and segment == OVERALL[1]:
            self._find(
                (*at, "segment_type"),
                f"segment_type {kind!r} has no segment. Write which one, such as segment: email for a "
                "channel, or take segment_type out.",
            )

    def _require_brand(self, at: KeyPath, brand: str) -> bool:
        if brand in self.brands:
            return True
        self._find((*at, "brand"), f"there is no brand {brand!r}. {closest(brand, self.brands)}")
        return False

    def _find(self, at: KeyPath, message: str) -> None:
        self.findings.append(self.source.finding(at, message))
