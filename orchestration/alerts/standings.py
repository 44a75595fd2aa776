"""How each target and each source stands in the published file, with everything a message needs to say it.

In goes a connection to the published file, out come :class:`Standing` values; a file of an older program,
which lacks the table, has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import duckdb

from orchestration.published_reader import has_table, rows_of


@dataclass(frozen=True, order=True, kw_only=True)
class Subject:
    """What is watched: a KPI of a scorecard in one segment, or a source. Absent parts are empty."""

    brand_id: str
    scorecard_id: str = ""
    kpi_id: str = ""
    segment_type: str = ""
    segment: str = ""
    grain: str = ""
    source_id: str = ""

    @property
    def key(self) -> str:
        """The subject as one text, the same in every publication."""
        if self.source_id:
            return f"{self.brand_id}/source/{self.source_id}"
        target = f"{self.brand_id}/{self.scorecard_id}/{self.kpi_id}"
        return f"{target}/{self.segment_type}/{self.segment}/{self.grain}"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One row of ``fct_kpi_alerts``; columns as documented there.

    Attributes:
        subject: what is watched.
        period_start: None for a source.
        mark: what its value is compared with: the target, paced the part of it that is due.
        facts: what a message says, as plain JSON values; names, period and amounts.
    """

    subject: Subject
    period_start: date | None
    alert_kind: str
    condition: str
    is_met: bool
    is_muted: bool
    mute_reason: str | None
    mark: float | None
    gap: float | None
    facts: Mapping[str, Any]

    @property
    def is_final(self) -> bool:
        """The value moves no more, unless it is restated."""
        return self.alert_kind == "final"

    @property
    def relative_gap(self) -> float | None:
        """Distance from the mark as a share of it; None where there is no value or the mark is 0."""
        if self.gap is None or not self.mark:
            return None
        return self.gap / abs(self.mark)


_FACTS = (
    *("brand_id", "brand_name", "brand_name_fa", "calendar", "source_id", "scorecard_id", "scorecard_name"),
    *("scorecard_name_fa", "kpi_id", "kpi_name_en", "kpi_name_fa", "unit", "currency_code", "grain"),
    *("period_start", "label_en", "label_fa", "segment_type", "segment", "alert_kind", "actual"),
    *("judged_value", "target", "target_upper", "target_at_pace", "direction", "tolerance", "gap", "status"),
    *("verdict", "owner", "team", "sample_size", "loaded_through", "days_behind", "note"),
)

_QUERY = """
    with cards as (
        select distinct
            brand_id, scorecard_id, kpi_id, period_start, name as scorecard_name,
            name_fa as scorecard_name_fa, unit, currency_code, kpi_name_en, kpi_name_fa
        from marts.fct_scorecard
    )
    select
        a.*, b.name as brand_name, b.name_fa as brand_name_fa, b.calendar, c.scorecard_name,
        c.scorecard_name_fa, c.unit, c.currency_code, c.kpi_name_en, c.kpi_name_fa, p.label_en, p.label_fa
    from marts.fct_kpi_alerts as a
    inner join marts.dim_brand as b on a.brand_id = b.brand_id
    left join cards as c
        on a.brand_id = c.brand_id and a.scorecard_id = c.scorecard_id and a.kpi_id = c.kpi_id
        and a.period_start = c.period_start
    left join marts.dim_period as p
        on b.calendar_key = p.calendar_key and a.grain = p.grain and a.period_start = p.period_start
    order by a.brand_id, a.scorecard_id, a.kpi_id, a.segment_type, a.segment, a.period_start, a.source_id
"""


def read_standings(con: duckdb.DuckDBPyConnection) -> list[Standing]:
    """Every row of ``fct_kpi_alerts`` in the published file on ``con``."""
    if not has_table(con, "fct_kpi_alerts"):
        return []
    return [_standing(row) for row in rows_of(con, _QUERY)]


def _standing(row: Mapping[str, Any]) -> Standing:
    subject = Subject(**{field.name: row[field.name] or "" for field in fields(Subject)})
    mark = row["target_at_pace"] if row["target_at_pace"] is not None else row["target"]
    return Standing(
        subject=subject,
        period_start=row["period_start"],
        alert_kind=row["alert_kind"],
        condition=row["condition"],
        is_met=row["is_met"],
        is_muted=row["is_muted"],
        mute_reason=row["mute_reason"],
        mark=mark,
        gap=row["gap"],
        facts={name: _plain(row[name]) for name in _FACTS},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
