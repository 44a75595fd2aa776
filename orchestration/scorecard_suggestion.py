"""A scorecard proposed from what a brand measures: KPIs that serve the goal, targets from their history.

In go workspace, brand, goal and grain, out comes a :class:`Suggestion` that its own lint finds nothing in. A
brand with too few KPIs, an unknown brand and a workspace without a published file are one paragraph each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from orchestration.errors import LookupFailure
from orchestration.kpi_cells import find_brand
from orchestration.published_reader import published_connection
from orchestration.scorecard_lint import RULES, lint
from orchestration.scorecard_lint.context import LintContext
from orchestration.scorecard_lint.feeds import read_feeds
from orchestration.scorecard_lint.history import Scope, Series, quantile, read_history
from orchestration.scorecard_lint.rules_choice import FEWEST, MOST, is_business, suitable
from orchestration.scorecard_lint.rules_choice import RULES as CHOICE
from orchestration.scorecard_lint.rules_data import REPORTED_OPENS
from orchestration.scorecard_lint.rules_numbers import is_within
from orchestration.scorecards import Direction, Goal, Grain, Plans, Scorecard, Target
from orchestration.scorecards.catalogue import CatalogueKpi, load_catalogue, load_channels
from orchestration.scorecards.units import allowed_units
from orchestration.settings import Brand, Settings
from orchestration.workspace import Workspace

AMBITION = 0.6
"""Share of the recent periods that a proposed target is better than."""
RECENT = {Grain.DAY: 90, Grain.WEEK: 26, Grain.MONTH: 12, Grain.QUARTER: 8}
"""Final periods that targets are taken from: what was usual years ago says little."""
_DEAD_AFTER = timedelta(days=200)
"""A KPI whose newest final period is so much older than the brand's newest is not measured any more."""
_ROUGHLY = Decimal("0.01")
"""Two figures are enough where they differ from the value by at most this share of it."""
NAMES_FA = {
    Goal.AWARENESS: "آگاهی از {}",
    Goal.ENGAGEMENT: "تعامل {}",
    Goal.LEADS: "لیدهای {}",
    Goal.SALES: "فروش {}",
    Goal.RETENTION: "وفاداری مشتریان {}",
}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One KPI with its target and what that comes from.

    Attributes:
        target: in the KPI's own unit, rounded to the easy side.
        baseline: median of the recent periods, rounded likewise, and never better than the target.
        middle: that median, unrounded.
        best: best of the recent periods.
        reached: recent periods that reached the target.
        series: the recent periods.
    """

    kpi: CatalogueKpi
    target: float
    baseline: float
    middle: float
    best: float
    reached: int
    series: Series


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A proposed scorecard.

    Attributes:
        proposals: three to five, core KPIs of the goal first.
        card: the same as an entry of ``scorecards.yml``.
        overlaps: scorecards of the workspace that have other targets for some of these KPIs.
    """

    brand: Brand
    card: Scorecard
    proposals: tuple[Proposal, ...]
    overlaps: tuple[str, ...]


def suggest(workspace: Workspace, settings: Settings, *, brand: str, goal: Goal, grain: Grain) -> Suggestion:
    """Propose a scorecard.

    Args:
        workspace: whose published file is read.
        settings: its settings.
        brand: id or name of a brand.
        goal: what the scorecard is for.
        grain: length of its periods.

    Raises:
        WorkspaceError: nothing is published, or the file can't be read.
        LookupFailure: there is no such brand, or it measures too little for the goal.
    """
    with published_connection(workspace) as con:
        brand_id = str(find_brand(con, brand)["brand_id"])
    if brand_id not in settings.brands:
        known = ", ".join(settings.brands)
        raise LookupFailure(
            f"{brand_id} is published and no brand of sanjeh.yml any more, so it can't have a scorecard. "
            f"Brands there: {known}."
        )
    scope = Scope(brand_id, grain.value)
    context = LintContext(
        plans=Plans.none(workspace.scorecards_file),
        brands=settings.brands,
        catalogue=load_catalogue(),
        channels=load_channels(),
        feeds=read_feeds(settings.sources),
        history=read_history(workspace, [scope]),
    )
    proposals = _choose(context, scope, goal)
    if not _is_enough(proposals, goal):
        raise LookupFailure(_too_few(context, scope, goal, proposals))
    found = settings.brands[brand_id]
    card = _card(context, scope, goal, proposals).model_copy(
        update={
            "id": _free_id(f"{brand_id}_{goal.value}", [card.id for card in settings.scorecards]),
            "name": f"{found.name} {goal.value}",
            "name_fa": NAMES_FA[goal].format(found.name_fa) if found.name_fa else None,
        }
    )
    return Suggestion(
        brand=found,
        card=card,
        proposals=tuple(proposals),
        overlaps=tuple(_overlapping(settings.plans, card)),
    )


def _is_enough(proposals: Sequence[Proposal], goal: Goal) -> bool:
    """Whether they make a scorecard: three or more, one of which measures the goal itself."""
    return len(proposals) >= FEWEST and any(is_business(each.kpi, goal) for each in proposals)


def _choose(context: LintContext, scope: Scope, goal: Goal) -> list[Proposal]:
    """Up to five proposals; one that says the same as another, or contradicts it, is left out."""
    pairwise = [rule for rule in RULES if rule not in CHOICE]
    chosen: list[Proposal] = []
    for proposal in _candidates(context, scope, goal):
        if any(_says_the_same(context, proposal, other) for other in chosen):
            continue
        card = _card(context, scope, goal, [*chosen, proposal])
        if not lint(_with(context, card), pairwise):
            chosen.append(proposal)
        if len(chosen) == MOST:
            break
    return chosen


def _says_the_same(context: LintContext, one: Proposal, other: Proposal) -> bool:
    """Whether two KPIs come from the same measures (MRR, ARR), or never differed for this brand."""
    parts, others = (context.feeds.parts_of(proposal.kpi) for proposal in (one, other))
    return parts == others or one.series.values == other.series.values


def _candidates(context: LintContext, scope: Scope, goal: Goal) -> list[Proposal]:
    """Proposals for every KPI that suits the goal, core ones first, in the order of the catalogue."""
    newest = max((series.starts[-1] for series in context.history.series.values()), default=date.min)
    found = []
    for kpi in context.catalogue.kpis.values():
        series = context.history.of(scope, kpi.kpi_id)
        if series is None or not suitable(kpi, goal) or kpi.kpi_id in REPORTED_OPENS:
            continue
        if series.is_long_enough and newest - series.starts[-1] <= _DEAD_AFTER:
            proposal = propose(kpi, series.newest(RECENT[Grain(scope.grain)]))
            found += [proposal] if proposal else []
    return sorted(found, key=lambda proposal: goal not in proposal.kpi.goals)


def propose(kpi: CatalogueKpi, series: Series) -> Proposal | None:
    """A target for ``kpi`` from recent values; None where it would be zero or no possible value."""
    is_lower = kpi.direction is Direction.LOWER
    wanted, middle = (
        quantile(series.values, share) for share in (1 - AMBITION if is_lower else AMBITION, 0.5)
    )
    target, baseline = round_easily(wanted, kpi), round_easily(middle, kpi)
    if target == baseline:
        target, baseline = (round_easily(value, kpi, roughly=Decimal(0)) for value in (wanted, middle))
    if target == 0 or not is_within(kpi, target):
        return None
    return Proposal(
        kpi=kpi,
        target=target,
        baseline=max(baseline, target) if is_lower else min(baseline, target),
        middle=middle,
        best=min(series.values) if is_lower else max(series.values),
        reached=sum(value <= target if is_lower else value >= target for value in series.values),
        series=series,
    )


def round_easily(value: float, kpi: CatalogueKpi, *, roughly: Decimal = _ROUGHLY) -> float:
    """``value`` with two significant figures, or three where two are too rough, on the easier side."""
    exact = Decimal(str(value))
    if not exact:
        return 0.0
    rounding = ROUND_CEILING if kpi.direction is Direction.LOWER else ROUND_FLOOR
    rounded = exact
    for figures in (2, 3):
        exponent = exact.adjusted() - figures + 1
        smallest = max(exponent, 0) if kpi.unit == "count" else exponent
        rounded = exact.quantize(Decimal(1).scaleb(smallest), rounding)
        if abs(rounded - exact) <= roughly * abs(exact):
            break
    return float(rounded)


def _card(context: LintContext, scope: Scope, goal: Goal, proposals: Sequence[Proposal]) -> Scorecard:
    """The proposals as a scorecard, named by its goal."""
    start = context.history.next_start.get((scope.brand, scope.grain))
    owners = Counter(proposal.kpi.owner for proposal in proposals if goal in proposal.kpi.goals)
    currency = context.brands[scope.brand].currency
    return Scorecard(
        id=goal.value,
        brand=scope.brand,
        name=goal.value,
        goal=goal,
        grain=Grain(scope.grain),
        owner=owners.most_common(1)[0][0] if owners else proposals[0].kpi.owner,
        kpis=tuple(
            Target(
                kpi=proposal.kpi.kpi_id,
                target=proposal.target,
                direction=proposal.kpi.direction,
                baseline=proposal.baseline,
                unit=allowed_units(proposal.kpi, currency)[0],
                valid_from=start,
            )
            for proposal in proposals
        ),
    )


def _free_id(wanted: str, taken: Iterable[str]) -> str:
    used = set(taken)
    numbered = [wanted[:60], *(f"{wanted[:60]}_{number}" for number in range(2, len(used) + 3))]
    return next(name for name in numbered if name not in used)


def _with(context: LintContext, card: Scorecard) -> LintContext:
    return replace(context, plans=replace(context.plans, scorecards=(card,)))


def _overlapping(plans: Plans, card: Scorecard) -> Iterable[str]:
    kpis = {target.kpi for target in card.kpis}
    for other in plans.scorecards:
        is_same = (other.brand, other.grain, other.segment_type) == (card.brand, card.grain, "overall")
        if is_same and kpis & {target.kpi for target in other.kpis}:
            yield other.id


def _too_few(context: LintContext, scope: Scope, goal: Goal, proposals: Sequence[Proposal]) -> str:
    names = ", ".join(proposal.kpi.kpi_id for proposal in proposals)
    others = [
        other.value
        for other in Goal
        if other is not goal and _is_enough(_choose(context, scope, other), other)
    ]
    lacking = (
        f"it takes {FEWEST} to {MOST} KPIs with a history, and there "
        + (f"{'is' if len(proposals) == 1 else 'are'} only {names}" if names else "is none")
        if len(proposals) < FEWEST
        else f"no KPI with a history measures {goal.value} itself, only {names} beside it"
    )
    instead = (
        f"It has enough for {', '.join(others)}."
        if others
        else "Load more history, take a shorter --grain, or add a source."
    )
    return (
        f"{scope.brand} can't have a scorecard for {goal.value} by {scope.grain} yet: {lacking}. "
        f"{instead} {_could_add(context, scope.brand, goal)}"
    ).rstrip()


def _could_add(context: LintContext, brand: str, goal: Goal) -> str:
    missing = [
        kpi.kpi_id
        for kpi in context.catalogue.kpis.values()
        if is_business(kpi, goal) and context.feeds.lacking(brand, kpi)
    ]
    if not missing:
        return ""
    return (
        f"With more sources it could measure {', '.join(missing)}; docs/kpi_dictionary.md says which feed "
        "them."
    )
