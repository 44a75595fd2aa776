"""Engines differ in what max_by makes of an unknown value; staging asks for the newest known one by one macro."""

from pathlib import Path

import pytest

_DBT = Path(__file__).parents[2] / "dbt_project"
_STAGING = sorted((_DBT / "models" / "staging").glob("*/*.sql"))


@pytest.mark.parametrize("path", _STAGING, ids=lambda path: path.stem)
def test_staging_asks_for_the_newest_known_value_by_the_macro(path: Path) -> None:
    assert "max_by(" not in path.read_text(encoding="utf-8"), "write {{ newest_known(value, moment) }}"
