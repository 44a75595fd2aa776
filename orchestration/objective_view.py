"""Objectives as people and programs read them: key results of the newest period, as table, JSON or CSV.

In goes a workspace, out come :class:`KeyResultRow` (values unrounded) or text. No published file, or one of
another shape, is a :class:`WorkspaceError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.table import Table

from orchestration.published_reader import published_connection, require_brand, rows_of
from orchestration.row_output import as_csv, as_json
from orchestration.scorecard_view import STATUSES_FA, format_share, format_value
from orchestration.workspace import Workspace

HEADERS = {
    "en": ("key result", "period", "baseline", "value", "target", "weight", "progress", "status"),
    "fa": ("نتیجه کلیدی", "دوره", "نقطه آغاز", "مقدار", "هدف", "وزن", "پیشرفت", "وضعیت"),
}
TEXTS = frozenset({"key result", "period", "status"})


@dataclass(frozen=True, kw_only=True)
class KeyResultRow:
    """One key result in the newest period of its objective, beside the objective's own progress.

    Attributes:
        actual: unrounded; ratios as fractions.
        progress: from baseline to target, 0 to 1; None without data.
        objective_progress: weighted mean of the key results with data.
        expected_progress: share of the period that has elapsed by the loaded days.
        share_without_data: of the weights.
    """

    brand_id: str
    brand_name: str
    brand_name_fa: str | None
    objective_id: str
    name: str
    name_fa: str | None
    grain: str
    period_start: date
    period_end: date
    label_en: str
    label_fa: str
    objective_progress: float | None
    expected_progress: float | None
    share_without_data: float
    position: int
    kpi_id: str
    kpi_name_en: str
    kpi_name_fa: str
    segment_type: str
    segment: str
    unit: str
    currency_code: str | None
    baseline: float
    actual: float | None
    target: float
    weight: float
    progress: float | None
    status: str


_QUERY = """
select
    o.brand_id, brand.name as brand_name, brand.name_fa as brand_name_fa, o.objective_id, o.name, o.name_fa,
    o.grain, o.period_start, o.period_end, period.label_en, period.label_fa,
    o.progress as objective_progress, o.expected_progress, o.share_without_data, k.position, k.kpi_id,
    kpi.name_en as kpi_name_en, kpi.name_fa as kpi_name_fa, k.segment_type, k.segment, k.unit,
    k.currency_code, k.baseline, k.actual, k.target, k.weight, k.progress, k.status
from marts.fct_okr_progress as o
join marts.fct_okr_key_results as k using (brand_id, objective_id, period_start)
join marts.dim_brand as brand using (brand_id)
join marts.dim_kpi as kpi using (kpi_id)
join marts.dim_period as period
    on period.calendar_key = brand.calendar_key
    and period.grain = o.grain
    and period.period_start = o.period_start
where o.is_latest and ($brand is null or o.brand_id = $brand) and ($grain is null or o.grain = $grain)
order by brand.name, o.brand_id, o.objective_id, k.position
"""


def read_objectives(workspace: Workspace, *, brand: str | None, grain: str | None) -> list[KeyResultRow]:
    """Key results of each objective's newest period with progress, by brand and objective.

    Args:
        workspace: whose published file is read.
        brand: only this brand id.
        grain: only objectives of ``day``, ``week``, ``month`` or ``quarter``.

    Raises:
        WorkspaceError: nothing is published, or the file can't be read.
        LookupFailure: no such brand.
    """
    with published_connection(workspace) as connection:
        require_brand(connection, brand)
        found = rows_of(connection, _QUERY, {"brand": brand, "grain": grain})
    return [KeyResultRow(**row) for row in found]


def print_objectives(console: Console, rows: Sequence[KeyResultRow], *, lang: str) -> None:
    """One table per objective."""
    for _, group in groupby(rows, key=lambda row: (row.brand_id, row.objective_id)):
        console.print(_table(list(group), lang=lang))


def objectives_as_json(rows: Sequence[KeyResultRow]) -> str:
    """A JSON array; dates as ISO text, values unrounded."""
    return as_json([asdict(row) for row in rows])


def objectives_as_csv(rows: Sequence[KeyResultRow]) -> str:
    """CSV with a header."""
    return as_csv([asdict(row) for row in rows], [field.name for field in fields(KeyResultRow)])


def _table(rows: list[KeyResultRow], *, lang: str) -> Table:
    table = Table(title=_title(rows[0], lang=lang), title_justify="left", title_style="bold", expand=False)
    for english, header in zip(HEADERS["en"], HEADERS[lang], strict=True):
        table.add_column(header, justify="left" if english in TEXTS else "right", overflow="fold")
    for row in rows:
        table.add_row(*_cells(row, lang=lang))
    return table


def _title(row: KeyResultRow, *, lang: str) -> str:
    reached = format_share(row.objective_progress, lang=lang)
    expected = format_share(row.expected_progress, lang=lang)
    missing = format_share(row.share_without_data, lang=lang)
    if lang == "fa":
        brand, name = row.brand_name_fa or row.brand_name, row.name_fa or row.name
        said = f"{reached} از هدف، {expected} از دوره گذشته"
        return f"{brand}: {name}، {said}" + (f"، {missing} بدون داده" if row.share_without_data else "")
    said = f"{reached} reached, {expected} of the period elapsed"
    without = f", {missing} without data" if row.share_without_data else ""
    return f"{row.brand_name}: {row.name}, {said}{without}"


def _cells(row: KeyResultRow, *, lang: str) -> Iterator[str]:
    persian = lang == "fa"
    kpi = row.kpi_name_fa if persian else row.kpi_name_en
    yield kpi if row.segment_type == "overall" else f"{kpi} ({row.segment})"
    yield row.label_fa if persian else row.label_en
    for value in (row.baseline, row.actual, row.target):
        yield format_value(value, unit=row.unit, currency=row.currency_code, lang=lang)
    yield format_share(row.weight, lang=lang)
    yield format_share(row.progress, lang=lang)
    yield STATUSES_FA.get(row.status, row.status) if persian else row.status.replace("_", " ")
