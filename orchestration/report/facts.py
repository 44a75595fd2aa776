"""What a report says, read from the published file; plain values, the same in every language.

Times that differ between two builds of the same data are not read, so that equal data give equal facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orchestration.ledger import GRAINS as CADENCES
from orchestration.published_reader import Rows
from orchestration.report.card_facts import card_facts, scorecards_of, scored_rows, watched_kpis
from orchestration.report.kpi_facts import KpiStory, Targets
from orchestration.report.plan_facts import plan_facts
from orchestration.report.quality_facts import publication_facts, quality_facts, revision_facts
from orchestration.report.reading import Published, Row, kpi_table
from orchestration.report.spans import TREND_PERIODS, span_of, trend_of

GRAINS = {cadence: grain for grain, cadence in CADENCES.items()}
"""Grain of a report by its cadence, the shortest first."""


_MEASURES = ("numerator_measure", "denominator_measure", "scale")


@dataclass(frozen=True, kw_only=True)
class BrandFacts:
    """What the reports of a brand read whatever their cadence.

    Attributes:
        brand: row of ``dim_brand``.
        catalogue: rows of ``dim_kpi`` by id.
        scored: rows of its scorecards, of every grain.
        plans: objectives, budgets and alerts.
        publications: the newest that changed a value of it.
    """

    brand: Row
    catalogue: Mapping[str, Row]
    scored: Rows
    plans: Mapping[str, Any]
    publications: Rows


def read_brand(published: Published, brand: Row) -> BrandFacts:
    """What is the same in every report of a brand, which is a row of ``dim_brand``."""
    brand_id = brand["brand_id"]
    return BrandFacts(
        brand=brand,
        catalogue={row["kpi_id"]: row for row in published.rows("dim_kpi", "select * from marts.dim_kpi")},
        scored=scored_rows(published, brand_id),
        plans=plan_facts(published, brand_id),
        publications=publication_facts(published, brand_id),
    )


def read_facts(published: Published, about: BrandFacts, cadence: str) -> dict[str, Any]:
    """Everything the report of a brand and cadence says.

    Args:
        published: the file.
        about: the brand.
        cadence: key of :data:`GRAINS`.
    """
    grain = GRAINS[cadence]
    brand, catalogue = about.brand, about.catalogue
    brand_id = brand["brand_id"]
    today = brand["as_of_date"]
    own = scorecards_of(about.scored, grain)
    watched = watched_kpis(own)
    values = _values(published, brand_id, grain, watched)
    periods = _periods(published, brand["calendar_key"], grain, values)
    has_own = any(row["grain"] == grain for row in own)
    known = _count(values, watched if has_own else None)
    span = span_of(periods, known, today=today)
    targets: Targets = {
        (row["kpi_id"], row["segment_type"], row["segment"], row["period_start"]): row
        for row in own
        if row["grain"] == grain
    }
    facts: dict[str, Any] = {
        "brand": {name: brand[name] for name in ("brand_id", "name", "name_fa", "currency_code", "calendar")},
        "cadence": cadence,
        "grain": grain,
        "period": span.reported if span else None,
        "running": span.running if span else None,
        "cards": card_facts(published, brand, own),
        "catalogue": {
            row["kpi_id"]: {name: catalogue[row["kpi_id"]][name] for name in _MEASURES} for row in own
        },
        "kpis": [],
        "others": [],
        "has_alerts": "fct_kpi_alerts" in published.tables,
    }
    if span is not None:
        newest = span.running or span.reported
        trend = trend_of(periods, grain=grain, through=newest["period_start"])
        story = KpiStory(
            published=published,
            brand_id=brand_id,
            grain=grain,
            catalogue=catalogue,
            span=span,
            trend=trend,
            values=values,
            targets=targets,
        )
        told = watched or story.known_kpis()
        facts["kpis"] = [story.of(key) for key in told]
        facts["others"] = [story.in_short(key) for key in story.known_kpis() if key not in told]
        facts |= quality_facts(
            published, brand_id, since=trend[0]["period_start"], through=newest["period_end"]
        )
        facts["revisions"] = revision_facts(published, brand_id, grain, facts["kpis"], trend)
    facts |= about.plans
    facts["publications"] = about.publications
    return facts


def headline(facts: dict[str, Any]) -> dict[str, Any]:
    """The part of facts that must never be out of date: closed periods and open alerts."""
    closed = [
        {
            "period": card["period"]["period_start"],
            "rows": [
                {
                    name: row.get(name)
                    for name in ("kpi_id", "segment", "actual", "target", "target_upper", "verdict", "status")
                }
                for row in card["rows"]
            ],
        }
        for card in facts["cards"]
    ]
    values = [(kpi["kpi_id"], kpi["segment"], kpi["now"].get("value")) for kpi in facts["kpis"]]
    period = facts["period"]
    alerts = [(row["alert_kind"], row["kpi_id"], row["period_start"]) for row in facts["alerts"]]
    return {
        "period": period and period["period_start"],
        "cards": closed,
        "values": values,
        "alerts": alerts,
    }


def _values(published: Published, brand_id: str, grain: str, watched: Iterable[tuple[str, str, str]]) -> Rows:
    """KPI rows of the overall segment and of the segments that scorecards watch."""
    segments = sorted({(kind, name) for _, kind, name in watched} | {("overall", "all")})
    return published.rows(
        kpi_table(grain),
        f"""
        select kpi_id, period_start, period_end, segment_type, segment, numerator, denominator,
            case when status <> 'low_sample' then value end as value, currency_code, days_loaded,
            days_expected, sample_size, status, previous_value, year_ago_value, loaded_through
        from marts.{kpi_table(grain)}
        where brand_id = $brand_id and list_contains($segments, segment_type || ' ' || segment)
        order by kpi_id, segment_type, segment, period_start
        """,
        brand_id=brand_id,
        segments=[f"{kind} {name}" for kind, name in segments],
    )


def _periods(published: Published, calendar_key: str, grain: str, values: Rows) -> Rows:
    """Consecutive periods up to the newest with a value, as many as a trend and a look back need."""
    starts = [row["period_start"] for row in values if row["value"] is not None]
    if not starts:
        return []
    found = published.rows(
        "dim_period",
        """
        select period_start, period_end, days, previous_start, year_ago_start, label_en, label_fa
        from marts.dim_period
        where calendar_key = $calendar_key and grain = $grain and period_start <= $through
        order by period_start desc limit $periods
        """,
        calendar_key=calendar_key,
        grain=grain,
        through=max(starts),
        periods=2 * TREND_PERIODS[grain],
    )
    return found[::-1]


def _count(values: Rows, watched: Sequence[tuple[str, str, str]] | None) -> dict[date, int]:
    """Watched KPIs with a value, by period; of overall values where nothing is watched."""
    wanted = set(watched) if watched is not None else None
    counts: dict[date, int] = {}
    for row in values:
        key = (row["kpi_id"], row["segment_type"], row["segment"])
        if row["value"] is not None and (key in wanted if wanted else row["segment_type"] == "overall"):
            counts[row["period_start"]] = counts.get(row["period_start"], 0) + 1
    return counts
