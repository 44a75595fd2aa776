"""The KPIs at length: number, change, trend, the table behind it, and what explains the change."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from orchestration.report.advice import measure_word
from orchestration.report.cards import anchor_of, segment_word, target_word, verdict_view
from orchestration.report.charts import NOT_FINAL, Point, trend_chart
from orchestration.report.coverage import NOWHERE, days_in, days_loaded, ends_early
from orchestration.report.speech import Speaker

Row = Mapping[str, Any]
Moved = Callable[[float | None], str]
"""Words a change in the unit of the KPI."""
SHOWN_SEGMENTS = 6
SHOWN_KINDS = 2
KINDS = ("channel", "campaign", "source", "platform", "lead_source", "form", "device", "country", "brand")
"""Breakdowns that may explain a change, those that can be acted on first."""


def kpi_views(facts: Row, speaker: Speaker) -> list[dict[str, Any]]:
    """One view per KPI that is told at length."""
    return [_kpi(kpi, facts, speaker) for kpi in facts["kpis"]]


def other_views(facts: Row, speaker: Speaker) -> list[dict[str, Any]]:
    """One line per KPI outside the scorecards."""
    return [_line(kpi, speaker) for kpi in facts["others"]]


def _line(kpi: Row, speaker: Speaker) -> dict[str, Any]:
    now = kpi["now"]
    value, unit, currency = now.get("value"), kpi["unit"], kpi["currency_code"]
    return {
        "name": speaker.name(kpi),
        "anchor": anchor_of(kpi),
        "value": speaker.value(value, unit, currency, is_short=True),
        "previous": _change(kpi, "previous_value", speaker),
        "year_ago": _change(kpi, "year_ago_value", speaker),
        "status": speaker.either("status", now.get("status", "not_loaded")),
    }


def _change(kpi: Row, before: str, speaker: Speaker) -> str:
    """The change since another period; a part of a period is not compared with a whole one."""
    now = kpi["now"]
    if now.get("value") is not None and now.get(before) is not None:
        part = _part(kpi, speaker)
        if part:
            return speaker.say("not_comparable", part=part)
    return speaker.change(now.get("value"), now.get(before), kpi["unit"], kpi["currency_code"])


def _part(kpi: Row, speaker: Speaker) -> str:
    """Which part of the reported period a count or sum covers; empty where it covers all that will come."""
    now = kpi["now"]
    grows = kpi["additivity"] == "additive" or (
        kpi["unit"] == "count" and kpi["additivity"] != "semi_additive"
    )
    has_later = kpi["running"].get("value") is not None
    if not grows or has_later or not ends_early(now):
        return ""
    return speaker.say("part", loaded=speaker.count(days_loaded(now)), days=speaker.count(days_in(now)))


def _kpi(kpi: Row, facts: Row, speaker: Speaker) -> dict[str, Any]:
    now, unit, currency = kpi["now"], kpi["unit"], kpi["currency_code"]
    aim = {**kpi["aim"], "unit": unit, "currency_code": currency} if kpi["aim"] else None
    running = facts["running"]
    return {
        **_line(kpi, speaker),
        "segment": segment_word(kpi, speaker),
        "question": kpi["question_fa" if speaker.is_persian else "question_en"],
        "is_final": now.get("status") == "final",
        "previous_value": speaker.value(now.get("previous_value"), unit, currency, is_short=True),
        "year_ago_value": speaker.value(now.get("year_ago_value"), unit, currency, is_short=True),
        "target": target_word(aim, speaker, is_short=True) if aim else "",
        "verdict": verdict_view(aim, speaker) if aim else None,
        "running": _running_label(kpi, running, speaker) if running and kpi["running"] else "",
        "running_value": speaker.value(kpi["running"].get("value"), unit, currency, is_short=True),
        "chart": _chart(kpi, facts, speaker),
        "has_open": any(_is_open(point) for point in kpi["series"]),
        "has_target": any(point["target"] is not None for point in kpi["series"]),
        "is_bar": kpi["additivity"] == "additive",
        "table": [_table_row(point, kpi, speaker) for point in reversed(kpi["series"])],
        "explained": _explained(kpi, speaker),
    }


def _running_label(kpi: Row, running: Row, speaker: Speaker) -> str:
    label = speaker.label(running)
    return label if kpi["running"].get("status") == "final" else speaker.say("running", period=label)


def _is_open(point: Row) -> bool:
    """Whether a point is shown as not final."""
    return point["status"] in NOT_FINAL and point["value"] is not None


def _table_row(point: Row, kpi: Row, speaker: Speaker) -> dict[str, str]:
    unit, currency = kpi["unit"], kpi["currency_code"]
    direction = kpi["aim"]["direction"] if kpi["aim"] else kpi["direction"]
    aim = {**point, "unit": unit, "currency_code": currency, "direction": direction}
    return {
        "period": speaker.label(point),
        "value": speaker.value(point["value"], unit, currency),
        "target": target_word(aim, speaker),
        "status": speaker.either("status", point["status"]),
    }


def _chart(kpi: Row, facts: Row, speaker: Speaker) -> Markup | None:
    """The trend; none where fewer than two periods have a value."""
    series: Sequence[Row] = kpi["series"]
    if sum(point["value"] is not None for point in series) < 2:  # noqa: PLR2004 - a trend has two ends
        return None
    unit, currency = kpi["unit"], kpi["currency_code"]
    reported = facts["period"]
    first = next(number for number, point in enumerate(series) if point["value"] is not None)
    shown = series[first:]
    newest = next((point["target"] for point in reversed(shown) if point["target"] is not None), None)
    title = speaker.say(
        "chart.title",
        kpi=speaker.name(kpi),
        count=speaker.count(len(shown)),
        first=speaker.label(shown[0]),
        last=speaker.label(shown[-1]),
        period=speaker.label(reported),
        value=speaker.value(kpi["now"].get("value"), unit, currency),
    )
    aim = "" if newest is None else speaker.value(newest, unit, currency, is_short=True)
    drawn = trend_chart(
        [
            Point(
                label=short_label(point, facts["grain"], speaker),
                value=point["value"],
                is_final=point["status"] not in NOT_FINAL,
                is_reported=point["start"] == reported["period_start"],
                target=point["target"],
                target_upper=point["target_upper"],
            )
            for point in shown
        ],
        is_bar=kpi["additivity"] == "additive",
        word=lambda value, step: speaker.compact(value, unit, step=step),
        target_word=speaker.say("chart.target", target=aim) if aim else "",
        title=f"{title} {speaker.say('chart.title_target', target=aim)}" if aim else title,
    )
    return Markup(drawn)  # noqa: S704 - drawn by us; ElementTree escaped its texts


def short_label(point: Row, grain: str, speaker: Speaker) -> str:
    """A period's label, short enough for an axis."""
    label = speaker.label(point)
    if grain == "month" and not speaker.is_persian and speaker.calendar == "gregorian":
        month, _, year = label.partition(" ")
        return f"{month[:3]} {year}"
    if grain == "week":
        return label.split(" ")[-1]
    if grain == "quarter" and speaker.is_persian:
        return label.replace("سه‌ماههٔ ", "").replace("سال مالی ", "")
    return label


def _explained(kpi: Row, speaker: Speaker) -> list[dict[str, Any]]:
    """One view per comparison: with the target where there is one, and with the period before."""
    views: list[dict[str, Any]] = []
    rows = [row for row in kpi["diagnosis"] if row["contribution"] is not None]
    for compared_with in ("target", "previous_period"):
        group = [row for row in rows if row["compared_with"] == compared_with]
        if group and group[0]["total_change"]:
            views.append(_comparison(kpi, compared_with, group, speaker, kinds=SHOWN_KINDS - len(views)))
    return views


def _comparison(
    kpi: Row, compared_with: str, rows: Sequence[Row], speaker: Speaker, *, kinds: int
) -> dict[str, Any]:
    unit, currency = kpi["unit"], kpi["currency_code"]

    def moved(change: float | None) -> str:
        return speaker.difference(change, unit, currency)

    first = rows[0]
    by_kind = {
        kind: sorted(group, key=lambda row: -abs(row["contribution"]))
        for kind, group in groupby(
            sorted(rows, key=lambda row: row["segment_type"]), key=lambda row: row["segment_type"]
        )
    }
    broken_down = [kind for kind in KINDS if len(by_kind.get(kind, ())) > 1][:kinds]
    key = "explained.target" if compared_with == "target" else "explained.previous"
    part = _part_of_target(kpi, first, speaker) if compared_with == "target" else ""
    said = [
        speaker.say(
            "explained.target_part" if part else key,
            part=part,
            before=speaker.value(first["total_before"], unit, currency),
            after=speaker.value(first["total_after"], unit, currency),
            change=moved(first["total_change"]),
        )
    ]
    loaded = _part(kpi, speaker)
    if loaded and compared_with == "previous_period":
        said.append(speaker.say("explained.part", part=loaded))
    said += _parts(kpi, by_kind.get("parts", ()), moved, speaker)
    for kind in broken_down[:1]:
        said += _mix_and_rate(kpi, by_kind[kind], moved, speaker)
    return {
        "said": " ".join(said),
        "tables": [_contributions(kind, by_kind[kind], compared_with, kpi, speaker) for kind in broken_down],
    }


def _part_of_target(kpi: Row, row: Row, speaker: Speaker) -> str:
    """Which part of the target a running total is compared with; empty where it is the target itself."""
    aim, now = kpi["aim"], kpi["now"]
    if not aim or aim["target"] is None or now.get("loaded_through") is None or not row["total_before"]:
        return ""
    days, elapsed = days_in(now), (now["loaded_through"] - now["period_start"]).days + 1
    if not 0 < elapsed < days or not math.isclose(row["total_before"], aim["target"] * elapsed / days):
        return ""
    return speaker.say("part", loaded=speaker.count(elapsed), days=speaker.count(days))


def _parts(kpi: Row, rows: Sequence[Row], moved: Moved, speaker: Speaker) -> list[str]:
    by_side = {row["segment"]: row["contribution"] for row in rows}
    if set(by_side) != {"numerator", "denominator"}:
        return []
    return [
        speaker.say(
            "explained.parts",
            numerator=_capital(measure_word(kpi["numerator_measure"], speaker)),
            denominator=measure_word(kpi["denominator_measure"], speaker),
            by_numerator=moved(by_side["numerator"]),
            by_denominator=moved(by_side["denominator"]),
        )
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mix_and_rate(kpi: Row, rows: Sequence[Row], moved: Moved, speaker: Speaker) -> list[str]:
    said = []
    if kpi["unit"] == "ratio":
        rate = sum(row["rate_effect"] or 0 for row in rows)
        mix = sum(row["mix_effect"] or 0 for row in rows)
        said.append(speaker.say("explained.mix_rate", rate=moved(rate), mix=moved(mix)))
    said.append(_weakest(kpi, rows, moved, speaker))
    return said


def _weakest(kpi: Row, rows: Sequence[Row], moved: Moved, speaker: Speaker) -> str:
    """The segment that weighed most on the bad side, in words that fit the whole change."""
    worst = next((row for row in rows if row["is_bottleneck"]), None)
    if worst is not None and worst["segment"] in NOWHERE:
        segment, contribution = speaker.segment(worst), moved(worst["contribution"])
        return speaker.say("explained.nowhere", segment=segment, contribution=contribution)
    if worst is not None:
        is_better = _side(worst["total_change"], kpi, worst) == "good"
        return speaker.say(
            "explained.held_back" if is_better else "explained.bottleneck",
            segment=speaker.segment(worst),
            contribution=moved(worst["contribution"]),
        )
    has_bad = any(_side(row["contribution"], kpi, row) == "bad" for row in rows)
    return speaker.say("explained.not_comparable" if has_bad else "explained.no_bottleneck")


def _contributions(
    kind: str, rows: Sequence[Row], compared_with: str, kpi: Row, speaker: Speaker
) -> dict[str, Any]:
    """The largest contributions of a breakdown, the others as one line."""
    shown = rows if len(rows) <= SHOWN_SEGMENTS + 1 else rows[:SHOWN_SEGMENTS]
    left = rows[len(shown) :]
    largest = max(abs(row["contribution"]) for row in rows) or 1.0
    lines = [_contribution(row, speaker.segment(row), largest, kpi, speaker) for row in shown]
    if left:
        summed = {
            name: sum(row[name] or 0 for row in left)
            for name in ("contribution", "rate_effect", "mix_effect")
        }
        summed["direction"] = left[0].get("direction")
        name = speaker.say("rest", count=speaker.count(len(left)))
        lines.append(_contribution(summed, name, largest, kpi, speaker))
    kind_word = speaker.either("kind", kind)
    with_what = speaker.say(f"explained.with.{compared_with}")
    return {
        "caption": speaker.say("explained.table", kind=kind_word, with_what=with_what),
        "kind": _capital(kind_word),
        "is_ratio": kpi["unit"] == "ratio",
        "lines": lines,
        "total": speaker.difference(rows[0]["total_change"], kpi["unit"], kpi["currency_code"]),
    }


def _contribution(row: Row, name: str, largest: float, kpi: Row, speaker: Speaker) -> dict[str, Any]:
    unit, currency = kpi["unit"], kpi["currency_code"]
    is_whole = "before_value" in row
    return {
        "segment": name,
        "before": speaker.value(row["before_value"], unit, currency) if is_whole else "",
        "after": speaker.value(row["after_value"], unit, currency) if is_whole else "",
        "contribution": speaker.difference(row["contribution"], unit, currency),
        "rate": speaker.difference(row["rate_effect"], unit, currency),
        "mix": speaker.difference(row["mix_effect"], unit, currency),
        "width": min(100, round(100 * abs(row["contribution"]) / largest)),
        "tone": _side(row["contribution"], kpi, row),
    }


def _side(contribution: float, kpi: Row, row: Row) -> str:
    """Whether a contribution is for the better; the diagnosis knows the direction of the target."""
    if contribution == 0:
        return "none"
    is_good_up = (row.get("direction") or kpi["direction"]) != "lower"
    return "good" if (contribution > 0) is is_good_up else "bad"
