"""The oracle's explanations are those that a person reckons, and the comparison sees what differs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.known_company import diagnosis
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.diagnosis import Effect, changes

JANUARY, FEBRUARY = "2026-01-01", "2026-02-01"


def cells(
    kpi: str, start: str, previous: float | None, **segments: tuple[int, int | None]
) -> dict[CellKey, Cell]:
    """A month of a KPI: the whole under ``all``, its channels under their names."""
    found: dict[CellKey, Cell] = {}
    for segment, (numerator, denominator) in segments.items():
        below = None if denominator is None else Decimal(denominator)
        value = numerator / denominator if denominator else (numerator if denominator is None else None)
        kind = "overall" if segment == "all" else "channel"
        found[CellKey("b", kpi, "month", start, kind, segment)] = Cell(
            Decimal(numerator), below, value, "final", previous=previous if segment == "all" else None
        )
    return found


RATE = cells("ad_ctr", JANUARY, None, all=(4, 8), a=(1, 4), b=(3, 4)) | cells(
    "ad_ctr", FEBRUARY, 0.5, all=(6, 16), a=(3, 12), b=(3, 4)
)
LEADS = cells("leads", JANUARY, None, all=(8, None), a=(6, None)) | cells(
    "leads", FEBRUARY, 8, all=(9, None), c=(9, None)
)


def told(expected: dict[CellKey, Cell]) -> dict[tuple[str, str], Effect]:
    return {key[4:]: effect for key, effect in changes(expected, ("month",))}


def test_shares_move_a_rate_by_mix_and_its_parts_by_their_sizes() -> None:
    assert told(RATE) == {
        ("channel", "a"): Effect(-0.046875, 0.0),
        ("channel", "b"): Effect(-0.078125, 0.0),
        ("parts", "numerator"): Effect(0.0, (6 - 4) * (1 / 8 + 1 / 16) / 2),
        ("parts", "denominator"): Effect(0.0, (4 + 6) * (1 / 16 - 1 / 8) / 2),
    }


def test_what_the_channels_of_a_count_leave_out_is_the_rest() -> None:
    assert told(LEADS) == {
        ("channel", "a"): Effect(0.0, -6.0),
        ("channel", "c"): Effect(0.0, 9.0),
        ("channel", "(rest)"): Effect(0.0, -2.0),
    }


def test_people_by_channel_explain_nothing() -> None:
    users = cells("active_users", JANUARY, None, all=(8, None), a=(8, None)) | cells(
        "active_users", FEBRUARY, 8, all=(7, None), a=(7, None)
    )
    assert told(users) == {("overall", "all"): Effect(0.0, -1.0)}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file that explains the leads as the oracle does, and something of another brand."""
    path = tmp_path / "kpi.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema marts; create table marts.fct_kpi_diagnosis as select *, rate_effect as contribution, "
            "'month' as grain, date '2026-02-01' as period_start, 'previous_period' as compared_with, "
            "null as scorecard_id, 'channel' as segment_type, 0.0::double as mix_effect, 8.0::double as total_before, "
            "9.0::double as total_after, 1.0::double as total_change from (values ('b', 'leads', 'a', -6.0::double), "
            "('b', 'leads', 'c', 9.0), ('b', 'leads', '(rest)', -2.0), ('you', 'leads', 'a', 7.0)) "
            "t(brand_id, kpi_id, segment, rate_effect)"
        )
    return path


def test_equal_explanations_are_counted_by_group_and_effect(published: Path) -> None:
    outcome = diagnosis.differences(published, LEADS)
    assert (outcome.compared, outcome.differing) == (1 + 2 * 3, [])
    assert outcome.notes == ["diagnosis: 1 groups of contributions, largest relative residue 0.0e+00"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "update marts.fct_kpi_diagnosis set contribution = -5.0 where segment = 'a'",
            [
                "b leads month 2026-02-01 previous_period  channel: contributions sum to 2.0, the change is 1.0 to 1.0"
            ],
        ),
        (
            "update marts.fct_kpi_diagnosis set mix_effect = 1, rate_effect = -7 where segment = 'a'",
            [
                "b leads month 2026-02-01 diagnosis channel a: mix effect should be 0.0, is 1.0",
                "b leads month 2026-02-01 diagnosis channel a: rate effect should be -6.0, is -7.0",
            ],
        ),
        (
            "update marts.fct_kpi_diagnosis set total_before = 7, total_after = 8",
            ["b leads month 2026-02-01 previous_period  channel: explains 7.0 to 8.0, should be (8, 9)"],
        ),
        (
            "update marts.fct_kpi_diagnosis set segment = 'd' where segment = 'c'",
            [
                "b leads month 2026-02-01 diagnosis channel c: missing, (0.0, 9.0)",
                "b leads month 2026-02-01 diagnosis channel d: not expected, (0.0, 9.0, 9.0)",
            ],
        ),
    ],
)
def test_difference_is_told(published: Path, change: str, said: list[str]) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute(change)

    assert diagnosis.differences(published, LEADS).differing == said


def test_change_without_an_explanation_is_told(published: Path) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute("delete from marts.fct_kpi_diagnosis where brand_id = 'b'")

    assert "b leads month 2026-02-01: a change that nothing explains" in (
        diagnosis.differences(published, LEADS).differing
    )
