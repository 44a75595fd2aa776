"""Reports of a whole run: written after publishing, and what happens when they can't be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.test_refresh import CONFIGURATION, SEPTEMBER
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow


def test_a_run_whose_reports_fail_is_published_and_says_so_and_the_command_catches_up(tmp_path: Path) -> None:
    shop = Workspace(tmp_path / "workspace")
    (shop.home / "exports" / "lines").mkdir(parents=True)
    (shop.home / "sanjeh.yml").write_text(CONFIGURATION, encoding="utf-8")
    (shop.home / "exports" / "lines" / "september.csv").write_text(SEPTEMBER, encoding="utf-8")
    in_the_way = shop.home / "reports" / "shop"
    in_the_way.parent.mkdir()
    in_the_way.write_text("a file where a folder belongs", encoding="utf-8")

    done = shop.run(check=False)
    assert done.returncode == 1
    assert "Error: The numbers are published, but the reports are not up to date." in done.stderr
    assert "shop/daily.en.html is not written" in done.stderr
    assert "Traceback" not in done.stderr
    assert shop.value("select version from marts.publication") == 1
    [record] = json.loads((shop.home / "warehouse" / "state.json").read_text(encoding="utf-8"))["runs"]
    assert record["outcome"] == "partial"

    in_the_way.unlink()
    assert "8 reports written" in shop.sanjeh("report").stdout
    page = (shop.home / "reports" / "shop" / "monthly.fa.html").read_text(encoding="utf-8")
    assert "فروشگاه" in page
    again = shop.run()
    assert "reports: 0 written, 8 left as they are" in again.stdout + again.stderr
