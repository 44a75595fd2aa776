"""Published files whose fct_kpi_alerts holds the standings a test names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.alerts.sending import Sent, send_alerts
from orchestration.alerts.standings import Standing
from orchestration.run_lock import run_lock
from orchestration.settings import load_settings
from orchestration.workspace import Workspace
from tests.unit.alerts.standing import month
from tests.unit.orchestration.published_builds import Publisher, Value

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SETTINGS = """\
project: {{name: Acme group, currency: GBP}}
brands:
  acme: {{name: Acme, name_fa: اکمی}}
  other: {{name: Other}}
alerts:
  notifiers:
{notifiers}
"""
ALERTS = """
    brand_id varchar, scorecard_id varchar, source_id varchar, kpi_id varchar, segment_type varchar, segment varchar,
    grain varchar, period_start date, period_end date, alert_kind varchar, actual double, judged_value double,
    target double, target_upper double, target_at_pace double, direction varchar, tolerance double, gap double,
    condition varchar, is_met boolean, is_muted boolean, mute_reason varchar, status varchar, verdict varchar,
    owner varchar, team varchar, sample_size bigint, loaded_through date, days_behind bigint, note varchar
"""
CARDS = """
    brand_id varchar, scorecard_id varchar, name varchar, name_fa varchar, kpi_id varchar, kpi_name_en varchar,
    kpi_name_fa varchar, unit varchar, currency_code varchar, grain varchar, period_start date, actual double,
    target double, verdict varchar, status varchar
"""


@dataclass
class Newsroom:
    """A workspace that publishes standings and sends what they give rise to."""

    publisher: Publisher
    published: int = 0

    @property
    def workspace(self) -> Workspace:
        return self.publisher.workspace

    def configure(self, notifiers: Mapping[str, str]) -> None:
        """Write sanjeh.yml; by name of a notifier its YAML mapping."""
        lines = "\n".join(f"    {name}: {body}" for name, body in notifiers.items())
        text = SETTINGS.format(notifiers=lines or "    {}")
        self.workspace.settings_file.write_text(text, encoding="utf-8")

    def publish(self, *standings: Standing) -> None:
        """Publish a version whose targets and sources stand like that."""
        self.published += 1
        self.publisher.build([Value(value=float(self.published))], inputs=f"slices {self.published}")
        write_alerts(self.workspace.build_db, standings)
        assert self.publisher.publish().published

    def send(self) -> Sent:
        """What the alerts asset of a run does."""
        settings = load_settings(self.workspace, require_secrets=False)
        with run_lock(self.workspace, run_id="sending", started_at=NOON):
            return send_alerts(self.workspace, settings)


def write_alerts(path: Path, standings: Iterable[Standing]) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table marts.dim_brand as select 'acme' as brand_id, 'Acme' as name, 'اکمی' as name_fa, "
            "'gregorian' as calendar, 'k' as calendar_key"
        )
        con.execute(
            "create table marts.dim_period (calendar_key varchar, grain varchar, period_start date, "
            "label_en varchar, label_fa varchar)"
        )
        for number in range(1, 13):
            con.execute(
                "insert into marts.dim_period values ('k', 'month', ?, ?, ?)",
                [month(number), f"{month(number):%B %Y}", f"ماه {number}"],
            )
        con.execute(f"create table marts.fct_kpi_alerts ({ALERTS})")
        con.execute(f"create table marts.fct_scorecard ({CARDS})")
        for standing in standings:
            _insert(con, "fct_kpi_alerts", {**standing.facts, **_row(standing)})
            if standing.subject.kpi_id:
                names = {"name": "scorecard_name", "name_fa": "scorecard_name_fa"}
                card = {name: standing.facts[fact] for name, fact in names.items()}
                _insert(con, "fct_scorecard", {**standing.facts, **card})


def _row(standing: Standing) -> dict[str, Any]:
    return {
        "alert_kind": standing.alert_kind,
        "condition": standing.condition,
        "is_met": standing.is_met,
        "is_muted": standing.is_muted,
        "mute_reason": standing.mute_reason,
    }


def _insert(con: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    columns = [
        name
        for (name,) in con.execute(
            "select column_name from duckdb_columns() where table_name = ? order by column_index", [table]
        ).fetchall()
    ]
    marks = ", ".join("?" for _ in columns)
    con.execute(f"insert into marts.{table} values ({marks})", [row.get(name) for name in columns])
