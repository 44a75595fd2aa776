"""The oracle's scorecards, objectives and budgets, on numbers that a person can reckon."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.known_company.oracle.budgets import pacing, slope
from tests.known_company.oracle.cells import OVERALL, Cell, CellKey, Segment
from tests.known_company.oracle.feeds import Answers, Brand, Feed
from tests.known_company.oracle.objectives import key_results, objectives_progress
from tests.known_company.oracle.periods import Calendar
from tests.known_company.oracle.verdicts import attainment, verdicts

BRAND = Brand("b", "Europe/Berlin", "EUR", Calendar(), datetime(2024, 3, 16, 6, tzinfo=UTC))
MAIL: Segment = ("channel", "email")
FEBRUARY, MARCH = date(2024, 2, 1), date(2024, 3, 1)


def cell(
    kpi: str, start: date, value: float | None, segment: Segment = OVERALL, **more: Any
) -> dict[CellKey, Cell]:
    """A final month, told through the 15th of March at most."""
    told = more.pop("loaded_through", min(date(2024, 3, 15), date(start.year, start.month, 28)))
    numerator = more.pop("numerator", None if value is None else Decimal(str(value)))
    status = more.pop("status", "final")
    found = Cell(numerator, None, value, status, loaded_through=told, **more)
    return {CellKey("b", kpi, "month", start.isoformat(), *segment): found}


def card(kpi: str, target: float, segment: Segment = OVERALL, **more: Any) -> list[dict[str, Any]]:
    """A scorecard of one KPI."""
    entry = {"kpi": kpi, "target": target, "valid_from": "2024-02-01", **more}
    names = dict(zip(("segment_type", "segment"), segment, strict=True))
    return [{"id": "s", "grain": "month", "kpis": [entry], **names}]


def test_running_total_is_judged_by_its_pace_and_a_rate_is_not() -> None:
    cells = cell("leads", FEBRUARY, 90, loaded_through=date(2024, 2, 29))
    cells |= cell("leads", MARCH, 60, status="provisional") | cell("aov", MARCH, 60)
    found = verdicts(BRAND, card("leads", 100), cells)

    assert found["s", "leads", FEBRUARY].verdict == "below_target"
    march = found["s", "leads", MARCH]
    assert (march.verdict, march.previous_verdict, march.previous_value) == ("on_pace", "below_target", 90)
    assert march.pace == pytest.approx(60 / (100 * 15 / 31))
    assert (march.gap, march.is_latest) == (-40, True)
    assert verdicts(BRAND, card("aov", 100), cells)["s", "aov", MARCH].verdict == "below_target"
    assert (
        verdicts(BRAND, card("leads", 100, direction="lower"), cells)["s", "leads", MARCH].verdict
        == "behind_pace"
    )


def test_final_total_is_judged_in_full_though_its_source_ended_before_the_month() -> None:
    assert (
        verdicts(BRAND, card("leads", 100), cell("leads", MARCH, 60))["s", "leads", MARCH].verdict
        == "below_target"
    )


def test_range_that_runs_above_its_plan_is_behind() -> None:
    target = card("leads", 80, target_upper=120, direction="range")
    for value, verdict in ((30, "behind_pace"), (50, "on_pace"), (70, "behind_pace"), (130, "below_target")):
        cells = cell("leads", MARCH, value, status="provisional")
        assert verdicts(BRAND, target, cells)["s", "leads", MARCH].verdict == verdict


def test_total_of_a_known_segment_is_zero_and_of_an_unknown_one_not() -> None:
    cells = cell("leads", FEBRUARY, 9) | cell("leads", FEBRUARY, 4, MAIL) | cell("leads", MARCH, 5)

    assert verdicts(BRAND, card("leads", 1, MAIL), cells)["s", "leads", MARCH].actual == 0
    fax = verdicts(BRAND, card("leads", 1, ("channel", "fax")), cells)["s", "leads", MARCH]
    assert (fax.actual, fax.verdict, fax.status) == (None, "no_data", "not_loaded")


def test_cost_without_a_result_is_below_target_and_a_small_sample_says_nothing() -> None:
    vain = cell("cost_per_lead", MARCH, None, numerator=Decimal(9), status="no_denominator")
    few = cell("aov", MARCH, 70, status="low_sample")

    assert (
        verdicts(BRAND, card("cost_per_lead", 5, direction="lower"), vain)[
            "s", "cost_per_lead", MARCH
        ].verdict
        == "below_target"
    )
    assert verdicts(BRAND, card("aov", 5), few)["s", "aov", MARCH].verdict == "low_sample"


def test_target_known_on_the_first_day_holds() -> None:
    cards = card("leads", 10)
    cards[0]["kpis"].append({"kpi": "leads", "target": 20, "valid_from": "2024-02-02"})
    found = verdicts(BRAND, cards, {})

    assert {start: each.target for (_, _, start), each in found.items()} == {FEBRUARY: 10, MARCH: 20}


@pytest.mark.parametrize(
    ("kpi", "entry", "actual", "expected"),
    [
        ("leads", {"target": 8}, 6.0, 0.75),
        ("leads", {"target": 8, "direction": "lower"}, 16.0, 0.5),
        ("leads", {"target": 8, "direction": "lower"}, 0.0, None),
        ("nps", {"target": 40, "baseline": 20}, 35.0, 0.75),
        ("nps", {"target": 40}, 35.0, None),
        ("nps", {"target": 40, "baseline": 40}, 40.0, 1.0),
        ("aov", {"target": 10, "target_upper": 20, "direction": "range"}, 5.0, 0.5),
        ("aov", {"target": 10, "target_upper": 20, "direction": "range"}, 45.0, 0.0),
        ("aov", {"target": 10, "target_upper": 20, "direction": "range"}, 20.0, 1.0),
        ("leads", {"target": 8}, None, None),
    ],
)
def test_attainment(kpi: str, entry: dict[str, Any], actual: float | None, expected: float | None) -> None:
    assert attainment(kpi, entry, actual) == expected


def test_objective_is_the_weighted_mean_of_what_has_data() -> None:
    results = [
        {"kpi": "leads", "baseline": 0, "target": 10, "weight": 0.5},
        {"kpi": "cost_per_lead", "baseline": 10, "target": 6, "weight": 0.25},
        {"kpi": "nps", "baseline": 10, "target": 60, "weight": 0.25},
    ]
    objective = {"id": "o", "grain": "month", "valid_from": "2024-02-01", "key_results": results}
    cells = cell("leads", FEBRUARY, 12, loaded_through=date(2024, 2, 29)) | cell(
        "cost_per_lead", FEBRUARY, 9, loaded_through=date(2024, 2, 29)
    )
    found = objectives_progress(key_results(BRAND, [objective], cells))

    february = found["o", FEBRUARY]
    assert (february.progress, february.expected_progress) == (pytest.approx((0.5 + 0.25 * 0.25) / 0.75), 1)
    assert (february.key_results_without_data, february.share_without_data) == (1, 0.25)
    assert (february.is_latest, found["o", MARCH].progress, found["o", MARCH].is_latest) == (
        True,
        None,
        False,
    )


def test_channels_are_paced_by_what_all_their_sources_have_told() -> None:
    """Ads are told through 10 March, fees through the 20th day of February; leads of both months are known."""
    ads, fees = ((FEBRUARY, date(2024, 3, 11)),), ((FEBRUARY, date(2024, 2, 21)),)
    answers = Answers(
        feeds=[Feed("ads", "marketing_cost", ads), Feed("fees", "marketing_cost", fees, expect="none")]
    )
    answers.add("ads", "marketing_cost", date(2024, 2, 3), Decimal(50), MAIL)
    answers.add("ads", "marketing_cost", date(2024, 3, 9), Decimal(40), MAIL)
    answers.add("fees", "marketing_cost", date(2024, 2, 20), Decimal(10), ("channel", "(all)"))
    days = {"days_loaded": 29, "days_expected": 29}
    cells = (
        cell("leads", FEBRUARY, 9, **days)
        | cell("leads", FEBRUARY, 4, MAIL)
        | cell("leads", MARCH, 5, **days)
    )
    found = pacing(BRAND, answers, cells, {("email", MARCH): Decimal(100)})

    march = found["email", MARCH]
    assert (march.spend, march.loaded_through, march.status) == (40, date(2024, 3, 10), "stale")
    assert march.pace == pytest.approx(40 / (100 * 10 / 31))
    assert (march.verdict, march.leads, march.cost_per_lead) == ("over_budget", 0, None)
    assert (found["email", FEBRUARY].verdict, found["email", FEBRUARY].cost_per_lead) == ("no_budget", 12.5)
    assert (found["(all)", FEBRUARY].spend, found["(all)", FEBRUARY].leads) == (10, None)
    assert found["(all)", MARCH].verdict == "no_data"


def test_slope_needs_three_points_and_a_difference_in_spend() -> None:
    line = [(Fraction(x), Fraction(3 + 2 * x)) for x in (1, 5, 9)]

    assert slope(line) == 2
    assert slope(line[:2]) is None
    assert slope([(Fraction(9 + x, 9), y) for x, (_, y) in enumerate(line)]) is not None
    assert slope([(Fraction(18 + x, 9), y) for x, (_, y) in enumerate(line)]) is None
