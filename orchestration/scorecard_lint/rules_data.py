"""Rules about what stands behind a target: sources, published values, what history makes attainable."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.scorecard_lint.context import Aim, LintContext, label
from orchestration.scorecard_lint.finding import Hit, Severity, rule
from orchestration.scorecard_lint.history import Series, quantile, usual_step
from orchestration.scorecard_lint.rules_numbers import is_within, percent_meant
from orchestration.scorecards.model import OVERALL, Direction

_HIGH = 0.9
"""Share of the periods that the second number of a message is better than."""
REPORTED_OPENS = {
    "email_open_rate": "email_human_open_rate or email_click_rate",
    "email_click_to_open_rate": "email_human_click_to_open_rate or email_click_rate",
}


@rule(
    "no_source",
    Severity.ERROR,
    "a KPI that no configured source feeds",
    "It will never have a value, and its verdict stays no_data.",
)
def no_source(context: LintContext) -> Iterator[Hit]:
    """A KPI one part of which nothing can feed."""
    seen: set[tuple[str, str]] = set()
    for aim in context.aims():
        lacking = context.feeds.lacking(aim.plan.brand, aim.kpi)
        if not lacking or (label(aim.plan), aim.kpi.kpi_id) in seen:
            continue
        seen.add((label(aim.plan), aim.kpi.kpi_id))
        streams = dict.fromkeys(stream for part in lacking for stream in context.feeds.streams.get(part, ()))
        yield Hit(
            at=(*aim.at, "kpi"),
            message=f"No source of {aim.plan.brand} feeds {aim.kpi.kpi_id} ({', '.join(lacking)}).",
            remedy=f"Add a source to sanjeh.yml that feeds {' or '.join(streams)}, or take the KPI out."
            if streams
            else "Take the KPI out: nothing feeds it yet.",
        )


@rule(
    "no_data",
    Severity.WARNING,
    "a KPI without any published value",
    "A target on something that isn't measured says nothing.",
    needs_history=True,
)
def no_data(context: LintContext) -> Iterator[Hit]:
    """A KPI whose sources are configured and that has no value at the grain and segment of its scorecard."""
    seen: set[tuple[str, str]] = set()
    for aim in context.aims():
        measured = context.measured(aim.scope)
        key = (label(aim.plan), aim.kpi.kpi_id)
        if measured is None or aim.scope is None or aim.kpi.kpi_id in measured or key in seen:
            continue
        if context.feeds.lacking(aim.plan.brand, aim.kpi):
            continue
        seen.add(key)
        segment = (aim.scope.segment_type, aim.scope.segment)
        part = "" if segment == OVERALL else f" for {segment[0]} {segment[1]}"
        yield Hit(
            at=(*aim.at, "kpi"),
            message=f"{aim.kpi.kpi_id} of {aim.plan.brand} has no published {aim.scope.grain} value{part}.",
            remedy="Look what `sanjeh status` says of its sources and check the spelling of the segment."
            if part
            else "Look what `sanjeh status` says of its sources, or take the KPI out.",
        )


@rule(
    "unattainable",
    Severity.WARNING,
    "a target beyond anything its history makes attainable",
    "A target that can't be reached is ignored, and its alerts with it.",
    needs_history=True,
)
def unattainable(context: LintContext) -> Iterator[Hit]:
    """A target that no final period reached, and that is more than a usual step beyond the best of them."""
    for aim in context.aims():
        series = context.series(aim)
        if series is None or aim.scope is None or not series.is_long_enough or not _is_sound(aim):
            continue
        if any(aim.is_met_by(value) for value in series.values) or _is_straddled(aim, series):
            continue
        best, high, middle, step = _landmarks(aim, series)
        reach = best - step if _lower_is_better(aim, series) else best + step
        if aim.is_met_by(reach) or _range_is_near(aim, best, reach):
            continue
        numbers = (aim.numbers["target"], best, high, middle, step)
        shown = [context.show(number, aim.kpi, aim.plan.brand) for number in numbers]
        yield Hit(
            at=(*aim.at, "target"),
            message=f"The target {shown[0]} of {aim.kpi.kpi_id} lies beyond the 100th percentile of its "
            f"{len(series.values)} final {aim.scope.grain}s since {series.starts[0]}: best {shown[1]}, 90th "
            f"percentile {shown[2]}, median {shown[3]}, usual improvement {shown[4]}.",
            remedy="Write a target between the median and the best, and raise it when it is reached.",
        )


def _is_sound(aim: Aim) -> bool:
    """Whether there is a target that no other rule calls impossible."""
    return "target" in aim.numbers and all(
        is_within(aim.kpi, number) and not percent_meant(aim.kpi, number, aim.entry.unit)
        for number in aim.numbers.values()
    )


def _is_straddled(aim: Aim, series: Series) -> bool:
    """Whether values of a range lie on both sides of it, so that it can be hit."""
    if aim.direction is not Direction.RANGE or aim.value is None:
        return False
    return min(series.values) < aim.value < max(series.values)


def _lower_is_better(aim: Aim, series: Series) -> bool:
    """Whether values must fall to reach the target; those of a range must where all lie above it."""
    if aim.direction is Direction.RANGE:
        return aim.value is not None and aim.value < min(series.values)
    return aim.direction is Direction.LOWER


def _landmarks(aim: Aim, series: Series) -> tuple[float, float, float, float]:
    """Best value, 90th percentile in the good direction, median, and usual improvement."""
    if _lower_is_better(aim, series):
        step = usual_step([-value for value in series.values])
        return min(series.values), quantile(series.values, 1 - _HIGH), quantile(series.values, 0.5), step
    values = series.values
    return max(values), quantile(values, _HIGH), quantile(values, 0.5), usual_step(values)


def _range_is_near(aim: Aim, best: float, reach: float) -> bool:
    """Whether one step from the best value leads into the range or across it."""
    if aim.direction is not Direction.RANGE or aim.value is None or aim.upper is None:
        return False
    return min(best, reach) <= aim.upper and max(best, reach) >= aim.value


@rule(
    "reported_opens",
    Severity.WARNING,
    "a target on reported opens (advice)",
    "Mail privacy proxies open messages by themselves since September 2021 and inflate it, so it "
    "moves without any reader.",
)
def reported_opens(context: LintContext) -> Iterator[Hit]:
    """A target on opens as the e-mail tool reports them."""
    seen: set[tuple[str, str]] = set()
    for aim in context.aims():
        instead = REPORTED_OPENS.get(aim.kpi.kpi_id)
        key = (label(aim.plan), aim.kpi.kpi_id)
        if instead and key not in seen:
            seen.add(key)
            yield Hit(
                at=(*aim.at, "kpi"),
                message=f"{aim.kpi.kpi_id} of {label(aim.plan)} counts opens as reported.",
                remedy=f"Prefer {instead}, or write accept: [reported_opens] where it is meant so.",
            )


RULES = (no_source, no_data, unattainable, reported_opens)
