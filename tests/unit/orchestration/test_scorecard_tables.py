"""Scorecards and objectives as ``sanjeh scorecard`` prints them, from a published file made by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import cli
from orchestration.errors import LookupFailure
from orchestration.scorecard_view import format_change
from orchestration.workspace import Workspace

TABLES = """
create schema marts;
create table marts.dim_brand as select 'acme' as brand_id, 'Acme' as name, 'آکمه' as name_fa, 'k' as calendar_key;
create table marts.dim_kpi as select * from (values
    ('leads', 'Leads', 'سرنخ‌ها', 'count', 0.0, null), ('nps', 'NPS', 'خالص مروجان', 'points', -100.0, 'answers'),
    ('revenue', 'Revenue', 'درآمد', 'money', null, null)
) as t(kpi_id, name_en, name_fa, unit, lower_bound, denominator_measure);
create table marts.dim_period as select 'k' as calendar_key, 'month' as grain, * from (values
    (date '2025-12-01', date '2026-01-01', 31, date '2025-11-01', 'December 2025', 'دسامبر ۲۰۲۵'),
    (date '2026-01-01', date '2026-02-01', 31, date '2025-12-01', 'January 2026', 'ژانویه ۲۰۲۶')
) as t(period_start, period_end, days, previous_start, label_en, label_fa);
create table marts.fct_kpi_monthly (
    brand_id varchar, kpi_id varchar, period_start date, segment_type varchar, segment varchar,
    value double, currency_code varchar, change_abs double, previous_value double, status varchar,
    days_loaded bigint, days_expected bigint
);
insert into marts.fct_kpi_monthly values
    ('acme', 'leads', '2026-01-01', 'overall', 'all', 900, null, 400, 500, 'final', 31, 31);
create table marts.fct_kpi_diagnosis as select
    'acme' as brand_id, 'leads' as kpi_id, 'month' as grain, date '2026-01-01' as period_start,
    'previous_period' as compared_with, unnest(['email', 'social']) as segment, true as is_comparable;
create table marts.fct_kpi_daily as from marts.fct_kpi_monthly limit 0;
create table marts.fct_kpi_weekly as from marts.fct_kpi_daily;
create table marts.fct_kpi_quarterly as from marts.fct_kpi_daily;
create table marts.fct_scorecard as select
    'acme' as brand_id, 'mail' as scorecard_id, 'Mail' as name, 'ایمیل' as name_fa, 'leads' as kpi_id, 'month' as grain,
    date '2026-01-01' as period_start, 'channel' as segment_type, 'email' as segment, null::varchar as currency_code,
    60e0 as actual, 100e0 as target, null::double as target_upper, 'higher' as direction, 0.6e0 as attainment,
    1.2e0 as pace, 'on_pace' as verdict, 40e0 as previous_value, 'provisional' as status, 1 as position,
    true as is_latest;
create table marts.fct_okr_progress as select
    'acme' as brand_id, 'grow' as objective_id, 'Grow' as name, 'رشد' as name_fa, 'month' as grain,
    date '2026-01-01' as period_start, date '2026-02-01' as period_end, 0.5e0 as progress, 0.25e0 as expected_progress,
    0.4e0 as share_without_data, true as is_latest;
create table marts.fct_okr_key_results as select * from (values
    ('acme', 'grow', 1, 'leads', 'channel', 'email', date '2026-01-01', 'count', null, 20e0, 60e0, 100e0, 0.6e0, 0.5e0, 'final'),
    ('acme', 'grow', 2, 'nps', 'overall', 'all', date '2026-01-01', 'points', null, 10e0, null, 30e0, 0.4e0, null, 'low_sample')
) as t(brand_id, objective_id, position, kpi_id, segment_type, segment, period_start, unit, currency_code, baseline,
    actual, target, weight, progress, status);
"""

Printed = Callable[..., str]


@pytest.fixture
def printed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Printed:
    """What ``sanjeh scorecard`` prints with some options."""
    workspace.published_file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(workspace.published_file)) as connection:
        connection.execute(TABLES)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*options: str) -> str:
        done = CliRunner().invoke(cli, ["--workspace", str(workspace.root), "scorecard", *options])
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_a_segment_shows_its_own_value_change_and_pace(printed: Printed) -> None:
    table = printed()

    assert "Acme: Mail (email)" in table
    row = next(line for line in table.splitlines() if "Leads" in line)
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells == [
        "Leads",
        "January 2026",
        "60",
        "≥ 100",
        "60 %",
        "on pace (120 %)",
        "+50.0 %",
        "provisional",
    ]


BRANDS = """
insert into marts.dim_brand values ('sib', 'Sib', 'سیب', 'k');
insert into marts.fct_kpi_monthly values
    ('sib', 'leads', '2025-12-01', 'overall', 'all', 100000, null, null, null, 'final', 31, 31),
    ('sib', 'leads', '2026-01-01', 'overall', 'all', 99960, null, -40, 100000, 'final', {days}, {days}),
    ('sib', 'revenue', '2026-01-01', 'overall', 'all', 10, 'GBP', -643624.59, 643634.59, 'final', 31, 31),
    ('sib', 'nps', '2026-01-01', 'overall', 'all', 62, null, -0.001, 62.001, 'low_sample', 31, 31);
"""


def _changes(table: str) -> dict[str, str]:
    """Column change by KPI."""
    rows = [
        [cell.strip() for cell in line.strip("│").split("│")] for line in table.splitlines() if "│" in line
    ]
    return {cells[0]: cells[6] for cells in rows}


def test_a_part_of_a_period_beside_a_whole_one_is_marked(workspace: Workspace, printed: Printed) -> None:
    with duckdb.connect(str(workspace.published_file)) as connection:
        connection.execute(BRANDS.format(days=4))

    table = printed("--brand", "sib")

    # The diagnosis says nothing of Sib: leads are held to the length of the month, revenue lacks December.
    assert _changes(table) == {"Leads": "-0.0 % *", "Revenue": "-643,624.59 GBP *", "NPS": "-0.00 *"}
    assert "* not comparable: a value is late, immature, of few cases or of a part of its period" in table
    assert "* قابل مقایسه نیست" in printed("--brand", "sib", "--lang", "fa")
    marks = {row["kpi_id"]: row["is_comparable"] for row in json.loads(printed("--format", "json"))}
    assert marks == {"leads": False, "revenue": False, "nps": False}
    [acme, *_] = csv.DictReader(io.StringIO(printed("--format", "csv")))
    assert (acme["brand_id"], acme["is_comparable"]) == ("acme", "True")


def test_whole_periods_are_not_marked(workspace: Workspace, printed: Printed) -> None:
    with duckdb.connect(str(workspace.published_file)) as connection:
        connection.execute(BRANDS.format(days=31))
        connection.execute(
            "insert into marts.fct_kpi_diagnosis values "
            "('sib', 'revenue', 'month', '2026-01-01', 'previous_period', 'all', true)"
        )

    changes = _changes(printed("--brand", "sib"))

    assert (changes["Leads"], changes["Revenue"]) == ("-0.0 %", "-643,624.59 GBP")


@pytest.mark.parametrize(
    ("value", "unit", "lang", "text"),
    [
        (-0.00001, "ratio", "en", "-0.00 pp"),
        (0.0123, "ratio", "fa", "+۱٫۲۳ واحد درصد"),
        (-40.0, "count", "en", "-40"),
        (0.0, "money", "en", "0.00 GBP"),
        (-3.5, "seconds", "en", "-3.5 s"),
    ],
)
def test_a_change_has_its_unit_and_never_the_wrong_sign(
    value: float, unit: str, lang: str, text: str
) -> None:
    assert format_change(value, unit=unit, currency="GBP", lang=lang) == text


def test_objectives_stand_below_the_scorecards_with_what_is_missing(printed: Printed) -> None:
    table = printed()

    assert "Acme: Grow, 50 % reached, 25 % of the period elapsed, 40 % without data" in table
    rows = [line for line in table[table.index("Grow") :].splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in row.strip("│").split("│")] for row in rows]
    assert cells == [
        ["Leads (email)", "January 2026", "20", "60", "100", "60 %", "50 %", "final"],
        ["NPS", "January 2026", "10.00", "–", "30.00", "40 %", "–", "low sample"],
    ]


def test_persian_objectives_have_persian_words_and_digits(printed: Printed) -> None:
    table = printed("--objectives", "--lang", "fa")

    assert "آکمه: رشد، ۵۰ ٪ از هدف، ۲۵ ٪ از دوره گذشته، ۴۰ ٪ بدون داده" in table
    assert "نمونه کم" in table
    assert "ایمیل" not in table


def test_programs_read_scorecards_or_key_results(printed: Printed) -> None:
    [card] = json.loads(printed("--format", "json"))
    assert (card["attainment"], card["pace"], card["change_rate"]) == (0.6, 1.2, 0.5)
    results = list(csv.DictReader(io.StringIO(printed("--objectives", "--format", "csv"))))
    assert [(row["kpi_id"], row["progress"], row["objective_progress"]) for row in results] == [
        ("leads", "0.5", "0.5"),
        ("nps", "", "0.5"),
    ]


def test_without_objectives_of_a_grain_it_names_those_that_there_are(printed: Printed) -> None:
    text = printed("--objectives", "--grain", "week")

    assert "No objective has grain week. There are objectives of acme by month." in text


def test_without_any_objective_it_says_where_they_are_written(printed: Printed, workspace: Workspace) -> None:
    with duckdb.connect(str(workspace.published_file)) as connection:
        connection.execute("delete from marts.fct_okr_progress; delete from marts.fct_okr_key_results")

    text = printed("--objectives", "--grain", "month")

    assert text.startswith("There are no objectives; scorecards.yml lists them")


@pytest.mark.parametrize("options", [(), ("--objectives",), ("--format", "json")])
def test_an_unknown_brand_is_refused(
    printed: Printed, workspace: Workspace, options: tuple[str, ...]
) -> None:
    printed()
    wanted = ["--workspace", str(workspace.root), "scorecard", "--brand", "acne", *options]

    done = CliRunner().invoke(cli, wanted)

    assert isinstance(done.exception, LookupFailure)
    assert str(done.exception) == "There is no brand acne in the published file; it holds acme."
