"""Verdicts of the published scorecards beside the oracle's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from tests.known_company.clock import END
from tests.known_company.compare import RELATIVE, Outcome
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.verdicts import Verdict, verdicts
from tests.known_company.orion import answers as orion
from tests.known_company.orion.dice import yesterday
from tests.known_company.orion.story import SCORECARDS

LOADED_THROUGH = {
    "email_open_rate": yesterday(2),
    "email_click_rate": yesterday(2),
    "form_conversion_rate": END,
    "leads": yesterday(2),
}
WORKED_EXAMPLE: dict[tuple[str, date], str] = {
    ("email_open_rate", date(2025, 10, 1)): "on_target",
    ("email_click_rate", date(2025, 10, 1)): "on_target",
    ("form_conversion_rate", date(2025, 10, 1)): "on_target",
    ("leads", date(2025, 10, 1)): "on_target",
    ("email_open_rate", date(2025, 11, 1)): "below_target",
    ("email_click_rate", date(2025, 11, 1)): "below_target",
    ("form_conversion_rate", date(2025, 11, 1)): "below_target",
    ("leads", date(2025, 11, 1)): "below_target",
    ("email_open_rate", date(2025, 12, 1)): "on_target",
    ("email_click_rate", date(2025, 12, 1)): "on_target",
    ("form_conversion_rate", date(2025, 12, 1)): "on_target",
    ("leads", date(2025, 12, 1)): "on_target",
}
"""The B2B campaign of the marketing guide: October above its targets, November below, December exactly on them."""


def differences(published: Path, cells: Mapping[CellKey, Cell]) -> Outcome:
    """Compare every verdict of Orion's scorecard, three cells each; the worked example must come out as planted."""
    expected = dict(verdicts(orion.BRAND, SCORECARDS, cells, LOADED_THROUGH))
    found: dict[tuple[str, str, str], Verdict] = {}
    query = (
        "select scorecard_id, kpi_id, period_start::varchar, actual, target, verdict from marts.fct_scorecard "
        "where brand_id = 'orion'"
    )
    with duckdb.connect(str(published), read_only=True) as connection:
        for card, kpi, start, *said in connection.execute(query).fetchall():
            found[card, kpi, start] = Verdict(*said)
    differing = [
        f"orion {kpi} scorecard {start}: should be {expected.get((card, kpi, start))}, is {found.get((card, kpi, start))}"
        for card, kpi, start in sorted(expected.keys() | found.keys())
        if not _same(expected.get((card, kpi, start)), found.get((card, kpi, start)))
    ]
    for (kpi, start), verdict in WORKED_EXAMPLE.items():
        said = expected.get((SCORECARDS[0]["id"], kpi, start.isoformat()))
        if said is None or said.verdict != verdict:
            differing.append(f"orion {kpi} worked example {start}: planted as {verdict}, came out as {said}")
    return Outcome(3 * len(expected.keys() | found.keys()), differing)


def _same(ours: Verdict | None, theirs: Verdict | None) -> bool:
    if ours is None or theirs is None:
        return False
    values = (ours.actual, theirs.actual)
    is_equal = values[0] == values[1] or (
        None not in values and math.isclose(values[0] or 0, values[1] or 0, rel_tol=RELATIVE)
    )
    return is_equal and ours.target == theirs.target and ours.verdict == theirs.verdict
