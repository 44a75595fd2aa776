"""What the rules look at: plans with their brands, the catalogue, what sources feed, what was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestration.scorecard_lint.feeds import Feeds
from orchestration.scorecard_lint.history import History, Scope, Series
from orchestration.scorecard_view import format_value
from orchestration.scorecards.catalogue import Catalogue, CatalogueKpi
from orchestration.scorecards.model import Direction, KeyResult, Objective, Plans, Scorecard, Target
from orchestration.scorecards.reader import PlanBrand
from orchestration.scorecards.units import unit_problem
from orchestration.yaml_source import KeyPath


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A number to reach: a target of a scorecard, or a key result of an objective.

    Attributes:
        at: where it stands in the file.
        plan: the scorecard or objective.
        entry: the target or key result itself.
        direction: which side of the number is good.
        scope: where its values are published; None without a grain.
        is_readable: its unit is one the KPI is counted in.
    """

    at: KeyPath
    plan: Scorecard | Objective
    entry: Target | KeyResult
    kpi: CatalogueKpi
    direction: Direction
    scope: Scope | None
    is_readable: bool

    @property
    def value(self) -> float | None:
        """The target in the KPI's own unit."""
        return self.entry.target

    @property
    def upper(self) -> float | None:
        """Upper end of a range."""
        return self.entry.target_upper if isinstance(self.entry, Target) else None

    @property
    def numbers(self) -> dict[str, float]:
        """What is written of target and target_upper, by key; nothing where the unit is wrong."""
        if not self.is_readable:
            return {}
        found = {"target": self.value, "target_upper": self.upper}
        return {key: number for key, number in found.items() if number is not None}

    def is_met_by(self, value: float) -> bool:
        """Whether ``value`` reaches the target, which is there."""
        target = self.value if self.value is not None else value
        if self.direction is Direction.RANGE:
            return target <= value <= (self.upper if self.upper is not None else value)
        return value <= target if self.direction is Direction.LOWER else value >= target


@dataclass(frozen=True, kw_only=True)
class LintContext:
    """Everything a rule may ask for."""

    plans: Plans
    brands: Mapping[str, PlanBrand]
    catalogue: Catalogue
    channels: tuple[str, ...]
    feeds: Feeds
    history: History

    def cards(self) -> Iterator[tuple[KeyPath, Scorecard]]:
        """Scorecards with their place."""
        for index, card in enumerate(self.plans.scorecards):
            yield ("scorecards", index), card

    def objectives(self) -> Iterator[tuple[KeyPath, Objective]]:
        """Objectives with their place."""
        for index, objective in enumerate(self.plans.objectives):
            yield ("objectives", index), objective

    def plans_with_owner(self) -> Iterator[tuple[KeyPath, Scorecard | Objective]]:
        """Scorecards, then objectives."""
        yield from self.cards()
        yield from self.objectives()

    def aims(self) -> Iterator[Aim]:
        """Every target and key result, in the order of the file."""
        for at, card in self.cards():
            for position, target in enumerate(card.kpis):
                yield self._aim((*at, "kpis", position), card, target, _scope(card, card))
        for at, objective in self.objectives():
            for position, result in enumerate(objective.key_results):
                place = (*at, "key_results", position)
                yield self._aim(place, objective, result, _scope(objective, result))

    def _aim(
        self, at: KeyPath, plan: Scorecard | Objective, entry: Target | KeyResult, scope: Scope | None
    ) -> Aim:
        kpi = self.catalogue.kpis[entry.kpi]
        direction = entry.direction if isinstance(entry, Target) else None
        return Aim(
            at=at,
            plan=plan,
            entry=entry,
            kpi=kpi,
            direction=direction or kpi.direction,
            scope=scope,
            is_readable=unit_problem(entry.unit, kpi, self.brands[plan.brand].currency) is None,
        )

    def scope_of(self, card: Scorecard) -> Scope | None:
        """Where the values of a scorecard are published; None without a grain."""
        return _scope(card, card)

    def kpis_of(self, card: Scorecard) -> list[CatalogueKpi]:
        """The KPIs of a scorecard; versions of a target are one."""
        return [self.catalogue.kpis[kpi_id] for kpi_id in dict.fromkeys(target.kpi for target in card.kpis)]

    def measured(self, scope: Scope | None) -> frozenset[str] | None:
        """KPI ids with published values; None where the brand isn't published yet."""
        if scope is None or scope.brand not in self.history.brands:
            return None
        return self.history.measured.get(scope, frozenset())

    def measurable(self, scope: Scope | None, brand: str) -> frozenset[str]:
        """KPI ids that the brand measures or, before its first publication, that its sources could feed."""
        found = self.measured(scope)
        return self.feeds.kpis(brand, self.catalogue) if found is None else found

    def series(self, aim: Aim) -> Series | None:
        """Final values of the KPI of ``aim``; None where there is none."""
        return self.history.of(aim.scope, aim.kpi.kpi_id) if aim.scope else None

    def show(self, value: float, kpi: CatalogueKpi, brand: str) -> str:
        """``value`` as people read it: 25.00 %, 1,234, 12.50 EUR."""
        return format_value(value, unit=kpi.unit, currency=self.brands[brand].currency, lang="en")

    def written(self, at: KeyPath) -> object:
        """What stands in the file at a place; None for nothing."""
        return self.plans.file.value_at(at)


def label(plan: Scorecard | Objective) -> str:
    """``scorecard email`` or ``objective growth``."""
    return f"{'scorecard' if isinstance(plan, Scorecard) else 'objective'} {plan.id}"


def scopes_of(plans: Plans) -> frozenset[Scope]:
    """What of the published file the rules may ask for."""
    cards = [_scope(card, card) for card in plans.scorecards]
    results = [
        _scope(objective, result) for objective in plans.objectives for result in objective.key_results
    ]
    return frozenset(scope for scope in (*cards, *results) if scope is not None)


def _scope(plan: Scorecard | Objective, part: Scorecard | KeyResult) -> Scope | None:
    """Where the values of a plan are published, for the segment of its part; None without a grain."""
    if plan.grain is None:
        return None
    return Scope(plan.brand, plan.grain.value, part.segment_type, part.segment)
