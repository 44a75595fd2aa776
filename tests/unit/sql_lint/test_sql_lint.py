"""The portability lint refuses each silent difference and leaves the house spellings alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.sql_lint import lint_project, lint_text, main

PROJECT = Path(__file__).parents[3] / "dbt_project"


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("select any_value(x) from t", "any_value"),
        ("select concat(a, b) from t", "concat"),
        ('select "a" from t', "double quotes"),
        ("select a / b from t", "division"),
        ("select avg(amount) from t", "avg"),
        ("select round(x, 2) from t", "round"),
        ("select cast(amount as bigint) from t", "fraction to integer"),
        ("select d + interval '1' month from t", "interval"),
        ("select period_end - period_start from t", "date - date"),
        ("select * from generate_series(1, 3)", "generate_series"),
        ("select [1, 2]", "list or struct"),
        ("select * exclude (a) from t", "* exclude"),
        ("select hash(a) from t", "hash"),
        ("select dayofweek(a) from t", "dayofweek"),
        ("select current_date", "run clock"),
        ("select a from t order by a", "order by"),
        ("select sum(a) over (partition by b order by c, d nulls first) from t", "order by"),
        ("select cast(a as {{ dbt.type_float() }}) from t", "dbt.type_float"),
        ("select {{ dbt.safe_cast('a', 'int') }} from t", "dbt.safe_cast"),
    ],
)
def test_refuses_spelling_that_differs_silently(sql: str, rule: str) -> None:
    assert [finding.rule for finding in lint_text(sql, Path("m.sql"))] == [rule]


@pytest.mark.parametrize(
    "sql",
    [
        "select 'a / b \"c\"' as note -- order by a, round(b)",
        "select {{ ratio('a', 'b') }}, avg({{ f64('x') }}) from {{ ref(\"t\") }}",
        "select a || '/' || b from t order by coalesce(a, b) nulls first, c desc nulls last limit 3",
        "select max(a) over (order by b nulls first rows between 1 preceding and current row) from t",
        "select cast(count(*) as bigint), cast(floor(amount) as bigint) from t",
        "{% macro spark__f(x) %} datediff(a, b) / 2 {% endmacro %}",
        "{#- order by a -#} select 1",
    ],
)
def test_accepts_portable_spelling(sql: str) -> None:
    assert lint_text(sql, Path("m.sql")) == []


def test_finding_names_file_and_line() -> None:
    (finding,) = lint_text(
        "select\n    {{\n        f('x')\n    }},\n    round(b)\nfrom t", Path("models/m.sql")
    )
    assert str(finding).startswith("models/m.sql:5: round: ")


def test_command_fails_and_lists_findings(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "m.sql").write_text("select a / b from t", encoding="utf-8")
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code == 1
    assert "m.sql:1: division" in result.output


def test_the_project_itself_is_portable() -> None:
    assert [str(finding) for finding in lint_project(PROJECT)] == []
