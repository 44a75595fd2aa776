"""A small published file with every table a report reads.

Five brands: ``orion`` is the worked example (25 % / 8 % / 15 % / 200 leads in December 2025, on target) with
objectives, budgets, alerts and a diagnosis; ``nava`` is Jalali, in rials, and missed its targets; ``plain``
has KPIs and no scorecard; ``hostile`` is named to break out of a page; ``bare`` has nothing yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.calendar.make import CalendarKey, period_rows
from orchestration.workspace import Workspace
from tests.report.published_tables import COLUMNS, PERIOD_COLUMNS

AS_OF = date(2026, 1, 5)
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'n' {{ 7*7 }}"
PUBLISHED_AT = datetime(2026, 1, 5, 21, 0)  # noqa: DTZ001 - the published file holds UTC without a zone
SETTINGS = """
project: {name: Story, timezone: UTC, currency: EUR}
brands:
  orion: {name: Orion, name_fa: اوریون}
"""
KPIS = {
    "email_open_rate": ("E-mail open rate", "نرخ باز شدن ایمیل", "email", "ratio", "higher", "email_unique_opens", "email_delivered"),
    "email_click_rate": ("E-mail click rate", "نرخ کلیک ایمیل", "email", "ratio", "higher", "email_unique_clicks", "email_delivered"),
    "form_conversion_rate": ("Form conversion rate", "نرخ تبدیل فرم", "conversion", "ratio", "higher", "form_submitter_days", "form_viewer_days"),
    "leads": ("Leads", "تعداد لیدها", "conversion", "count", "higher", "leads", None),
    "revenue": ("Revenue", "درآمد", "revenue", "money", "higher", "order_value", None),
    "cost_per_lead": ("Cost per lead", "هزینه به‌ازای هر لید", "conversion", "money", "lower", "marketing_cost", "leads"),
    "bounce_rate": ("Bounce rate", "نرخ پرش", "engagement", "ratio", "lower", "bounces", "sessions"),
    "nps": ("Net promoter score", "شاخص خالص ترویج‌کنندگان", "loyalty", "points", "higher", "nps", "nps_responses"),
}  # fmt: skip
ORION_TARGETS = {
    "email_open_rate": 0.25,
    "email_click_rate": 0.08,
    "form_conversion_rate": 0.15,
    "leads": 200,
}


def publish_story(home: Path, *, without: Iterable[str] = (), leads: float = 200) -> Workspace:
    """A workspace whose published file tells the story.

    Args:
        home: its folder.
        without: tables that the file is to lack.
        leads: of orion in December 2025.
    """
    workspace = Workspace(home)
    workspace.published.mkdir(parents=True, exist_ok=True)
    workspace.settings_file.write_text(SETTINGS, encoding="utf-8")
    aside = workspace.published / "kpi.new"
    with duckdb.connect(str(aside)) as con:
        con.execute("create schema marts")
        for table, columns in COLUMNS.items():
            if table not in without:
                con.execute(f"create table marts.{table} ({columns})")
                rows = _rows(table, leads=leads)
                if rows:
                    names = sorted({name for row in rows for name in row} & set(_names(columns)))
                    told = pa.table({name: [row.get(name) for row in rows] for name in names})
                    con.register("told", told)
                    con.execute(f"insert into marts.{table} by name select * from told")
                    con.unregister("told")
    aside.replace(workspace.published_file)
    return workspace


def _names(columns: str) -> list[str]:
    return list(re.findall(r"(\w+) [a-z]+(?:\([\d,]+\))?(?:, |$)", columns))


def _rows(table: str, *, leads: float) -> list[dict[str, Any]]:
    suffix = {"fct_kpi_daily": "day", "fct_kpi_weekly": "week", "fct_kpi_monthly": "month", "fct_kpi_quarterly": "quarter"}  # fmt: skip
    if table in suffix:
        return [row for brand in ("orion", "nava", "plain", "hostile") for row in _kpi_rows(brand, suffix[table], leads=leads)]  # fmt: skip
    made: dict[str, Any] = {
        "dim_brand": _brands,
        "dim_kpi": _catalogue,
        "dim_channel": _channels,
        "dim_period": _periods,
        "fct_scorecard": lambda: [*_scorecard("orion", leads=leads), *_scorecard("nava"), *_scorecard("hostile")],
        "fct_kpi_diagnosis": _diagnosis,
        "fct_okr_progress": _objectives,
        "fct_okr_key_results": _key_results,
        "fct_budget_pacing": _pacing,
        "fct_kpi_alerts": _alerts,
        "fct_source_freshness": _freshness,
        "fct_missing_days": _missing,
        "fct_kpi_history": _history,
        "publication": lambda: [{"version": 7, "published_at": PUBLISHED_AT, "run_id": "r", "as_of": PUBLISHED_AT, "event_id": 9}],
    }  # fmt: skip
    return list(made[table]())


def _brands() -> Iterator[dict[str, Any]]:
    for brand_id, name, name_fa, currency, calendar in (
        ("orion", "Orion", "اوریون", "EUR", "gregorian"),
        ("nava", "Nava", "نوا", "IRR", "jalali"),
        ("plain", "Plain", None, "USD", "gregorian"),
        ("hostile", HOSTILE, HOSTILE, "EUR", "gregorian"),
        ("bare", "Bare", None, "EUR", "gregorian"),
    ):
        start = "saturday" if calendar == "jalali" else "monday"
        yield {
            "brand_id": brand_id,
            "name": name,
            "name_fa": name_fa,
            "timezone": "UTC",
            "currency_code": currency,
            "calendar": calendar,
            "week_start": start,
            "fiscal_year_start": 1,
            "calendar_key": f"{calendar}-{start}-1",
            "as_of_date": AS_OF,
        }


def _catalogue() -> Iterator[dict[str, Any]]:
    for kpi_id, (name_en, name_fa, family, unit, direction, numerator, denominator) in KPIS.items():
        yield {
            "kpi_id": kpi_id,
            "name_en": name_en,
            "name_fa": name_fa,
            "family": family,
            "unit": unit,
            "direction": direction,
            "numerator_measure": numerator,
            "denominator_measure": denominator,
            "scale": 100 if unit == "points" else 1,
            "additivity": "additive" if denominator is None else "non_additive",
            "formula_en": f"{numerator} / {denominator}",
            "question_en": f"What does {name_en.lower()} say?",
            "question_fa": f"{name_fa} چه می‌گوید؟",
        }


def _channels() -> Iterator[dict[str, Any]]:
    for channel, name_en, name_fa in (
        ("email", "E-mail", "ایمیل"),
        ("paid_search", "Paid search", "جستجوی پولی"),
        ("organic_search", "Organic search", "جستجوی طبیعی"),
    ):
        yield {
            "channel_id": channel,
            "name_en": name_en,
            "name_fa": name_fa,
            "is_paid": False,
            "is_mapped": True,
        }


def _calendar(brand: str) -> list[dict[str, Any]]:
    key = CalendarKey("jalali", "saturday", 1) if brand == "nava" else CalendarKey("gregorian", "monday", 1)
    names = [column.split()[0] for column in PERIOD_COLUMNS.split(", ")]
    rows = (dict(zip(names, row, strict=True)) for row in period_rows(key))
    return [row for row in rows if date(2023, 11, 1) <= row["period_start"] <= date(2026, 4, 1)]


def _periods() -> list[dict[str, Any]]:
    return [*_calendar("orion"), *_calendar("nava")]


def _kpi_rows(brand: str, grain: str, *, leads: float = 200) -> Iterator[dict[str, Any]]:
    kpis = {
        "orion": (
            "email_open_rate",
            "email_click_rate",
            "form_conversion_rate",
            "leads",
            "cost_per_lead",
            "nps",
        ),
        "nava": ("revenue", "bounce_rate", "leads"),
        "plain": ("leads", "bounce_rate", "nps"),
        "hostile": ("leads",),
    }[brand]
    days = {"day": 70, "week": 300, "month": 800, "quarter": 800}[grain]
    first = AS_OF - timedelta(days=days)
    periods = [row for row in _calendar(brand) if row["grain"] == grain and first <= row["period_start"] <= AS_OF - timedelta(days=2)]  # fmt: skip
    for kpi_id in kpis:
        values: dict[date, float] = {}
        for number, period in enumerate(periods):
            start, is_open = period["period_start"], period["period_end"] > AS_OF
            value = _value(brand, kpi_id, number, start if grain == "month" else None, leads=leads)
            if value is not None and is_open and KPIS[kpi_id][6] is None:
                value = round(value * 0.06)
            has_value = value is not None and not (kpi_id == "nps" and number % 9 == 4)
            denominator = None if KPIS[kpi_id][6] is None else 4000
            scale = 100 if kpi_id == "nps" else 1
            yield {
                "brand_id": brand,
                "kpi_id": kpi_id,
                "period_start": start,
                "period_end": period["period_end"],
                "segment_type": "overall",
                "segment": "all",
                "numerator": None if value is None else value if denominator is None else value * denominator / scale,
                "denominator": denominator,
                "value": value if has_value else None,
                "currency_code": {"nava": "IRR", "orion": "EUR"}.get(brand) if KPIS[kpi_id][3] == "money" else None,
                "days_loaded": period["days"],
                "days_expected": period["days"],
                "sample_size": denominator,
                "status": "not_loaded" if not has_value else "provisional" if is_open else "final",
                "previous_value": values.get(period["previous_start"]),
                "year_ago_value": values.get(period["year_ago_start"]),
                "loaded_through": min(AS_OF - timedelta(days=2), period["period_end"] - timedelta(days=1)),
            }  # fmt: skip
            if has_value and value is not None:
                values[start] = value


def _value(brand: str, kpi_id: str, number: int, month: date | None, *, leads: float) -> float | None:
    wave = 1 + ((number * 7) % 5 - 2) / 20
    december = {
        "email_open_rate": 0.25,
        "email_click_rate": 0.08,
        "form_conversion_rate": 0.15,
        "leads": leads,
    }
    if brand == "orion" and month == date(2025, 12, 1) and kpi_id in december:
        return december[kpi_id]
    base = {
        "email_open_rate": 0.245,
        "email_click_rate": 0.074,
        "form_conversion_rate": 0.142,
        "leads": 180,
        "revenue": 18_400_000_000,
        "cost_per_lead": 61.5,
        "bounce_rate": 0.41,
        "nps": 42.0,
    }[kpi_id]
    value = base * wave * (1 + number / 200)
    return float(round(value)) if KPIS[kpi_id][3] in {"count"} or base > 1e6 else round(value, 4)


def _scorecard(brand: str, *, leads: float = 200) -> Iterator[dict[str, Any]]:
    targets = {
        "orion": ORION_TARGETS,
        "nava": {"revenue": 25_000_000_000, "bounce_rate": 0.30, "leads": 150},
        "hostile": {"leads": 100},
    }[brand]
    directions = {kpi_id: KPIS[kpi_id][4] for kpi_id in targets}
    rows = [row for row in _kpi_rows(brand, "month", leads=leads) if row["kpi_id"] in targets]
    for row in rows:
        start = row["period_start"]
        if start < AS_OF - timedelta(days=200):
            continue
        kpi_id, actual, target = row["kpi_id"], row["value"], targets[row["kpi_id"]]
        is_open = row["period_end"] > AS_OF
        is_met = actual <= target if directions[kpi_id] == "lower" else actual >= target
        gone = (row["loaded_through"] - start).days + 1
        pace = actual / (target * gone / row["days_loaded"]) if KPIS[kpi_id][6] is None else None
        late = "on_pace" if pace is not None and pace >= 1 else "behind_pace"
        yield {
            **row,
            "scorecard_id": f"{brand}_card",
            "name": {"orion": "B2B e-mail campaign", "nava": "Online shop"}.get(brand, HOSTILE),
            "name_fa": {"orion": "کارزار ایمیلی بی‌توبی", "nava": "فروشگاه اینترنتی"}.get(brand, HOSTILE),
            "goal": "sales" if brand == "nava" else "leads",
            "campaign_type": "e-mail" if brand == "orion" else HOSTILE if brand == "hostile" else None,
            "brand_stage": "growth",
            "kpi_name_en": KPIS[kpi_id][0],
            "kpi_name_fa": KPIS[kpi_id][1],
            "unit": KPIS[kpi_id][3],
            "grain": "month",
            "position": list(targets).index(kpi_id),
            "actual": actual,
            "target": target,
            "direction": directions[kpi_id],
            "pace": pace,
            "verdict": late if is_open and pace is not None and not is_met else "on_target" if is_met else "below_target",
            "owner": HOSTILE if brand == "hostile" else "crm-lead",
            "team": "marketing",
            "is_latest": is_open,
        }  # fmt: skip


def _diagnosis() -> Iterator[dict[str, Any]]:
    """Why orion's click rate rose, and what nava's bounce rate lacks to its target."""
    common = {"brand_id": "orion", "kpi_id": "email_click_rate", "grain": "month", "period_start": date(2025, 12, 1), "compared_with": "previous_period", "total_before": 0.0778, "total_after": 0.08, "total_change": 0.0022}  # fmt: skip
    for kind, segment, mix, rate, rank in (
        ("channel", "email", -0.0010, 0.0040, 3),
        ("channel", "organic_search", 0.0002, 0.0006, 2),
        ("channel", "paid_search", -0.0004, -0.0012, 1),
        ("parts", "numerator", 0.0, 0.0035, 2),
        ("parts", "denominator", 0.0, -0.0013, 1),
        *(("campaign", f"camp {number}", 0.0, 0.0002, number + 2) for number in range(10)),
        ("campaign", HOSTILE, 0.0, 0.0002, 1),
    ):
        contribution = mix + rate
        yield {
            **common,
            "segment_type": kind,
            "segment": segment,
            "before_value": 0.07,
            "after_value": 0.08,
            "mix_effect": mix,
            "rate_effect": rate,
            "contribution": contribution,
            "share_of_change": contribution / 0.0022,
            "rank": rank,
            "is_bottleneck": rank == 1 and contribution < 0,
        }
    nava = {"brand_id": "nava", "kpi_id": "bounce_rate", "grain": "month", "period_start": date(2025, 11, 22), "compared_with": "target", "scorecard_id": "nava_card", "total_before": 0.3, "total_after": 0.43, "total_change": 0.13}  # fmt: skip
    for segment, contribution, rank in (("paid_search", 0.10, 1), ("email", 0.03, 2)):
        yield {
            **nava,
            "segment_type": "channel",
            "segment": segment,
            "before_value": 0.3,
            "after_value": 0.3 + contribution,
            "mix_effect": 0.0,
            "rate_effect": contribution,
            "contribution": contribution,
            "share_of_change": contribution / 0.13,
            "rank": rank,
            "is_bottleneck": rank == 1,
        }


def _objectives() -> Iterator[dict[str, Any]]:
    yield {"brand_id": "orion", "objective_id": "grow", "name": "Grow the pipeline", "name_fa": "رشد قیف فروش", "owner": "cmo", "team": "marketing", "grain": "quarter", "period_start": date(2025, 10, 1), "period_end": date(2026, 1, 1), "key_results": 2, "key_results_without_data": 1, "weight_with_data": 0.6, "share_without_data": 0.4, "progress": 0.75, "expected_progress": 0.98, "is_latest": True}  # fmt: skip


def _key_results() -> Iterator[dict[str, Any]]:
    shared = {"brand_id": "orion", "objective_id": "grow", "segment_type": "overall", "segment": "all", "grain": "quarter", "period_start": date(2025, 10, 1), "period_end": date(2026, 1, 1)}  # fmt: skip
    yield {**shared, "position": 0, "kpi_id": "leads", "direction": "higher", "baseline": 400, "target": 600, "actual": 550, "unit": "count", "weight": 0.6, "progress": 0.75, "status": "final"}  # fmt: skip
    yield {**shared, "position": 1, "kpi_id": "nps", "direction": "higher", "baseline": 30, "target": 45, "actual": None, "unit": "points", "weight": 0.4, "progress": None, "status": "not_loaded"}  # fmt: skip


def _pacing() -> Iterator[dict[str, Any]]:
    shared = {"brand_id": "orion", "period_start": date(2025, 12, 1), "period_end": date(2026, 1, 1), "currency_code": "EUR", "budget_share_elapsed": 1.0, "marginal_months": 6, "status": "final"}  # fmt: skip
    yield {**shared, "channel_id": "paid_search", "budget": 1200.5, "spend": 1510.2, "pace": 1.258, "projected_spend": 1510.2, "verdict": "over_budget", "leads": 31, "cost_per_lead": 48.7, "return_on_spend": 2.1, "marginal_cost_per_lead": 66.4, "marginal_return": 1.2}  # fmt: skip
    yield {**shared, "channel_id": "email", "budget": 300, "spend": 290, "pace": 0.967, "projected_spend": 290, "verdict": "on_budget", "leads": 120, "cost_per_lead": 2.42, "return_on_spend": 11.0, "marginal_cost_per_lead": None, "marginal_return": None}  # fmt: skip
    yield {**shared, "period_start": date(2026, 1, 1), "channel_id": "email", "budget": 300, "verdict": "no_data"}  # fmt: skip


def _alerts() -> Iterator[dict[str, Any]]:
    shared = {"brand_id": "orion", "scorecard_id": "orion_card", "segment_type": "overall", "segment": "all", "grain": "month", "direction": "higher", "owner": "crm-lead"}  # fmt: skip
    yield {**shared, "kpi_id": "leads", "period_start": date(2026, 1, 1), "alert_kind": "paced", "actual": 11, "target": 200, "condition": "breach", "is_muted": False, "status": "provisional", "verdict": "behind_pace"}  # fmt: skip
    yield {**shared, "kpi_id": "email_open_rate", "period_start": date(2025, 11, 1), "alert_kind": "final", "actual": 0.2, "target": 0.25, "condition": "breach", "is_muted": False, "status": "final", "verdict": "below_target"}  # fmt: skip
    yield {**shared, "kpi_id": "email_open_rate", "period_start": date(2025, 12, 1), "alert_kind": "final", "actual": 0.25, "target": 0.25, "condition": "clear", "is_muted": False, "status": "final", "verdict": "on_target"}  # fmt: skip
    yield {"brand_id": "orion", "source_id": "orion_crm", "alert_kind": "data", "condition": "breach", "is_muted": True, "mute_reason": "stale_source", "status": "stale"}  # fmt: skip


def _freshness() -> Iterator[dict[str, Any]]:
    for brand in ("orion", "nava", "hostile"):
        for stream, status, behind in (
            ("contacts", "late", 3),
            ("traffic", "fresh", 0),
            ("campaigns", "failed", 31),
        ):
            yield {"brand_id": brand, "source_id": f"{brand}_{stream}", "connector": "crm", "stream": stream, "kind": "entity", "expect": "daily", "slices": 3, "row_count": 2116, "rejected_rows": 2, "loaded_through": AS_OF - timedelta(days=behind + 1), "days_behind": behind, "status": status, "last_error": "secret path", "last_loaded_at": PUBLISHED_AT, "quality_note": HOSTILE if brand == "hostile" else None}  # fmt: skip


def _missing() -> Iterator[dict[str, Any]]:
    for day in (date(2025, 12, 28), date(2025, 12, 29), date(2025, 12, 30), date(2026, 1, 3)):
        for measure in ("leads", "qualified_leads"):
            yield {"brand_id": "orion", "source_id": "orion_contacts", "measure": measure, "missing_date": day, "is_overdue": True}  # fmt: skip


def _history() -> Iterator[dict[str, Any]]:
    for value, reason, version in ((196, "new data", 5), (200, "restated", 7)):
        yield {"brand_id": "orion", "kpi_id": "leads", "grain": "month", "period_start": date(2025, 12, 1), "segment_type": "overall", "segment": "all", "value": value, "reason": reason, "moved_by": None if version == 5 else "orion_contacts", "event_id": version, "version": version, "valid_from": PUBLISHED_AT - timedelta(days=7 - version)}  # fmt: skip
