"""The KPIs of a report: value, change, trend with targets, and what explains the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from orchestration.published_reader import Rows
from orchestration.report.card_facts import Key
from orchestration.report.reading import Published, Row, plain
from orchestration.report.spans import Span

Targets = dict[tuple[str, str, str, date], Row]
"""Scorecard rows by KPI, segment type, segment and first day."""
_FAMILIES = ("revenue", "conversion", "loyalty", "email", "engagement", "awareness")
_CATALOGUE = (
    "kpi_id",
    "name_en",
    "name_fa",
    "unit",
    "direction",
    "additivity",
    "question_en",
    "question_fa",
    "numerator_measure",
    "denominator_measure",
)
_AIM = ("target", "target_upper", "direction", "verdict", "attainment")


@dataclass(frozen=True, kw_only=True)
class KpiStory:
    """What a brand's KPIs did over the periods of a trend.

    Attributes:
        catalogue: rows of ``dim_kpi`` by id.
        trend: rows of ``dim_period``, oldest first.
        values: KPI rows of the overall segment and of watched segments.
        targets: scorecard rows of this grain.
    """

    published: Published
    brand_id: str
    grain: str
    catalogue: Mapping[str, Row]
    span: Span
    trend: Sequence[Row]
    values: Rows
    targets: Targets

    def known_kpis(self) -> list[Key]:
        """Overall KPIs with a value in the trend, by family and name."""
        shown = {period["period_start"] for period in self.trend}
        known = [
            key
            for key, rows in self._rows.items()
            if key[1] == "overall" and any(rows[each]["value"] is not None for each in shown & set(rows))
        ]
        return sorted(known, key=self._order)

    def of(self, key: Key) -> dict[str, Any]:
        """A KPI at length."""
        return {
            **self.in_short(key),
            "series": [self._point(key, period) for period in self.trend],
            "aim": self._aim(key),
            "diagnosis": self._diagnosis(key),
        }

    def in_short(self, key: Key) -> dict[str, Any]:
        """A KPI in its reported and running period."""
        kpi, rows, running = self.catalogue[key[0]], self._rows.get(key, {}), self.span.running
        now = rows.get(self.span.reported["period_start"])
        after = rows.get(running["period_start"]) if running else None
        currencies = [row["currency_code"] for row in rows.values() if row["currency_code"]]
        return {
            **{name: kpi[name] for name in _CATALOGUE},
            "segment_type": key[1],
            "segment": key[2],
            "currency_code": currencies[-1] if currencies else None,
            "now": plain(now) if now else {},
            "running": plain(after) if after else {},
        }

    @cached_property
    def _rows(self) -> dict[Key, dict[date, Row]]:
        rows: dict[Key, dict[date, Row]] = {}
        for row in self.values:
            key = (row["kpi_id"], row["segment_type"], row["segment"])
            rows.setdefault(key, {})[row["period_start"]] = row
        return rows

    def _order(self, key: Key) -> tuple[int, str]:
        kpi = self.catalogue[key[0]]
        family = kpi["family"]
        return _FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES), kpi["name_en"]

    def _point(self, key: Key, period: Row) -> dict[str, Any]:
        start = period["period_start"]
        row, target = self._rows.get(key, {}).get(start), self.targets.get((*key, start))
        return {
            "start": start,
            "label_en": period["label_en"],
            "label_fa": period["label_fa"],
            "value": row["value"] if row else None,
            "status": row["status"] if row else "not_loaded",
            "target": target["target"] if target else None,
            "target_upper": target["target_upper"] if target else None,
        }

    def _aim(self, key: Key) -> dict[str, Any] | None:
        row = self.targets.get((*key, self.span.reported["period_start"]))
        return {name: row[name] for name in _AIM} if row else None

    def _diagnosis(self, key: Key) -> Rows:
        if key[1] != "overall":  # changes are broken down for the whole brand
            return []
        return self.published.rows(
            "fct_kpi_diagnosis",
            """
            select d.*, c.name_en as channel_en, c.name_fa as channel_fa
            from marts.fct_kpi_diagnosis as d
            left join marts.dim_channel as c on d.segment_type = 'channel' and d.segment = c.channel_id
            where d.brand_id = $brand_id and d.kpi_id = $kpi_id and d.grain = $grain
                and d.period_start = $start
            order by d.compared_with, d.scorecard_id, d.segment_type, d.segment
            """,
            brand_id=self.brand_id,
            kpi_id=key[0],
            grain=self.grain,
            start=self.span.reported["period_start"],
        )
