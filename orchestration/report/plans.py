"""Objectives, budgets and open alerts as a report shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestration.report.cards import segment_word, target_word, verdict_view
from orchestration.report.speech import Speaker

Row = Mapping[str, Any]


def objective_views(facts: Row, speaker: Speaker) -> list[dict[str, Any]]:
    """One view per objective, with its key results."""
    return [_objective(each, facts, speaker) for each in facts["objectives"]]


def pacing_view(facts: Row, speaker: Speaker) -> dict[str, Any] | None:
    """Plan and spend by channel in the newest month with spend."""
    rows = facts["pacing"]
    if not rows:
        return None
    return {
        "caption": speaker.say(
            "pacing.caption",
            period=speaker.label(rows[0]),
            elapsed=speaker.percent(max((row["budget_share_elapsed"] or 0 for row in rows), default=0)),
        ),
        "rows": [_channel(row, speaker) for row in rows],
    }


def alert_views(facts: Row, speaker: Speaker) -> list[dict[str, Any]]:
    """One line per open alert."""
    return [_alert(row, speaker) for row in facts["alerts"]]


def _objective(objective: Row, facts: Row, speaker: Speaker) -> dict[str, Any]:
    results = [row for row in facts["key_results"] if row["objective_id"] == objective["objective_id"]]
    progress = objective["progress"]
    if progress is None:
        said = speaker.say("objective.no_progress")
    else:
        said = speaker.say(
            "objective.progress",
            progress=speaker.percent(progress),
            expected=speaker.percent(objective["expected_progress"]),
        )
    missing = objective["share_without_data"] or 0
    return {
        "name": speaker.name(objective),
        "period": speaker.label(objective),
        "owner": objective["owner"],
        "said": said,
        "missing": speaker.say("objective.without_data", share=speaker.percent(missing)) if missing else "",
        "width": _width(progress),
        "expected": _width(objective["expected_progress"]),
        "results": [
            {
                "name": speaker.name(row),
                "segment": segment_word(row, speaker),
                "baseline": speaker.value(row["baseline"], row["unit"], row["currency_code"]),
                "actual": speaker.value(row["actual"], row["unit"], row["currency_code"]),
                "target": speaker.value(row["target"], row["unit"], row["currency_code"]),
                "weight": speaker.percent(row["weight"]),
                "progress": speaker.percent(row["progress"]),
                "width": _width(row["progress"]),
            }
            for row in results
        ],
    }


def _width(share: float | None) -> int:
    return round(100 * min(1.0, max(0.0, share or 0.0)))


def _channel(row: Row, speaker: Speaker) -> dict[str, Any]:
    def money(name: str) -> str:
        amount = row[name]
        return speaker.value(None if amount is None else float(amount), "money", row["currency_code"])

    def ratio(name: str) -> str:
        return speaker.value(None if row[name] is None else float(row[name]), "rate")

    return {
        "channel": speaker.say("no_channel") if row["channel_id"] == "(all)" else _channel_name(row, speaker),
        "budget": money("budget"),
        "spend": money("spend"),
        "pace": speaker.percent(row["pace"]),
        "projected": money("projected_spend"),
        "verdict": verdict_view(row, speaker),
        "cost_per_lead": money("cost_per_lead"),
        "marginal_cost": money("marginal_cost_per_lead"),
        "return": ratio("return_on_spend"),
        "marginal_return": ratio("marginal_return"),
    }


def _channel_name(row: Row, speaker: Speaker) -> str:
    return speaker.name(row) or str(row["channel_id"])


def _alert(row: Row, speaker: Speaker) -> dict[str, Any]:
    kind = speaker.either("alert", row["alert_kind"])
    is_data = row["kpi_id"] is None
    reason = row.get("mute_reason")
    return {
        "kind": kind,
        "what": row.get("source_id") or "–" if is_data else speaker.name(row),
        "segment": "" if is_data else segment_word(row, speaker),
        "period": speaker.label(row) if row["label_en"] else "–",
        "actual": "–" if is_data else speaker.value(row["actual"], row["unit"], row["currency_code"]),
        "target": "–" if is_data else target_word(row, speaker),
        "status": speaker.either("status", row["status"]),
        "owner": row["owner"] or "–",
        "muted": speaker.say("alert.muted", reason=(reason or "").replace("_", " "))
        if row["is_muted"]
        else "",
    }
