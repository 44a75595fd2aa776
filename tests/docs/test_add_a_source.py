"""The walk-through of docs/add_a_source.md works as printed: its code lands what its server holds."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from connectors.core.api import BrandFacts
from connectors.core.api_source import ApiConnector, ApiSource
from connectors.core.raw_zone import RawZone
from tests.fakes.faults import Fault

PAGE = Path(__file__).parents[2] / "docs" / "add_a_source.md"
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def blocks() -> dict[str, str]:
    """Code by the name that its first line gives."""
    found = re.findall(r"```python\n# (.+?)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return dict(found)


@pytest.fixture
def example() -> Iterator[dict[str, ModuleType]]:
    """The modules of the page, imported in its order, and forgotten afterwards."""
    package = ModuleType("letterbox")
    package.__path__ = []
    modules = {"letterbox": package}
    sys.modules |= modules
    for name, code in blocks().items():
        word = f"letterbox.{Path(name).stem}" if name.startswith("letterbox/") else "letterbox.fake"
        module = ModuleType(word)
        sys.modules[word] = modules[word] = module
        exec(compile(code, name, "exec"), module.__dict__)  # noqa: S102 - the page's own code is what is tested
    yield modules
    for word in modules:
        del sys.modules[word]


def test_page_lands_what_its_server_holds(
    example: dict[str, ModuleType], zone: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETTERBOX_KEY", "a key of the page")
    first = date(2026, 10, 1)
    rows: list[dict[str, Any]] = [
        {"day": str(first + timedelta(days=day)), "list": name, "sent": 100 + day, "opened": str(day)}
        for day in range(50)
        for name in ("news", "خبرنامه")
    ]
    with example["letterbox.fake"].LetterboxApi() as api:
        api.rows = rows
        config = example["letterbox.config"].Config(
            connector="letterbox",
            brand="sib",
            key_env="LETTERBOX_KEY",
            base_url=api.base_url,
            start=first,
            page_size=7,
            http={"backoff_seconds": 0},
        )
        connector = ApiConnector(
            word="letterbox",
            connect=example["letterbox.client"].connect,
            feeds=example["letterbox.feeds"].feeds,
        )
        brand = BrandFacts(timezone="Asia/Tehran", currency="IRR")
        source = ApiSource("letters", config, connector, brand=brand)
        assert source.check(now=NOW).summary.startswith("Letters of Sib; read; zone Asia/Tehran")
        api.order(Fault.THROTTLED)
        api.order(Fault.ERROR_WITH_200, after=1)
        # A row that goes between pages moves another one out of sight: the window is read again.
        api.on_request(5, lambda: rows.pop(0))
        (landed,) = source.land(zone, load_id=1, loaded_at=NOW)
    assert landed.error is None
    stream = example["letterbox.streams"].SENDS
    con = duckdb.connect()
    zone.create_views(con, [stream])
    stored = con.execute(
        "select day, list, sent, opened from raw.letterbox__sends order by day, list"
    ).fetchall()
    expected = [(date.fromisoformat(r["day"]), r["list"], r["sent"], int(r["opened"])) for r in rows]
    assert stored == sorted(row for row in expected if row[0] < date(2026, 11, 20))
