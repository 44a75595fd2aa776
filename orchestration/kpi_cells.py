"""From words to one cell of the KPI tables: brand, KPI, period and segment, found in the published file.

Ids, names in both languages and the aliases of the catalogue (CPA, NRR …) are understood, in any case. What
isn't found is a :class:`LookupFailure`: one paragraph with what comes near and what there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import duckdb

from connectors.core.text import fold
from orchestration.errors import LookupFailure
from orchestration.period_text import Period, fact_of, find_period
from orchestration.published_reader import rows_of

SHOWN = 12
"""Names that a message lists at most."""
OVERALL = ("overall", "all")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: a KPI of a brand in a period and segment.

    Attributes:
        brand: row of ``dim_brand``.
        kpi: row of ``dim_kpi``.
    """

    brand: Mapping[str, Any]
    kpi: Mapping[str, Any]
    period: Period
    segment_type: str
    segment: str

    @property
    def keys(self) -> dict[str, Any]:
        """Key columns of the KPI history."""
        return {
            "brand_id": self.brand["brand_id"],
            "kpi_id": self.kpi["kpi_id"],
            "grain": self.period.grain,
            "period_start": self.period.start,
            "segment_type": self.segment_type,
            "segment": self.segment,
        }

    @property
    def title(self) -> str:
        """One line for a person."""
        part = "" if (self.segment_type, self.segment) == OVERALL else f", {self.segment_type} {self.segment}"
        return f"{self.brand['name']}: {self.kpi['name_en']}, {self.period.label_en}{part}"


def find_cell(
    con: duckdb.DuckDBPyConnection,
    brand: str,
    kpi: str,
    period: str,
    *,
    grain: str | None = None,
    segment: str | None = None,
) -> Cell:
    """The cell that the words name, whether or not it has a value.

    Raises:
        LookupFailure: a word names nothing; the paragraph says what would.
    """
    found_brand = find_brand(con, brand)
    found_kpi = find_kpi(con, kpi)
    _require_fed(con, found_brand, found_kpi)
    found_period = find_period(con, found_brand, period, grain=grain)
    segment_type, member = OVERALL
    if segment is not None:
        segment_type, member = _find_segment(con, found_brand, found_kpi, found_period, segment)
    return Cell(
        brand=found_brand, kpi=found_kpi, period=found_period, segment_type=segment_type, segment=member
    )


def find_brand(con: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """Row of ``dim_brand`` by id or name."""
    brands = rows_of(con, "select * from marts.dim_brand order by brand_id")
    names = {
        _word(name): brand
        for column in ("name_fa", "name", "brand_id")
        for brand in brands
        if (name := brand[column])
    }
    if _word(text) in names:
        return names[_word(text)]
    near = _near(text, {word: brand["brand_id"] for word, brand in names.items()})
    known = _listed([brand["brand_id"] for brand in brands])
    raise LookupFailure(f"There is no brand {text} in the published file.{near} It holds {known}.")


def find_kpi(con: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """Row of ``dim_kpi`` by id, alias or name."""
    kpis = rows_of(con, "select * from marts.dim_kpi order by kpi_id")
    names: dict[str, dict[str, Any]] = {}
    for kpi in kpis:
        for name in (kpi["name_fa"], kpi["name_en"], *(kpi["aliases"] or "").split("|")):
            names.setdefault(_word(name), kpi)
    names |= {_word(kpi["kpi_id"]): kpi for kpi in kpis}
    names.pop("", None)
    if _word(text) in names:
        return names[_word(text)]
    near = _near(text, {word: kpi["kpi_id"] for word, kpi in names.items()})
    raise LookupFailure(
        f"There is no KPI {text} in the catalogue.{near} docs/kpi_dictionary.md describes all {len(kpis)}; "
        "so does the table marts.dim_kpi."
    )


def _require_fed(con: duckdb.DuckDBPyConnection, brand: Mapping[str, Any], kpi: Mapping[str, Any]) -> None:
    fed = [
        row["kpi_id"]
        for row in rows_of(
            con,
            "select distinct kpi_id from marts.dim_kpi_inputs where brand_id = ? order by kpi_id",
            [brand["brand_id"]],
        )
    ]
    published = con.execute(
        "select 1 from marts.fct_kpi_history where brand_id = ? and kpi_id = ? limit 1",
        [brand["brand_id"], kpi["kpi_id"]],
    ).fetchone()
    if kpi["kpi_id"] in fed or published:
        return
    sides = [kpi["numerator_measure"], *([kpi["denominator_measure"]] if kpi["denominator_measure"] else [])]
    raise LookupFailure(
        f"{brand['brand_id']} has no {kpi['kpi_id']}: no configured source has loaded all of what it is made "
        f"of ({' and '.join(sides)}; docs/kpi_dictionary.md says which sources feed them). "
        f"{brand['brand_id']} has {_listed(fed) or 'no KPI yet'}."
    )


def _find_segment(
    con: duckdb.DuckDBPyConnection,
    brand: Mapping[str, Any],
    kpi: Mapping[str, Any],
    period: Period,
    text: str,
) -> tuple[str, str]:
    segment_type, mark, member = text.partition("/")
    rows = con.execute(
        f"select distinct segment_type, segment from {fact_of(period.grain)} "
        "where brand_id = ? and kpi_id = ? and period_start = ? order by all",
        [brand["brand_id"], kpi["kpi_id"], period.start],
    ).fetchall()
    known = {(_word(kind), _word(name)): (str(kind), str(name)) for kind, name in rows}
    wanted = (_word(segment_type), _word(member))
    if mark and wanted in known:
        return known[wanted]
    if not mark:
        raise LookupFailure(f"--segment {text} lacks its type: write type/name, such as channel/email.")
    members = [name for kind, name in known.values() if _word(kind) == wanted[0]]
    near = _near(member, {_word(name): f"{segment_type}/{name}" for name in members})
    kinds = _listed(sorted({kind for kind, _ in known.values()} - {"overall"}))
    there = _listed(members) if members else f"no {segment_type}; breakdowns: {kinds or 'none'}"
    raise LookupFailure(
        f"{kpi['kpi_id']} of {brand['brand_id']} has no segment {text} in {period.label_en}.{near} "
        f"It has {there}."
    )


def _word(text: str) -> str:
    return fold(text).casefold().replace(" ", "_").replace("-", "_")


def _near(text: str, names: Mapping[str, str]) -> str:
    """Sentence with the ids whose name, or a word of it, comes near ``text``; empty where none does."""
    word = _word(text)
    whole = get_close_matches(word, names, n=4, cutoff=0.7)
    holding = [name for name in names if len(word) > 2 and word in name]  # noqa: PLR2004 - letters
    parts = {part for name in names for part in name.split("_")}
    close = set(get_close_matches(word, parts, n=2, cutoff=0.75))
    sharing = [name for name in names if close & set(name.split("_"))]
    ids = list(dict.fromkeys(names[name] for name in [*whole, *holding, *sharing]))[:4]
    return f" Near: {', '.join(ids)}." if ids else ""


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
