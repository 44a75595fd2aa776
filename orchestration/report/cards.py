"""The verdicts: one card per scorecard, one line per KPI, and the sentence above them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.report.advice import advise, pace
from orchestration.report.speech import Speaker

Row = Mapping[str, Any]
TONES = {
    "on_target": "good",
    "below_target": "bad",
    "on_pace": "good",
    "behind_pace": "warn",
    "on_budget": "good",
    "over_budget": "bad",
    "under_budget": "warn",
}
"""How a verdict looks; everything else is neutral."""
SIGNS = {"good": "✓", "bad": "✕", "warn": "!", "none": "–"}
"""The sign beside the word, so that no verdict is told by colour alone."""


def tone_of(verdict: str | None) -> str:
    """How a verdict looks."""
    return TONES.get(verdict or "", "none")


def verdict_view(row: Row, speaker: Speaker) -> dict[str, str]:
    """A verdict as sign, word and tone; which side of the target it is on follows the direction."""
    verdict = row["verdict"]
    shown = verdict
    if verdict == "below_target" and row.get("direction") == "lower":
        shown = "above_limit"
    elif verdict == "below_target" and row.get("direction") == "range":
        shown = "out_of_range"
    tone = tone_of(verdict)
    return {"tone": tone, "sign": SIGNS[tone], "word": speaker.either("verdict", shown)}


def target_word(row: Row, speaker: Speaker, *, is_short: bool = False) -> str:
    """A target with the sign of its direction; a dash without one."""
    if row.get("target") is None:
        return "–"
    low = speaker.value(row["target"], row["unit"], row["currency_code"], is_short=is_short)
    if row.get("target_upper") is not None:
        high = speaker.value(row["target_upper"], row["unit"], row["currency_code"], is_short=is_short)
        return speaker.say("sign.range", low=low, high=high)
    return speaker.say(f"sign.{'lower' if row['direction'] == 'lower' else 'higher'}", value=low)


def segment_word(row: Row, speaker: Speaker) -> str:
    """Which segment a KPI is watched in; empty for the whole brand."""
    if row["segment_type"] == "overall":
        return ""
    kind = speaker.either("kind", row["segment_type"])
    return speaker.say("segment", kind=kind, segment=row["segment"])


def card_views(facts: Row, speaker: Speaker) -> list[dict[str, Any]]:
    """One view per scorecard."""
    return [_card(card, facts, speaker) for card in facts["cards"]]


def headline_of(facts: Row, cards: Sequence[Row], speaker: Speaker) -> str:
    """How many KPIs reached their target, in a sentence or two."""
    if not cards:
        count = len(facts["kpis"])
        return speaker.say("headline.untargeted", count=speaker.count(count)) if count else ""
    met, total, paced, unjudged = _tally(facts)
    said = []
    if total == 0 and not paced:
        return speaker.say("headline.nothing")
    if total == 1:
        said.append(speaker.say("headline.one" if met else "headline.one_missed"))
    elif total:
        key = "all" if met == total else "some" if met else "none"
        said.append(speaker.say(f"headline.{key}", met=speaker.count(met), total=speaker.count(total)))
    if paced:
        said.append(speaker.say("headline.pace", count=speaker.count(paced)))
    if unjudged:
        said.append(speaker.say("headline.unjudged", count=speaker.count(unjudged)))
    return " ".join(said)


def summary_of(facts: Row, speaker: Speaker) -> dict[str, str]:
    """What the index says of a report: its period and how many KPIs reached their target."""
    if facts["period"] is None:
        return {"period": speaker.say("index.none"), "met": "", "tone": ""}
    met, total, paced, _ = _tally(facts)
    if not total and not paced:
        key = "headline.nothing" if facts["cards"] else "index.no_targets"
        return {"period": speaker.label(facts["period"]), "met": speaker.say(key), "tone": ""}
    said = [speaker.say("index.met", met=speaker.count(met), total=speaker.count(total))] if total else []
    if paced:
        said.append(speaker.say("index.pace", count=speaker.count(paced)))
    counted = speaker.say("comma").join(said)
    grain = facts["cards"][0]["grain"]
    if grain != facts["grain"]:  # the same count stands in another column
        word = speaker.say(f"grain.{grain}")
        return {
            "period": speaker.label(facts["period"]),
            "met": speaker.say("index.other_grain", grain=word, counted=counted),
            "tone": "",
        }
    return {
        "period": speaker.label(facts["period"]),
        "met": counted,
        "tone": "good" if met == total else "bad",
    }


def _tally(facts: Row) -> tuple[int, int, int, int]:
    """KPIs on target, judged, on pace and not judged; page and index count alike."""
    verdicts = [row["verdict"] for card in facts["cards"] for row in card["rows"]]
    met, paced = verdicts.count("on_target"), verdicts.count("on_pace")
    total = met + sum(verdict in {"below_target", "behind_pace"} for verdict in verdicts)
    return met, total, paced, len(verdicts) - total - paced


def _card(card: Row, facts: Row, speaker: Speaker) -> dict[str, Any]:
    about = [("goal", speaker.either("goal", card["goal"]))]
    about += [(key, card[key]) for key in ("campaign_type", "brand_stage", "owner", "team") if card.get(key)]
    running = card["running"]
    is_other = card["grain"] != facts["grain"]
    return {
        "name": speaker.name(card) or card["scorecard_id"],
        "period": speaker.label(card["period"]),
        "note": speaker.say("other_grain", grain=speaker.say(f"grain.{card['grain']}")) if is_other else "",
        "about": [(speaker.say(key), value) for key, value in about],
        "running": speaker.label(running) if running else "",
        "rows": [_row(row, facts, speaker) for row in card["rows"]],
    }


def _row(row: Row, facts: Row, speaker: Speaker) -> dict[str, Any]:
    running = row["running"]
    names = {"name_en": row["kpi_name_en"], "name_fa": row["kpi_name_fa"]}
    return {
        "kpi": speaker.name(names),
        "anchor": anchor_of(row),
        "segment": segment_word(row, speaker),
        "actual": speaker.value(row["actual"], row["unit"], row["currency_code"], is_short=True),
        "target": target_word(row, speaker, is_short=True),
        "verdict": verdict_view(row, speaker),
        "status": speaker.either("status", row["status"]) if row["status"] != "final" else "",
        "advice": advise(row, facts["catalogue"][row["kpi_id"]], speaker),
        "before": [
            {"period": speaker.label(each), **verdict_view({**each, "direction": row["direction"]}, speaker)}
            for each in row["before"]
        ],
        "running": _running(row, running, speaker) if running else None,
    }


def _running(row: Row, running: Row, speaker: Speaker) -> dict[str, Any]:
    merged = {**row, **running}
    word = verdict_view(merged, speaker)
    is_final = running["status"] == "final"
    is_paced = not is_final and running["pace"] is not None and running["actual"] is not None
    if is_paced:
        said = " ".join(pace(merged, running["period_end"], speaker))
    elif running["actual"] is None:
        said = ""
    else:
        value = speaker.value(running["actual"], row["unit"], row["currency_code"], is_short=True)
        said = speaker.say("running.final" if is_final else "running.value", value=value)
    return {"verdict": word, "said": said}


def anchor_of(row: Row) -> str:
    """Where a KPI's details stand in the document."""
    parts = (
        row["kpi_id"],
        *(() if row["segment_type"] == "overall" else (row["segment_type"], row["segment"])),
    )
    return "kpi-" + "-".join("".join(c if c.isalnum() else "_" for c in part) for part in parts)
