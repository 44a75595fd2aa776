"""What to do about a verdict, in one to three short sentences.

Every number in them comes from the row: how far the target is away, what would have reached it, what a day
must bring from now on, and the segment that weighed most.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from orchestration.report.coverage import NOWHERE, ends_early
from orchestration.report.speech import Speaker

Row = Mapping[str, Any]
_SERIES_FROM = 2
_MONEY = frozenset(
    {
        "ad_spend",
        "aov_order_value",
        "margin_after_marketing",
        "marketing_cost",
        "mrr_retained_gross",
        "mrr_retained_net",
        "mrr_start",
        "order_value",
        "revenue_after_marketing",
    }
)
"""Numerators and denominators of ratios that are money."""


def advise(row: Row, catalogue: Row, speaker: Speaker) -> list[str]:
    """Sentences about a scorecard row of a closed period.

    Args:
        row: of ``facts["cards"]``.
        catalogue: its KPI: numerator, denominator, scale.
        speaker: in whose words.
    """
    match row["verdict"]:
        case "on_target":
            said = [_reached(row, speaker)]
        case "below_target":
            said = [*_gap(row, catalogue, speaker), *_bottleneck(row, speaker)]
        case "on_pace" | "behind_pace" if row["status"] == "final":  # published by an older program
            said = _gap(row, catalogue, speaker)
        case "on_pace" | "behind_pace":
            said = pace(row, row["period_end"], speaker) if row.get("pace") is not None else []
            said += _bottleneck(row, speaker) if row["verdict"] == "behind_pace" else []
        case "low_sample":
            said = [speaker.say("advice.low_sample", sample=speaker.count(row["sample_size"] or 0))]
        case _:
            key = f"advice.no_data.{row['status']}"
            said = [speaker.say(key if speaker.knows(key) else "advice.no_data")]
    has_later = row["running"] is not None and row["running"]["actual"] is not None
    if row["status"] == "final" and row["actual"] is not None and ends_early(row) and not has_later:
        said.append(speaker.say("advice.ends", day=speaker.day(row["loaded_through"])))
    if row["status"] == "provisional" and row["actual"] is not None:
        said.append(speaker.say("advice.provisional"))
    return said


def pace(row: Row, end: Any, speaker: Speaker) -> list[str]:
    """Where a period that isn't full stands, and what a day must bring for the rest of it."""
    actual = speaker.value(row["actual"], row["unit"], row["currency_code"], is_short=True)
    said = [speaker.say("advice.pace", actual=actual, pace=speaker.percent(row["pace"]))]
    through, target = row["loaded_through"], row["target"]
    if through is None or target is None or row["actual"] is None or row["pace"] >= 1:
        return said
    gone = (through - row["period_start"]).days + 1
    left = (end - through - timedelta(days=1)).days
    if gone > 0 and left > 0:
        needed, rate = (target - row["actual"]) / left, row["actual"] / gone
        unit = "rate" if row["unit"] == "count" else row["unit"]
        said.append(
            speaker.say(
                "advice.needs",
                needed=speaker.value(needed, unit, row["currency_code"], is_short=True),
                target=speaker.value(target, row["unit"], row["currency_code"], is_short=True),
                rate=speaker.value(rate, unit, row["currency_code"], is_short=True),
            )
        )
    return said


def bound_missed(row: Row) -> float | None:
    """The bound that the value is on the wrong side of."""
    actual, target, upper = row["actual"], row["target"], row["target_upper"]
    if actual is None or target is None:
        return None
    if row["direction"] == "range" and upper is not None and actual > upper:
        return float(upper)
    return float(target)


def measure_word(measure: str | None, speaker: Speaker) -> str:
    """A measure in words; its id as words where there are none."""
    return speaker.either("measure", measure or "")


def _reached(row: Row, speaker: Speaker) -> str:
    count = 1
    for before in reversed(row["before"]):
        if before["verdict"] != "on_target":
            break
        count += 1
    if count < _SERIES_FROM:
        return speaker.say("advice.on_target")
    return speaker.say("advice.on_target_series", count=speaker.count(count))


def _gap(row: Row, catalogue: Row, speaker: Speaker) -> list[str]:
    bound = bound_missed(row)
    if bound is None:
        return []
    is_over = row["actual"] > bound
    denominator, numerator = row.get("denominator"), row.get("numerator")
    if row["unit"] == "ratio" and denominator and numerator is not None:
        wanted = bound * denominator / (catalogue["scale"] or 1)
        missing = abs(wanted - numerator)
        below = _amount(denominator, catalogue["denominator_measure"], row, speaker)
        key = "advice.over_ratio" if is_over else "advice.short_ratio"
        return [
            speaker.say(
                key,
                missing=_amount(math.ceil(missing - 1e-6), catalogue["numerator_measure"], row, speaker),
                numerator=measure_word(catalogue["numerator_measure"], speaker),
                denominator=below
                if speaker.is_persian
                else f"{below} {measure_word(catalogue['denominator_measure'], speaker)}",
            )
        ]
    gap = speaker.value(abs(row["actual"] - bound), row["unit"], row["currency_code"], is_short=True)
    return [speaker.say("advice.over_count" if is_over else "advice.short_count", gap=gap)]


def _amount(value: float, measure: str | None, row: Row, speaker: Speaker) -> str:
    """A numerator or denominator: money with its currency, anything else as a count."""
    if measure in _MONEY:
        return f"{speaker.count(value)} {speaker.currency(row.get('money'))}".rstrip()
    return speaker.count(value)


def _bottleneck(row: Row, speaker: Speaker) -> list[str]:
    cause = row["bottleneck"]
    if cause is None or not cause["contribution"] or cause["segment"] in NOWHERE:
        return []
    bound = bound_missed(row)
    is_judged = row["verdict"] == "below_target" and cause["compared_with"] == "target" and bound is not None
    if is_judged and (cause["total_change"] > 0) is not (row["actual"] > bound):
        return []  # it was compared with the target's part for the days loaded, which was reached
    return [
        speaker.say(
            "advice.bottleneck",
            segment=speaker.segment(cause),
            kind=speaker.either("kind", cause["segment_type"]),
            contribution=speaker.difference(cause["contribution"], row["unit"], row["currency_code"]),
        )
    ]
