"""The generated data dictionary follows the YAML of the marts and is noticed when stale."""

from pathlib import Path

import pytest

from orchestration.data_dictionary import DICTIONARY, render_dictionary
from orchestration.workspace import dbt_project_dir

MART = """\
models:
  - name: fct_things
    description: One row per thing. More of it.
    columns:
      - {{name: thing_id, data_type: varchar, description: {description}}}
"""


def test_the_stored_dictionary_is_up_to_date() -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == render_dictionary()


def test_every_mart_is_in_it() -> None:
    text = render_dictionary()
    marts = {path.stem for path in (dbt_project_dir() / "models" / "marts").glob("*.sql")}
    assert {name for name in marts if f"\n### {name}\n" not in text} == set()


def test_the_grain_stands_first_and_cells_are_escaped(tmp_path: Path) -> None:
    (tmp_path / "marts.yml").write_text(MART.format(description="a | b"), encoding="utf-8")
    assert "### fct_things\n\nOne row per thing. More of it.\n\n| column" in render_dictionary(tmp_path)
    assert "| `thing_id` | varchar | a \\| b |\n" in render_dictionary(tmp_path)


def test_a_column_without_a_description_is_refused(tmp_path: Path) -> None:
    (tmp_path / "marts.yml").write_text(MART.format(description="''"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"fct_things\.thing_id has no description"):
        render_dictionary(tmp_path)
