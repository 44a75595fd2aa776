"""``sanjeh compact``: the command on a workspace that landed day by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from click.testing import CliRunner

from connectors.core.raw_zone import RawZone
from connectors.files.source import FileSource
from orchestration.cli import cli
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

SETTINGS = """
project: {name: Shop, timezone: UTC, currency: EUR}
brands: {shop: {name: Shop}}
sources:
  ads: {connector: google_ads_file, brand: shop, path: exports/*.csv, currency: EUR}
"""


def test_small_files_of_old_months_become_one_and_superseded_ones_go(tmp_path: Path) -> None:
    home = tmp_path / "workspace"
    (home / "exports").mkdir(parents=True)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    workspace = Workspace(home)
    workspace.prepare()
    (source,) = load_settings(workspace, require_secrets=False).sources.values()
    (stream,) = source.streams
    zone = RawZone(workspace.raw, temp=workspace.temp, pii=None)
    for number in (1, 2, 3):
        path = home / "exports" / f"{number}.csv"
        path.write_text(
            f"Day,Campaign,Impr.,Clicks,Cost\n2024-05-0{number},Brand,9,1,{number}\n", encoding="utf-8"
        )
        opened = source.open(workspace)
        assert isinstance(opened, FileSource)
        moment = datetime(2024, 6, number, tzinfo=UTC) + timedelta(hours=1)
        opened.land(zone, load_id=number, loaded_at=moment, window=None, progress=lambda _: None)
    said = CliRunner().invoke(cli, ["--workspace", str(home), "compact"])
    assert said.exit_code == 0, said.output
    assert said.output == "3 raw files became 1; 3 superseded ones deleted.\n"
    con = duckdb.connect()
    zone.create_views(con, [stream])
    assert con.execute(f"select _load_id, cost from raw.{stream.view} order by 1").fetchall() == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    again = CliRunner().invoke(cli, ["--workspace", str(home), "compact"])
    assert again.output == "Nothing to put together: 1 raw file.\n"
