"""Scorecards: the rows of a brand, its reported and running period, and the verdicts before."""

from __future__ import annotations

from datetime import date
from typing import Any

from orchestration.published_reader import Rows
from orchestration.report.coverage import NOWHERE
from orchestration.report.reading import Published, Row, kpi_table, plain
from orchestration.report.spans import Span, span_of

Key = tuple[str, str, str]
"""KPI, segment type and segment."""
HISTORY = 6


UNKNOWN = frozenset({None, "no_data"})


_OTHER_GRAINS = {
    "day": ("week", "month", "quarter"),
    "week": ("month", "quarter", "day"),
    "month": ("quarter", "week", "day"),
    "quarter": ("month", "week", "day"),
}


def card_facts(published: Published, brand: Row, own: Rows) -> list[dict[str, Any]]:
    """One dictionary per scorecard, in order of their ids."""
    cards = [_card(published, brand, rows) for rows in _grouped(own, "scorecard_id")]
    return [card for card in cards if card is not None]


def scored_rows(published: Published, brand_id: str) -> Rows:
    """Rows of every scorecard of a brand."""
    return published.rows(
        "fct_scorecard",
        """
        select s.*, p.label_en, p.label_fa, p.days
        from marts.fct_scorecard as s
        join marts.dim_brand as b using (brand_id)
        join marts.dim_period as p
            on p.calendar_key = b.calendar_key and p.grain = s.grain and p.period_start = s.period_start
        where s.brand_id = $brand_id
        order by s.scorecard_id, s.period_start, s.position, s.kpi_id
        """,
        brand_id=brand_id,
    )


def scorecards_of(scored: Rows, grain: str) -> Rows:
    """Rows of the scorecards that a report of ``grain`` shows: its own, else those of the nearest grain."""
    for shown in (grain, *_OTHER_GRAINS[grain]):
        rows = [row for row in scored if row["grain"] == shown]
        if rows:
            return rows
    return []


def watched_kpis(own: Rows) -> list[Key]:
    """KPI, segment type and segment of every scorecard row, in the order of the cards."""
    ordered = sorted(own, key=lambda row: (row["scorecard_id"], row["position"], row["kpi_id"]))
    return list(dict.fromkeys((row["kpi_id"], row["segment_type"], row["segment"]) for row in ordered))


def _grouped(rows: Rows, name: str) -> list[Rows]:
    groups: dict[object, Rows] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return list(groups.values())


def _card(published: Published, brand: Row, rows: Rows) -> dict[str, Any] | None:
    """One scorecard: its reported period, the running one, and the verdicts before."""
    by_start: dict[date, Rows] = {}
    for row in rows:
        by_start.setdefault(row["period_start"], []).append(row)
    periods = [
        {name: group[0][name] for name in ("period_start", "period_end", "label_en", "label_fa", "days")}
        for _, group in sorted(by_start.items())
    ]
    known = {start: sum(row["verdict"] not in UNKNOWN for row in group) for start, group in by_start.items()}
    span = span_of(periods, known, today=brand["as_of_date"])
    if span is None:  # nothing measured yet: the newest period says so
        past = [period for period in periods if period["period_start"] <= brand["as_of_date"]]
        if not past:
            return None
        span = Span(reported=past[-1], running=None)
    first = rows[0]
    names = ("scorecard_id", "name", "name_fa", "goal", "grain", "owner", "team")
    reported = span.reported["period_start"]
    before = [each["period_start"] for each in periods if each["period_start"] < reported][-HISTORY:]
    running: dict[Key, Row] = {
        (row["kpi_id"], row["segment_type"], row["segment"]): row
        for row in (by_start[span.running["period_start"]] if span.running else ())
    }
    verdicts: dict[Key, Rows] = {}
    for start in before:
        for row in by_start[start]:
            key = (row["kpi_id"], row["segment_type"], row["segment"])
            verdicts.setdefault(key, []).append(
                {name: row[name] for name in ("label_en", "label_fa", "verdict", "actual", "target")}
            )
    return {
        **{name: first[name] for name in names},
        "campaign_type": first.get("campaign_type"),
        "brand_stage": first.get("brand_stage"),
        "period": span.reported,
        "running": span.running,
        "rows": [_scored_row(published, brand, row, running, verdicts) for row in by_start[reported]],
    }


def _scored_row(
    published: Published,
    brand: Row,
    row: Row,
    running: dict[Key, Row],
    verdicts: dict[Key, Rows],
) -> dict[str, Any]:
    key = (row["kpi_id"], row["segment_type"], row["segment"])
    names = (
        "kpi_id", "kpi_name_en", "kpi_name_fa", "unit", "currency_code", "segment_type", "segment",
        "actual", "target", "target_upper", "direction", "attainment", "verdict", "status", "sample_size",
        "owner", "loaded_through", "period_start", "period_end", "pace",
    )  # fmt: skip
    now = running.get(key)
    parts = published.rows(
        kpi_table(row["grain"]),
        f"""
        select numerator, denominator, previous_value, year_ago_value, days_loaded, days_expected
        from marts.{kpi_table(row["grain"])}
        where brand_id = $brand_id and kpi_id = $kpi_id and period_start = $period_start
            and segment_type = $segment_type and segment = $segment
        """,
        brand_id=brand["brand_id"],
        **{name: row[name] for name in ("kpi_id", "period_start", "segment_type", "segment")},
    )
    causes = published.rows(
        "fct_kpi_diagnosis",
        """
        select d.segment_type, d.segment, d.contribution, d.compared_with, d.total_change,
            c.name_en as channel_en, c.name_fa as channel_fa
        from marts.fct_kpi_diagnosis as d
        left join marts.dim_channel as c on d.segment_type = 'channel' and d.segment = c.channel_id
        where brand_id = $brand_id and kpi_id = $kpi_id and grain = $grain and period_start = $period_start
            and is_bottleneck and segment_type not in ('overall', 'parts')
            and not list_contains($nowhere, segment)
        order by compared_with = 'target' desc, segment_type = 'channel' desc, segment_type = 'campaign' desc,
            segment_type
        limit 1
        """,
        brand_id=brand["brand_id"],
        nowhere=sorted(NOWHERE),
        **{name: row[name] for name in ("kpi_id", "grain", "period_start")},
    )
    return {
        **{name: row[name] for name in names},
        "money": row["currency_code"] or brand["currency_code"],
        **(plain(parts[0]) if parts else {}),
        "running": None
        if now is None
        else {
            name: now[name]
            for name in (
                "actual",
                "target",
                "pace",
                "verdict",
                "status",
                "loaded_through",
                "period_end",
                "period_start",
                "days",
            )
        },
        "before": verdicts.get(key, []),
        "bottleneck": causes[0] if causes and row["segment_type"] == "overall" else None,
    }
