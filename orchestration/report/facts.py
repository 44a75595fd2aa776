"""What a report says, read from the published file; plain values, the same in every language.

Tables that this version of the file lacks (it may be older than the program) leave their part empty. Times
that differ between two builds of the same data are not read, so that equal data give equal facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from orchestration.period_text import fact_of
from orchestration.published_reader import Rows, rows_of
from orchestration.report.spans import TREND_PERIODS, Row, Span, span_of, trend_of

GRAINS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
"""Grain by cadence."""
HISTORY = 6
"""Periods whose verdicts a card shows before the reported one."""
_MEASURES = ("numerator_measure", "denominator_measure", "scale")
UNKNOWN = frozenset({None, "no_data"})
_OTHER_GRAINS = {
    "day": ("week", "month", "quarter"),
    "week": ("month", "quarter", "day"),
    "month": ("quarter", "week", "day"),
    "quarter": ("month", "week", "day"),
}
"""Whose scorecards a report shows where its own grain has none: the next longer ones first."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """The published file, with the tables it has."""

    con: duckdb.DuckDBPyConnection
    tables: frozenset[str]

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> Published:
        """Look at what the file holds."""
        found = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        return cls(con=con, tables=frozenset(name for (name,) in found))

    def rows(self, table: str, sql: str, **parameters: object) -> Rows:
        """Rows of a query over ``table``; none where the file lacks it."""
        return rows_of(self.con, sql, parameters) if table in self.tables else []

    def brands(self) -> Rows:
        """Rows of ``dim_brand`` by name."""
        return self.rows("dim_brand", "select * from marts.dim_brand order by name, brand_id")


def read_facts(published: Published, brand: Row, cadence: str) -> dict[str, Any]:
    """Everything the report of a brand and cadence says.

    Args:
        published: the file.
        brand: row of ``dim_brand``.
        cadence: key of :data:`GRAINS`.
    """
    grain = GRAINS[cadence]
    brand_id = brand["brand_id"]
    today = brand["as_of_date"]
    catalogue = {row["kpi_id"]: row for row in published.rows("dim_kpi", "select * from marts.dim_kpi")}
    scored = _scored(published, brand_id)
    own = _scorecards_of(scored, grain)
    watched = _watched(own)
    values = _values(published, brand_id, grain, watched)
    periods = _periods(published, brand["calendar_key"], grain, values)
    known = _count(values, watched) if watched else _count(values, None)
    span = span_of(periods, known, today=today)
    targets = {
        (row["kpi_id"], row["segment_type"], row["segment"], row["period_start"]): row
        for row in own
        if row["grain"] == grain
    }
    cards = [_card(published, brand, list(rows)) for rows in _grouped(own, "scorecard_id")]
    facts: dict[str, Any] = {
        "brand": {name: brand[name] for name in ("brand_id", "name", "name_fa", "currency_code", "calendar")},
        "cadence": cadence,
        "grain": grain,
        "period": span.reported if span else None,
        "running": span.running if span else None,
        "cards": [card for card in cards if card is not None],
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
        _add_kpis(facts, published, catalogue, watched, values, targets, trend, span)
        facts |= _quality(published, brand_id, since=trend[0]["period_start"], through=newest["period_end"])
        facts["revisions"] = _revisions(published, brand_id, grain, facts["kpis"], trend)
    facts |= _plans(published, brand_id)
    facts["publications"] = _publications(published, brand_id)
    return facts


def headline(facts: dict[str, Any]) -> dict[str, Any]:
    """The part of facts that must never be out of date: what is said of closed periods."""
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
    return {"period": period and period["period_start"], "cards": closed, "values": values}


def _scored(published: Published, brand_id: str) -> Rows:
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


def _scorecards_of(scored: Rows, grain: str) -> Rows:
    """Rows of the scorecards a report of ``grain`` shows."""
    for shown in (grain, *_OTHER_GRAINS[grain]):
        rows = [row for row in scored if row["grain"] == shown]
        if rows:
            return rows
    return []


def _watched(own: Rows) -> list[tuple[str, str, str]]:
    """KPI, segment type and segment of every scorecard row, in the order of the cards."""
    ordered = sorted(own, key=lambda row: (row["scorecard_id"], row["position"], row["kpi_id"]))
    return list(dict.fromkeys((row["kpi_id"], row["segment_type"], row["segment"]) for row in ordered))


def _values(published: Published, brand_id: str, grain: str, watched: Iterable[tuple[str, str, str]]) -> Rows:
    """KPI rows of the overall segment and of the segments that scorecards watch."""
    segments = sorted({pair for pair in ((kind, name) for _, kind, name in watched)} | {("overall", "all")})
    return published.rows(
        fact_of(grain).removeprefix("marts."),
        f"""
        select kpi_id, period_start, period_end, segment_type, segment, numerator, denominator,
            case when status <> 'low_sample' then value end as value, currency_code, basis, days_loaded, days_expected, sample_size,
            status, previous_value, year_ago_value, loaded_through
        from {fact_of(grain)}
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
    running = {
        (row["kpi_id"], row["segment_type"], row["segment"]): row
        for row in (by_start[span.running["period_start"]] if span.running else ())
    }
    verdicts: dict[tuple[str, str, str], Rows] = {}
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
    running: dict[tuple[str, str, str], Row],
    verdicts: dict[tuple[str, str, str], Rows],
) -> dict[str, Any]:
    key = (row["kpi_id"], row["segment_type"], row["segment"])
    names = (
        "kpi_id", "kpi_name_en", "kpi_name_fa", "unit", "currency_code", "segment_type", "segment", "position",
        "actual", "target", "target_upper", "direction", "attainment", "verdict", "status", "sample_size",
        "owner", "loaded_through", "period_start", "period_end", "pace",
    )  # fmt: skip
    now = running.get(key)
    parts = published.rows(
        fact_of(row["grain"]).removeprefix("marts."),
        f"""
        select numerator, denominator, previous_value, year_ago_value, days_loaded, days_expected
        from {fact_of(row["grain"])}
        where brand_id = $brand_id and kpi_id = $kpi_id and period_start = $period_start
            and segment_type = $segment_type and segment = $segment
        """,
        brand_id=brand["brand_id"],
        **{name: row[name] for name in ("kpi_id", "period_start", "segment_type", "segment")},
    )
    causes = published.rows(
        "fct_kpi_diagnosis",
        """
        select d.segment_type, d.segment, d.contribution, d.compared_with,
            c.name_en as channel_en, c.name_fa as channel_fa
        from marts.fct_kpi_diagnosis as d
        left join marts.dim_channel as c on d.segment_type = 'channel' and d.segment = c.channel_id
        where brand_id = $brand_id and kpi_id = $kpi_id and grain = $grain and period_start = $period_start
            and is_bottleneck and segment_type not in ('overall', 'parts')
        order by compared_with = 'target' desc, segment_type = 'channel' desc, segment_type = 'campaign' desc,
            segment_type
        limit 1
        """,
        brand_id=brand["brand_id"],
        **{name: row[name] for name in ("kpi_id", "grain", "period_start")},
    )
    return {
        **{name: row[name] for name in names},
        **(_plain(parts[0]) if parts else {}),
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


def _add_kpis(
    facts: dict[str, Any],
    published: Published,
    catalogue: dict[str, Row],
    watched: Sequence[tuple[str, str, str]],
    values: Rows,
    targets: dict[tuple[str, str, str, date], Row],
    trend: Sequence[Row],
    span: Span,
) -> None:
    """The KPIs told at length, and the rest as one table."""
    by_key: dict[tuple[str, str, str], dict[date, Row]] = {}
    for row in values:
        key = (row["kpi_id"], row["segment_type"], row["segment"])
        by_key.setdefault(key, {})[row["period_start"]] = row
    shown = {period["period_start"] for period in trend}
    alive = [
        key
        for key, rows in by_key.items()
        if key[1] == "overall" and any(rows[each]["value"] is not None for each in shown & set(rows))
    ]
    in_order = sorted(alive, key=lambda key: (_family(catalogue[key[0]]), catalogue[key[0]]["name_en"]))
    told = list(watched) or in_order
    brand_id = facts["brand"]["brand_id"]
    for key in told:
        rows = by_key.get(key, {})
        kpi = _kpi(catalogue[key[0]], key, rows, targets, trend, span)
        kpi["diagnosis"] = _diagnosis(published, brand_id, facts["grain"], key, span)
        facts["kpis"].append(kpi)
    for key in in_order:
        if key not in told:
            facts["others"].append(_kpi(catalogue[key[0]], key, by_key[key], {}, (), span))


def _family(kpi: Row) -> int:
    order = ("revenue", "conversion", "loyalty", "email", "engagement", "awareness")
    return order.index(kpi["family"]) if kpi["family"] in order else len(order)


def _kpi(
    kpi: Row,
    key: tuple[str, str, str],
    rows: dict[date, Row],
    targets: dict[tuple[str, str, str, date], Row],
    trend: Sequence[Row],
    span: Span,
) -> dict[str, Any]:
    names = (
        "kpi_id", "name_en", "name_fa", "family", "unit", "direction", "additivity", "question_en", "question_fa",
        "formula_en", "numerator_measure", "denominator_measure", "scale",
    )  # fmt: skip
    series = []
    for period in trend:
        start = period["period_start"]
        row, target = rows.get(start), targets.get((*key, start))
        series.append(
            {
                "start": start,
                "label_en": period["label_en"],
                "label_fa": period["label_fa"],
                "value": row["value"] if row else None,
                "status": row["status"] if row else "not_loaded",
                "target": target["target"] if target else None,
                "target_upper": target["target_upper"] if target else None,
                "verdict": target["verdict"] if target else None,
            }
        )
    now = rows.get(span.reported["period_start"])
    after = rows.get(span.running["period_start"]) if span.running else None
    currencies = [row["currency_code"] for row in rows.values() if row["currency_code"]]
    aim = targets.get((*key, span.reported["period_start"]))
    aim_names = ("target", "target_upper", "direction", "verdict", "attainment")
    return {
        **{name: kpi[name] for name in names},
        "segment_type": key[1],
        "segment": key[2],
        "currency_code": currencies[-1] if currencies else None,
        "series": series,
        "now": _plain(now) if now else {},
        "running": _plain(after) if after else {},
        "aim": {name: aim[name] for name in aim_names} if aim else None,
    }


def _plain(row: Row) -> dict[str, Any]:
    """A KPI row with its decimals as floats: they are shown, not reckoned with."""
    return {
        name: float(value) if name in {"numerator", "denominator"} and value is not None else value
        for name, value in row.items()
    }


def _diagnosis(
    published: Published, brand_id: str, grain: str, key: tuple[str, str, str], span: Span
) -> Rows:
    if key[1] != "overall":
        return []
    return published.rows(
        "fct_kpi_diagnosis",
        """
        select d.*, c.name_en as channel_en, c.name_fa as channel_fa
        from marts.fct_kpi_diagnosis as d
        left join marts.dim_channel as c on d.segment_type = 'channel' and d.segment = c.channel_id
        where d.brand_id = $brand_id and d.kpi_id = $kpi_id and d.grain = $grain and d.period_start = $start
        order by d.compared_with, d.scorecard_id, d.segment_type, abs(d.contribution) desc nulls last, d.segment
        """,
        brand_id=brand_id,
        kpi_id=key[0],
        grain=grain,
        start=span.reported["period_start"],
    )


def _plans(published: Published, brand_id: str) -> dict[str, Any]:
    """Objectives, budgets and alerts, each at its newest."""
    return {
        "objectives": published.rows(
            "fct_okr_progress",
            """
            select o.*, p.label_en, p.label_fa
            from marts.fct_okr_progress as o
            join marts.dim_brand as b using (brand_id)
            join marts.dim_period as p
                on p.calendar_key = b.calendar_key and p.grain = o.grain and p.period_start = o.period_start
            where o.brand_id = $brand_id and o.is_latest
            order by o.objective_id
            """,
            brand_id=brand_id,
        ),
        "key_results": published.rows(
            "fct_okr_key_results",
            """
            select r.*, k.name_en, k.name_fa
            from marts.fct_okr_key_results as r
            join marts.dim_kpi as k using (kpi_id)
            where r.brand_id = $brand_id
                and (r.objective_id, r.period_start) in (
                    select (objective_id, period_start) from marts.fct_okr_progress
                    where brand_id = $brand_id and is_latest
                )
            order by r.objective_id, r.position
            """,
            brand_id=brand_id,
        ),
        "pacing": published.rows(
            "fct_budget_pacing",
            """
            select b.*, c.name_en, c.name_fa, p.label_en, p.label_fa
            from marts.fct_budget_pacing as b
            join marts.dim_brand as d using (brand_id)
            left join marts.dim_channel as c using (channel_id)
            left join marts.dim_period as p
                on p.calendar_key = d.calendar_key and p.grain = 'month' and p.period_start = b.period_start
            where b.brand_id = $brand_id
            qualify b.period_start = max(case when b.spend is not null then b.period_start end) over ()
            order by b.budget desc nulls last, b.spend desc nulls last, b.channel_id
            """,
            brand_id=brand_id,
        ),
        "alerts": _alerts(published, brand_id),
    }


def _alerts(published: Published, brand_id: str) -> Rows:
    found = published.rows(
        "fct_kpi_alerts",
        """
        select a.*, k.name_en, k.name_fa, k.unit, p.label_en, p.label_fa, d.currency_code
        from marts.fct_kpi_alerts as a
        join marts.dim_brand as d using (brand_id)
        left join marts.dim_kpi as k using (kpi_id)
        left join marts.dim_period as p
            on p.calendar_key = d.calendar_key and p.grain = a.grain and p.period_start = a.period_start
        where a.brand_id = $brand_id
        order by a.period_start desc, a.kpi_id
        """,
        brand_id=brand_id,
    )
    names = ("source_id", "scorecard_id", "kpi_id", "segment_type", "segment", "grain")
    newest: dict[tuple[object, ...], Row] = {}
    for row in found:
        newest.setdefault(tuple(row.get(name) for name in names), row)
    return [dict(row) for row in newest.values() if row["condition"] == "breach"]


def _quality(published: Published, brand_id: str, *, since: date, through: date) -> dict[str, Any]:
    missing = published.rows(
        "fct_missing_days",
        """
        select source_id, missing_date, bool_or(is_overdue) as is_overdue
        from marts.fct_missing_days
        where brand_id = $brand_id and missing_date >= $since and missing_date < $through
        group by source_id, missing_date order by source_id, missing_date
        """,
        brand_id=brand_id,
        since=since,
        through=through,
    )
    return {
        "sources": published.rows(
            "fct_source_freshness",
            """
            select source_id, connector, stream, expect, row_count, rejected_rows, loaded_from, loaded_through,
                due_through, days_behind, status, quality_note
            from marts.fct_source_freshness where brand_id = $brand_id
            order by status = 'fresh', days_behind desc nulls last, source_id, stream
            """,
            brand_id=brand_id,
        ),
        "missing": _ranges(missing),
        "missing_since": since,
    }


def _ranges(missing: Rows) -> Rows:
    """Unbroken runs of missing days per source."""
    ranges: Rows = []
    for each in missing:
        last = ranges[-1] if ranges else None
        if (
            last is not None
            and last["source_id"] == each["source_id"]
            and last["is_overdue"] == each["is_overdue"]
            and last["last_day"] + timedelta(days=1) == each["missing_date"]
        ):
            last["last_day"] = each["missing_date"]
        else:
            day = each["missing_date"]
            ranges.append(
                {
                    "source_id": each["source_id"],
                    "first_day": day,
                    "last_day": day,
                    "is_overdue": each["is_overdue"],
                }
            )
    return ranges


def _publications(published: Published, brand_id: str) -> Rows:
    """The newest publications that changed a value of the brand."""
    return published.rows(
        "fct_kpi_history",
        """
        select event_id, version, min(valid_from) as published_at, count(*) as changed,
            count(*) filter (where reason = 'new data') as new,
            count(*) filter (where reason = 'restated') as restated
        from marts.fct_kpi_history where brand_id = $brand_id
        group by event_id, version order by event_id desc limit 5
        """,
        brand_id=brand_id,
    )


def _revisions(
    published: Published, brand_id: str, grain: str, kpis: Sequence[Row], trend: Sequence[Row]
) -> Rows:
    """Values of the told KPIs that a later publication changed, newest first."""
    found = published.rows(
        "fct_kpi_history",
        """
        select h.*, k.name_en, k.name_fa, k.unit
        from (
            select kpi_id, period_start, value, reason, moved_by, version, valid_from, currency_code,
                lag(value) over (partition by kpi_id, period_start order by valid_from, event_id) as before
            from marts.fct_kpi_history
            where brand_id = $brand_id and grain = $grain and segment_type = 'overall'
                and list_contains($kpis, kpi_id) and period_start >= $since
        ) as h
        join marts.dim_kpi as k using (kpi_id)
        where h.reason <> 'new data' and h.before is distinct from h.value
        order by h.valid_from desc, h.period_start desc, h.kpi_id limit 8
        """,
        brand_id=brand_id,
        grain=grain,
        kpis=sorted({kpi["kpi_id"] for kpi in kpis if kpi["segment_type"] == "overall"}),
        since=trend[0]["period_start"],
    )
    labels = {period["period_start"]: period for period in trend}
    return [
        {**row, **{name: labels[row["period_start"]][name] for name in ("label_en", "label_fa")}}
        for row in found
        if row["period_start"] in labels
    ]


def _grouped(rows: Rows, name: str) -> list[Rows]:
    groups: dict[object, Rows] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return list(groups.values())
