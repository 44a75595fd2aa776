"""The scorecard as people and programs read it: rows from the published file, as table, JSON or CSV.

In goes a workspace, out come :class:`ScorecardRow` (values unrounded) or text. A brand without a scorecard
shows its KPIs without targets. No published file, or one of another shape, is a :class:`WorkspaceError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.table import Table

from orchestration.persian import persian_number
from orchestration.published_reader import published_connection, require_brand, rows_of
from orchestration.row_output import as_csv, as_json, number
from orchestration.workspace import Workspace

GRAINS = ("day", "week", "month", "quarter")
VERDICTS_FA = {
    "on_target": "به هدف رسید",
    "below_target": "پایین‌تر از هدف",
    "on_pace": "در مسیر هدف",
    "behind_pace": "عقب‌تر از مسیر هدف",
    "no_data": "بدون داده",
    "low_sample": "نمونه کم",
}
STATUSES_FA = {
    "not_loaded": "بارگذاری نشده",
    "stale": "کهنه",
    "no_denominator": "بدون مخرج",
    "low_sample": "نمونه کم",
    "immature": "نارس",
    "provisional": "موقت",
    "final": "نهایی",
}
VERDICT_STYLES = {"on_target": "green", "on_pace": "green", "below_target": "red", "behind_pace": "yellow"}
HEADERS = {
    "en": ("KPI", "period", "value", "target", "attained", "verdict", "change", "status"),
    "fa": ("شاخص", "دوره", "مقدار", "هدف", "تحقق", "ارزیابی", "تغییر", "وضعیت"),
}
NOT_COMPARABLE = {
    "en": "* not comparable: a value is late, immature, of few cases or of a part of its period",
    "fa": "* قابل مقایسه نیست: مقداری دیر رسیده، نارس، با نمونه کم یا از بخشی از دوره خود است",
}
NUMBERS = frozenset({"value", "target", "attained", "change"})


@dataclass(frozen=True, kw_only=True)
class ScorecardRow:
    """One KPI of one brand in one period.

    Attributes:
        scorecard_id: None where the brand has no scorecard.
        period_end: day after the last.
        actual: unrounded; ratios as fractions.
        attainment: how much of the target is there, a fraction. pace: of what is due by the loaded days.
        verdict: None without a target.
        change_rate: relative change from the period before, a fraction.
        change_abs: absolute change, where a relative one makes no sense.
        is_comparable: whether the change compares like with like: neither value is late, immature or of few
            cases, and of counts and sums both periods are loaded to their end. None without a change.
    """

    brand_id: str
    brand_name: str
    brand_name_fa: str | None
    scorecard_id: str | None
    name: str | None
    name_fa: str | None
    kpi_id: str
    kpi_name_en: str
    kpi_name_fa: str
    unit: str
    currency_code: str | None
    grain: str
    period_start: date
    period_end: date
    label_en: str
    label_fa: str
    actual: float | None
    target: float | None
    target_upper: float | None
    direction: str | None
    attainment: float | None
    pace: float | None
    verdict: str | None
    change_rate: float | None
    change_abs: float | None
    is_comparable: bool | None
    status: str | None
    segment_type: str
    segment: str


_QUERY = """
with kpis as (
    select 'day' as grain, k.* from marts.fct_kpi_daily as k
    union all by name select 'week' as grain, k.* from marts.fct_kpi_weekly as k
    union all by name select 'month' as grain, k.* from marts.fct_kpi_monthly as k
    union all by name select 'quarter' as grain, k.* from marts.fct_kpi_quarterly as k
),
overall as (select * from kpis where segment_type = 'overall'),
scored as (
    select
        s.brand_id, s.scorecard_id, s.name, s.name_fa, s.kpi_id, s.grain, s.period_start, s.segment_type,
        s.segment, s.currency_code, s.actual, s.target, s.target_upper, s.direction, s.attainment, s.pace,
        s.verdict, s.actual - s.previous_value as change_abs, s.previous_value, s.status, s.position
    from marts.fct_scorecard as s
    where s.is_latest and ($grain is null or s.grain = $grain)
),
unscored as (
    select
        o.brand_id, null as scorecard_id, null as name, null as name_fa, o.kpi_id, o.grain, o.period_start,
        o.segment_type, o.segment, o.currency_code, o.value as actual, null as target, null as target_upper,
        null as direction, null as attainment, null as pace, null as verdict, o.change_abs, o.previous_value,
        o.status, row_number() over (order by o.kpi_id) as position
    from overall as o
    where
        o.value is not null
        and o.grain = coalesce($grain, 'month')
        and o.brand_id not in (select brand_id from scored)
    qualify row_number() over (partition by o.brand_id, o.kpi_id order by o.period_start desc) = 1
),
shown as (select * from scored union all by name select * from unscored),
-- As the diagnosis judges the whole KPI; where it doesn't, a value is held to the length of its period.
judged as (
    select distinct brand_id, kpi_id, grain, period_start, is_comparable
    from marts.fct_kpi_diagnosis
    where compared_with = 'previous_period'
)
select
    shown.brand_id, brand.name as brand_name, brand.name_fa as brand_name_fa, shown.scorecard_id, shown.name,
    shown.name_fa, shown.kpi_id, kpi.name_en as kpi_name_en, kpi.name_fa as kpi_name_fa, kpi.unit,
    shown.currency_code, shown.grain, shown.period_start, period.period_end, period.label_en, period.label_fa,
    shown.actual, shown.target, shown.target_upper, shown.direction, shown.attainment, shown.pace,
    shown.verdict,
    case when kpi.lower_bound >= 0 and shown.previous_value <> 0
        then shown.change_abs / shown.previous_value end as change_rate,
    shown.change_abs,
    case when shown.change_abs is not null
        then coalesce(shown.status not in ('stale', 'low_sample', 'immature'), false)
            and coalesce(
                judged.is_comparable,
                kpi.denominator_measure is not null
                or (own.days_loaded = period.days and previous.days_loaded = before.days),
                false
            )
    end as is_comparable,
    shown.status, shown.segment_type, shown.segment
from shown
join marts.dim_brand as brand using (brand_id)
join marts.dim_kpi as kpi using (kpi_id)
join marts.dim_period as period
    on period.calendar_key = brand.calendar_key
    and period.grain = shown.grain
    and period.period_start = shown.period_start
left join marts.dim_period as before
    on before.calendar_key = period.calendar_key
    and before.grain = period.grain
    and before.period_start = period.previous_start
left join judged
    on judged.brand_id = shown.brand_id
    and judged.kpi_id = shown.kpi_id
    and judged.grain = shown.grain
    and judged.period_start = shown.period_start
left join kpis as own
    on own.brand_id = shown.brand_id
    and own.kpi_id = shown.kpi_id
    and own.grain = shown.grain
    and own.period_start = shown.period_start
    and own.segment_type = shown.segment_type
    and own.segment = shown.segment
left join kpis as previous
    on previous.brand_id = shown.brand_id
    and previous.kpi_id = shown.kpi_id
    and previous.grain = shown.grain
    and previous.period_start = period.previous_start
    and previous.segment_type = shown.segment_type
    and previous.segment = shown.segment
where $brand is null or shown.brand_id = $brand
order by brand.name, shown.brand_id, shown.scorecard_id, shown.position, shown.kpi_id, shown.period_start
"""


def read_scorecards(workspace: Workspace, *, brand: str | None, grain: str | None) -> list[ScorecardRow]:
    """Rows of the newest period with data, by brand.

    Args:
        workspace: whose published file is read.
        brand: only this brand id.
        grain: only scorecards of ``day``, ``week``, ``month`` or ``quarter``; None for each scorecard's own.

    Raises:
        WorkspaceError: nothing is published, or the file can't be read.
        LookupFailure: no such brand.
    """
    with published_connection(workspace) as connection:
        require_brand(connection, brand)
        found = rows_of(connection, _QUERY, {"brand": brand, "grain": grain})
    return [ScorecardRow(**row) for row in found]


def print_scorecards(console: Console, rows: Sequence[ScorecardRow], *, lang: str) -> None:
    """One table per brand and scorecard."""
    if not rows:
        console.print("No KPI has a value yet.")
    for _, group in groupby(rows, key=lambda row: (row.brand_id, row.scorecard_id)):
        console.print(_table(list(group), lang=lang))


def scorecards_as_json(rows: Sequence[ScorecardRow]) -> str:
    """A JSON array; dates as ISO text, values unrounded."""
    return as_json([asdict(row) for row in rows])


def scorecards_as_csv(rows: Sequence[ScorecardRow]) -> str:
    """CSV with a header."""
    return as_csv([asdict(row) for row in rows], [field.name for field in fields(ScorecardRow)])


def format_value(value: float | None, *, unit: str, currency: str | None, lang: str) -> str:
    """``value`` with its unit: 25.3 %, 1,234, 1,234.50 GBP, 92 s, 32.1; a dash for none."""
    if value is None:
        return "–"
    match unit:
        case "ratio":
            text = f"{value * 100:,.2f} %"
        case "count":
            text = f"{value:,.0f}"
        case "money":
            text = f"{value:,.2f} {currency or ''}".rstrip()
        case "seconds":
            text = f"{value:,.1f} s"
        case _:
            text = f"{value:,.2f}"
    return persian_number(text) if lang == "fa" else text


def format_share(value: float | None, *, lang: str) -> str:
    """A fraction as whole percents: 74 %; a dash for none."""
    if value is None:
        return "–"
    text = f"{value * 100:,.0f} %"
    return persian_number(text) if lang == "fa" else text


def format_change(value: float, *, unit: str, currency: str | None, lang: str) -> str:
    """A change with its unit, of a rate in percentage points; one that rounds to 0 keeps its sign."""
    sign = "-" if value < 0 else "+" if value > 0 else ""
    if unit == "ratio":
        text = f"{sign}{abs(value) * 100:,.2f} {'واحد درصد' if lang == 'fa' else 'pp'}"
    elif unit == "count":
        text = sign + number(abs(value))
    else:
        text = sign + format_value(abs(value), unit=unit, currency=currency, lang="en")
    return persian_number(text) if lang == "fa" else text


def _table(rows: list[ScorecardRow], *, lang: str) -> Table:
    table = Table(title=_title(rows[0], lang=lang), title_justify="left", title_style="bold", expand=False)
    if any(row.is_comparable is False for row in rows):
        table.caption, table.caption_justify = NOT_COMPARABLE[lang], "left"
    for english, header in zip(HEADERS["en"], HEADERS[lang], strict=True):
        table.add_column(header, justify="right" if english in NUMBERS else "left", overflow="fold")
    for row in rows:
        table.add_row(*_cells(row, lang=lang))
    return table


def _title(row: ScorecardRow, *, lang: str) -> str:
    brand = (row.brand_name_fa if lang == "fa" else None) or row.brand_name
    scorecard = (row.name_fa if lang == "fa" else None) or row.name
    segment = "" if row.segment_type == "overall" else f" ({row.segment})"
    return f"{brand}: {scorecard}{segment}" if scorecard else brand


def _cells(row: ScorecardRow, *, lang: str) -> Iterator[str]:
    persian = lang == "fa"
    yield row.kpi_name_fa if persian else row.kpi_name_en
    yield row.label_fa if persian else row.label_en
    yield format_value(row.actual, unit=row.unit, currency=row.currency_code, lang=lang)
    yield _target(row, lang=lang)
    yield format_share(row.attainment, lang=lang)
    verdict = row.verdict or "–"
    style = VERDICT_STYLES.get(verdict)
    shown = VERDICTS_FA.get(verdict, verdict) if persian else verdict.replace("_", " ")
    if verdict.endswith("_pace") and row.pace is not None:
        shown = f"{shown} ({format_share(row.pace, lang=lang)})"
    yield f"[{style}]{shown}[/]" if style else shown
    yield _change(row, lang=lang)
    status = row.status or "–"
    yield STATUSES_FA.get(status, status) if persian else status.replace("_", " ")


def _target(row: ScorecardRow, *, lang: str) -> str:
    if row.target is None:
        return "–"
    low = format_value(row.target, unit=row.unit, currency=row.currency_code, lang=lang)
    if row.target_upper is not None:
        return (
            f"{low} … {format_value(row.target_upper, unit=row.unit, currency=row.currency_code, lang=lang)}"
        )
    return f"{'≤' if row.direction == 'lower' else '≥'} {low}"


def _change(row: ScorecardRow, *, lang: str) -> str:
    mark = " *" if row.is_comparable is False else ""
    if row.change_rate is not None:
        sign = "-" if row.change_rate < 0 else "+" if row.change_rate > 0 else ""
        text = f"{sign}{abs(row.change_rate) * 100:,.1f} %"
        return (persian_number(text) if lang == "fa" else text) + mark
    if row.change_abs is not None:
        return format_change(row.change_abs, unit=row.unit, currency=row.currency_code, lang=lang) + mark
    return "–"
