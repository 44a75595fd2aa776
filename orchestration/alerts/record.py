"""What was decided and what was delivered, in the ledger: append-only Parquet, one file per step.

    ledger/alerts/format.json                       format version
    ledger/alerts/decisions/event-00000012.parquet  what the publication of that event gave rise to
    ledger/alerts/decisions/run-<run>.parquet       that a run failed; test-<id>.parquet a test message
    ledger/alerts/attempts/<time>-<id>.parquet      one attempt to deliver to one channel

A decision is written before anything is delivered, an attempt after it. Whoever dies in between delivers
again, with the same ids. Programs that know no alerts leave the folder alone; a newer format is a
:class:`WorkspaceError`. No file holds an address of a channel.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.core.sql import literals
from connectors.core.storage import write_atomically
from orchestration.alerts.decide import EVALUATED, Decision, alert_id
from orchestration.alerts.standings import Subject
from orchestration.errors import WorkspaceError
from orchestration.ledger import append_rows, unwritable
from orchestration.published_file import naive_utc
from orchestration.workspace import Workspace

FORMAT_VERSION = 1
DELIVERED, FAILED = "delivered", "failed"
_INSTANT = pa.timestamp("us")
_DECISIONS = pa.schema(
    [
        ("alert_id", pa.string()),
        ("alert_key", pa.string()),
        ("kind", pa.string()),
        *((field.name, pa.string()) for field in fields(Subject)),
        ("period_start", pa.date32()),
        ("alert_kind", pa.string()),
        ("relative_gap", pa.float64()),
        ("clear_through", pa.date32()),
        ("closes", pa.string()),
        ("channels", pa.string()),
        ("facts", pa.string()),
        ("event_id", pa.int64()),
        ("version", pa.int64()),
        ("run_id", pa.string()),
        ("decided_at", _INSTANT),
    ]
)
_ATTEMPTS = pa.schema(
    [
        ("alert_id", pa.string()),
        ("channel", pa.string()),
        ("attempted_at", _INSTANT),
        ("outcome", pa.string()),
        ("error", pa.string()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A decision as the ledger keeps it.

    Attributes:
        channels: names of the notifiers that are to hear of it.
        event_id: the publication behind it; None of a failed run or a test.
        decided_at: UTC.
    """

    decision: Decision
    channels: tuple[str, ...]
    event_id: int | None
    version: int | None
    run_id: str | None
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to deliver one decision to one channel; ``error`` is for a person and names no address."""

    alert_id: str
    channel: str
    attempted_at: datetime
    outcome: str
    error: str | None = None


class AlertRecord:
    """The alerts of one workspace's ledger."""

    def __init__(self, workspace: Workspace) -> None:
        """Check the format; an absent folder is an empty one.

        Raises:
            WorkspaceError: a newer Sanjeh wrote it, or the file that says so is damaged.
        """
        self.root = workspace.ledger / "alerts"
        path = self.root / "format.json"
        if not path.is_file():
            return
        try:
            found = int(json.loads(path.read_text(encoding="utf-8"))["format_version"])
        except (ValueError, KeyError, TypeError) as error:
            raise WorkspaceError(
                f'{path} is damaged; write {{"format_version": {FORMAT_VERSION}}} into it.'
            ) from error
        if found > FORMAT_VERSION:
            raise WorkspaceError(
                f"The alerts in {self.root} have format {found}; this program knows formats up to "
                f"{FORMAT_VERSION}. The workspace was used by a newer Sanjeh: update Sanjeh here. Nothing "
                "was sent."
            )

    def kept(self) -> list[Kept]:
        """Every decision, oldest first."""
        rows = [row for path in self._files("decisions") for row in pq.read_table(path).to_pylist()]
        return [_kept(row) for row in sorted(rows, key=lambda row: (row["event_id"] or 0, row["decided_at"]))]

    def attempts(self) -> list[Attempt]:
        """Every attempt, oldest first."""
        rows = [row for path in self._files("attempts") for row in pq.read_table(path).to_pylist()]
        found = [Attempt(**{**row, "attempted_at": _aware(row["attempted_at"])}) for row in rows]
        return sorted(found, key=lambda attempt: attempt.attempted_at)

    def last_event_id(self) -> int:
        """The newest publication that was asked about; 0 before the first."""
        names = [path.stem for path in self._files("decisions")]
        numbers = [int(name.removeprefix("event-")) for name in names if name.startswith("event-")]
        return max(numbers, default=0)

    def pending(self) -> list[tuple[Kept, str]]:
        """Decisions with a channel that has not got them, oldest first."""
        done = {(each.alert_id, each.channel) for each in self.attempts() if each.outcome == DELIVERED}
        return [
            (kept, channel)
            for kept in self.kept()
            for channel in kept.channels
            if (kept.decision.alert_id, channel) not in done
        ]

    def keep_evaluation(
        self, decisions: Sequence[Kept], *, event_id: int, version: int, run_id: str, at: datetime
    ) -> None:
        """Keep what a publication gave rise to, which may be nothing; a publication is asked about once."""
        evaluated = Kept(
            decision=Decision(alert_id=alert_id(EVALUATED, event_id), kind=EVALUATED),
            channels=(),
            event_id=event_id,
            version=version,
            run_id=run_id,
            decided_at=at,
        )
        path = self._folder("decisions") / f"event-{event_id:08d}.parquet"
        append_rows(path, [_row(each) for each in (evaluated, *decisions)], schema=_DECISIONS)

    def keep_once(self, name: str, kept: Kept) -> bool:
        """Keep a decision under a name of its own, unless another process has; whether it was this one."""
        path = self._folder("decisions") / f"{name}.parquet"
        if path.exists():
            return False
        aside = path.with_name(f".{path.stem}-{uuid.uuid4().hex[:12]}")
        append_rows(aside, [_row(kept)], schema=_DECISIONS)
        try:
            # A link, unlike a rename, is refused where there is one already.
            os.link(aside, path)
        except FileExistsError:
            return False
        except OSError as error:
            raise WorkspaceError(unwritable(path, error)) from error
        finally:
            aside.unlink()
        return True

    def keep_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Keep how a message went, one row per decision that it told of."""
        rows = [{**vars(each), "attempted_at": naive_utc(each.attempted_at)} for each in attempts]
        name = f"{attempts[0].attempted_at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"
        append_rows(self._folder("attempts") / f"{name}.parquet", rows, schema=_ATTEMPTS)

    def create_view(self, con: duckdb.DuckDBPyConnection) -> None:
        """Temp view ``alert_deliveries`` on ``con``: one row per attempt, for ``fct_alert_deliveries``."""
        for name, schema in (("decisions", _DECISIONS), ("attempts", _ATTEMPTS)):
            con.register(f"no_alert_{name}", schema.empty_table())
            files = [str(path) for path in self._files(name)]
            rows = (
                f"union all by name select * from read_parquet({literals(files)}, union_by_name = true)"
                if files
                else ""
            )
            con.execute(f"create or replace temp table alert_{name} as from no_alert_{name} {rows}")
            con.unregister(f"no_alert_{name}")
        con.execute("""
            create or replace temp view alert_deliveries as
            select
                d.alert_key, d.alert_id, d.kind, nullif(d.brand_id, '') as brand_id,
                nullif(d.scorecard_id, '') as scorecard_id, nullif(d.source_id, '') as source_id,
                nullif(d.kpi_id, '') as kpi_id, nullif(d.segment_type, '') as segment_type,
                nullif(d.segment, '') as segment, nullif(d.grain, '') as grain, d.period_start, d.alert_kind,
                a.channel, a.attempted_at, a.outcome,
                row_number() over (
                    partition by a.alert_id, a.channel order by a.attempted_at
                ) as attempts,
                a.error, d.version, d.run_id, d.decided_at
            from alert_attempts as a
            inner join alert_decisions as d on a.alert_id = d.alert_id
        """)

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (self.root / "format.json").is_file():
                text = json.dumps({"format_version": FORMAT_VERSION})
                write_atomically(self.root / "format.json", text.encode())
        except OSError as error:
            raise WorkspaceError(unwritable(folder, error)) from error
        return folder

    def _files(self, name: str) -> list[Path]:
        return sorted((self.root / name).glob("*.parquet"))


def _row(kept: Kept) -> dict[str, Any]:
    decision = kept.decision
    subject = decision.subject
    names = [field.name for field in fields(Subject)]
    return {
        "alert_id": decision.alert_id,
        "alert_key": _alert_key(kept),
        "kind": decision.kind,
        **{name: getattr(subject, name) if subject else "" for name in names},
        "period_start": decision.period_start,
        "alert_kind": decision.alert_kind,
        "relative_gap": decision.relative_gap,
        "clear_through": decision.clear_through,
        "closes": json.dumps(decision.closes),
        "channels": json.dumps(kept.channels),
        "facts": json.dumps(decision.facts, ensure_ascii=False),
        "event_id": kept.event_id,
        "version": kept.version,
        "run_id": kept.run_id,
        "decided_at": naive_utc(kept.decided_at),
    }


def _alert_key(kept: Kept) -> str:
    """What the message is about, as text: subject and period, or the run."""
    decision = kept.decision
    if decision.subject is None:
        return f"{decision.kind}/{kept.run_id or decision.alert_id}"
    period = f"/{decision.period_start}" if decision.period_start else ""
    return f"{decision.subject.key}{period}"


def _kept(row: dict[str, Any]) -> Kept:
    subject = Subject(**{field.name: row[field.name] or "" for field in fields(Subject)})
    decision = Decision(
        alert_id=row["alert_id"],
        kind=row["kind"],
        subject=subject if subject.brand_id else None,
        period_start=row["period_start"],
        alert_kind=row["alert_kind"],
        relative_gap=row["relative_gap"],
        clear_through=row["clear_through"],
        closes=tuple(json.loads(row["closes"])),
        facts=json.loads(row["facts"]),
    )
    return Kept(
        decision=decision,
        channels=tuple(json.loads(row["channels"])),
        event_id=row["event_id"],
        version=row["version"],
        run_id=row["run_id"],
        decided_at=_aware(row["decided_at"]),
    )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
