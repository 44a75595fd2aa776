"""The story: one workspace, run morning after morning while its servers fail, and judged after each run.

It begins and ends with a run that nothing disturbs. What happened is kept in ``story.json``, so that a story that
broke off goes on behind its last run; the seed tells what happens when.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import duckdb

from connectors.registry import API_CONNECTORS
from orchestration.control import open_raw_zone
from orchestration.run_state import Outcome, RunRecord, read_state
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace as Folder
from tests.chaos.draws import Trouble, troubles
from tests.chaos.raw_content import Content, behind, wrong_after
from tests.chaos.staleness import wrong_statuses
from tests.chaos.undisturbed import api_sources, asked_since, contents, land_undisturbed
from tests.fakes.demo import Servers, make_workspace, serving
from tests.fakes.demos import clock_after
from tests.fakes.server import Seen
from tests.integration.warehouse import Workspace, differing_tables

FIRST_MORNING = date(2026, 11, 2)
"""The last day that the servers know of at the first run."""
PATIENCE = 5.0
"""Seconds that a source waits for an answer."""
_EXAMPLE_START = "start: 2026-07-24"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One run of the story.

    Attributes:
        number: from 0, the undisturbed beginning.
        clock: of the run, as text.
        troubles: what was ordered.
        failed: sources that the run names.
        overdue: sources of which a day is overdue, so that KPIs are stale.
        wrong: what mustn't be; empty where all is well.
        requests: that the servers got.
        seconds: that the run took.
    """

    number: int
    clock: str
    troubles: Sequence[str]
    failed: Sequence[str]
    overdue: Sequence[str]
    wrong: Sequence[str]
    requests: int
    seconds: float

    def __str__(self) -> str:
        failed = ", ".join(self.failed) or "nothing"
        stale = ", ".join(self.overdue) or "nothing"
        ordered = f"{len(self.troubles)} faults" if self.troubles else "no faults"
        said = (
            f"run {self.number} at {self.clock}: {ordered}, {self.requests:,} requests; failed {failed}; stale {stale}; "
            f"{self.seconds:.0f} s"
        )
        return said + "".join(f"\n  WRONG {each}" for each in self.wrong)


class Story:
    """See the module.

    Args:
        folder: of both workspaces and of ``story.json``.
        seed: tells what happens when.
        days: that the sources have at the first run.
    """

    def __init__(self, folder: Path, *, seed: str, days: int = 30) -> None:
        self.folder = folder
        self.seed = seed
        self.first_day = FIRST_MORNING - timedelta(days=days - 1)
        self.disturbed = Workspace(folder / "disturbed")
        self.undisturbed = Workspace(folder / "undisturbed")
        self.told = self._read()

    def run(self, runs: int) -> Iterator[Told]:
        """The runs that are still to come up to ``runs`` disturbed ones, and the last, undisturbed one."""
        for number in range(len(self.told), runs + 2):
            told = self._run(number, is_disturbed=0 < number <= runs)
            self.told.append(told)
            self._write()
            yield told

    def rebuilt_differs(self) -> Mapping[str, int]:
        """Rows by table in which the published file differs from one built anew from the same raw zone."""
        before = self.disturbed.published.with_name("by_many_runs.duckdb")
        before.write_bytes(self.disturbed.published.read_bytes())
        self.disturbed.sanjeh("run", "--full-refresh", "--as-of", self.told[-1].clock)
        return differing_tables(before, self.disturbed.published)

    def last_day(self, number: int) -> date:
        """The servers' newest day at a run: mostly the next, now and then the same or the one after that."""
        dice = random.Random(self.seed)
        return FIRST_MORNING + timedelta(days=sum(dice.choice((0, 1, 1, 1, 1, 2)) for _ in range(number)))

    def _run(self, number: int, *, is_disturbed: bool) -> Told:
        last_day = self.last_day(number)
        clock = clock_after(last_day) + timedelta(minutes=number)
        with serving(last_day, days=(last_day - self.first_day).days + 8) as servers:
            self._make_workspaces(servers, last_day, random.Random(f"{self.seed}/{number}"), is_disturbed)
            true = land_undisturbed(self.undisturbed.home, load_id=number + 1, clock=clock)
            asked = {word: _data_requests(api.seen) for word, api in servers.apis.items()}
            ordered = troubles(self.seed, number, asked, patience=PATIENCE) if is_disturbed else []
            for trouble in ordered:
                trouble.befall(servers.apis[trouble.server])
            (before, since), seen = self._contents(), sum(len(api.seen) for api in servers.apis.values())
            file = _identity(self.disturbed.published)
            started = time.monotonic()
            done = self.disturbed.sanjeh("run", "--as-of", clock.isoformat(), check=False)
            seconds = time.monotonic() - started
            requests = sum(len(api.seen) for api in servers.apis.values()) - seen
            for api in servers.apis.values():
                api.forgive()
            after, _ = self._contents()
            told = [true]
            if any(wrong_after(before[name], after[name], true[name]) for name in true) or any(
                behind(after[name], true[name]) for name in true
            ):
                told.append(self._land_anew(servers, last_day, clock))
            violations = [
                f"{word}: {api.violations[:3]}" for word, api in servers.apis.items() if api.violations
            ]
        (self.folder / f"run_{number}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        judged = _Judged(self.disturbed, done, ordered, {word for word, seen in asked.items() if seen})
        wrong = violations + judged.wrong_of_run(
            clock, is_replaced=_identity(self.disturbed.published) != file
        )
        wrong += judged.wrong_of_rows(before, after, told, since)
        failed = {name for each in self.told for name in each.failed} | set(judged.named)
        more, overdue = judged.wrong_of_statuses(frozenset(failed))
        return Told(
            number=number,
            clock=clock.isoformat(),
            troubles=[str(trouble) for trouble in ordered],
            failed=sorted(judged.named),
            overdue=sorted(overdue),
            wrong=wrong + more,
            requests=requests,
            seconds=round(seconds, 1),
        )

    def _make_workspaces(
        self, servers: Servers, last_day: date, dice: random.Random, is_disturbed: bool
    ) -> None:
        make_workspace(self.disturbed.home, servers, last_day)
        self.undisturbed.home.mkdir(exist_ok=True)
        # The same key, so that people get the same names in both.
        (self.undisturbed.home / ".env").write_bytes((self.disturbed.home / ".env").read_bytes())
        make_workspace(self.undisturbed.home, servers, last_day)
        attempts, longest_wait = (dice.choice((1, 2, 3)), dice.choice((1, 4))) if is_disturbed else (3, 4)
        http = (
            f"    http: {{attempts: {attempts}, backoff_seconds: 0, read_timeout: {PATIENCE if is_disturbed else 60}, "
            f"longest_wait_seconds: {longest_wait}}}\n"
        )
        for workspace, patience in ((self.disturbed, http), (self.undisturbed, "")):
            file = workspace.home / "sanjeh.yml"
            text = file.read_text(encoding="utf-8").replace(_EXAMPLE_START, f"start: {self.first_day}")
            for word in API_CONNECTORS:
                line = f"    connector: {word}\n"
                text = text.replace(line, f"{line}{patience}")
            file.write_text(text, encoding="utf-8")

    def _contents(self) -> tuple[dict[str, Content], dict[str, dict[str, datetime]]]:
        """What is stored by source, and since when records are asked for."""
        folder = Folder(self.disturbed.home)
        settings = load_settings(folder, require_secrets=False)
        zone = open_raw_zone(folder, settings)
        return contents(zone, settings), asked_since(zone, settings)

    def _land_anew(self, servers: Servers, last_day: date, clock: datetime) -> dict[str, Content]:
        """What the servers hold now, by a workspace in which nothing has landed yet."""
        anew = self.folder / "anew"
        shutil.rmtree(anew, ignore_errors=True)
        anew.mkdir()
        shutil.copyfile(self.undisturbed.home / ".env", anew / ".env")
        make_workspace(anew, servers, last_day)
        shutil.copyfile(self.undisturbed.home / "sanjeh.yml", anew / "sanjeh.yml")
        return land_undisturbed(anew, load_id=1, clock=clock)

    def _read(self) -> list[Told]:
        file = self.folder / "story.json"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            return []
        kept = json.loads(file.read_text(encoding="utf-8"))
        if (kept["seed"], kept["first_day"]) != (self.seed, str(self.first_day)):
            raise SystemExit(
                f"{file} is the story of seed {kept['seed']!r} from {kept['first_day']} on. Go on with these, or "
                "choose another folder."
            )
        return [Told(**each) for each in kept["runs"]]

    def _write(self) -> None:
        kept = {
            "seed": self.seed,
            "first_day": str(self.first_day),
            "runs": [asdict(each) for each in self.told],
        }
        aside = self.folder / "story.json.aside"
        aside.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        aside.replace(self.folder / "story.json")


class _Judged:
    """What one run did, and what of it is wrong."""

    def __init__(
        self, workspace: Workspace, done: CompletedProcess[str], ordered: Sequence[Trouble], asked: set[str]
    ) -> None:
        self._folder = Folder(workspace.home)
        self._workspace = workspace
        self._done = done
        self._settings: Settings = load_settings(self._folder, require_secrets=False)
        self._zone = open_raw_zone(self._folder, self._settings)
        self._record: RunRecord = read_state(self._folder).runs[-1]
        self._troubled = {trouble.server for trouble in ordered}
        self._silent = {trouble.server for trouble in ordered if trouble.is_total} & asked
        said = done.stderr.rpartition("sources failed; ")[2] if "sources failed; " in done.stderr else ""
        self.named = set(re.findall(r"^  (\w+): \S", said, flags=re.MULTILINE))

    def wrong_of_run(self, clock: datetime, *, is_replaced: bool) -> list[str]:
        """Exit status, names, publication."""
        said = []
        failed = {name for name, source in self._record.sources.items() if not source.ok}
        sources = api_sources(self._settings)
        if self._done.returncode != (1 if failed else 0):
            said.append(f"exit status {self._done.returncode} though {sorted(failed) or 'nothing'} failed")
        if self._record.outcome is not (Outcome.PARTIAL if failed else Outcome.SUCCEEDED):
            said.append(f"the run {self._record.outcome}: {self._record.error}")
        if failed != self.named:
            said.append(f"{sorted(failed)} failed, {sorted(self.named)} are named")
        said += [
            f"{name} failed, whose server was sound: {self._record.sources[name].error}"
            for name in sorted(failed)
            if name not in sources or sources[name].connector not in self._troubled
        ]
        unnoticed = {name for name, source in sources.items() if source.connector in self._silent} - failed
        if unnoticed:
            said.append(f"{sorted(unnoticed)} did not fail though their servers answered nothing")
        said += self._wrong_of_publication(clock, is_replaced=is_replaced)
        text = self._done.stdout + self._done.stderr
        return said + [
            f"the secret of {name} was printed" for name, value in self._secrets() if value in text
        ]

    def _wrong_of_publication(self, clock: datetime, *, is_replaced: bool) -> list[str]:
        rows = self._workspace.rows("select run_id, as_of from marts.publication")
        said = []
        if [(run_id, as_of) for run_id, as_of in rows] != [
            (self._record.run_id, clock.replace(tzinfo=None))
        ] or not is_replaced:
            said.append(f"the publication isn't this run's {self._record.run_id}: {rows}")
        told = {
            (source_id, f"{connector}/{stream}")
            for source_id, connector, stream in self._workspace.rows(
                "select source_id, connector, stream from marts.fct_source_freshness where status = 'failed'"
            )
        }
        failed = {
            (name, stream.stream_id)
            for name, source in self._record.sources.items()
            for stream in source.streams
            if stream.error
        }
        if told != failed:
            said.append(f"fct_source_freshness tells {sorted(told)} as failed, {sorted(failed)} did")
        return said

    def _secrets(self) -> Iterator[tuple[str, str]]:
        lines = self._folder.env_file.read_text(encoding="utf-8").splitlines()
        for name, value in (line.split("=", 1) for line in lines):
            if name.startswith(("DEMO_", "SANJEH_PII")) and "/" not in value and len(value) > 12:
                yield name, value

    def wrong_of_rows(
        self,
        before: Mapping[str, Content],
        after: Mapping[str, Content],
        told: Sequence[Mapping[str, Content]],
        since: Mapping[str, Mapping[str, datetime]],
    ) -> list[str]:
        """Rows lost, doubled, invented; streams that lack something and don't say so."""
        self._zone.verify()
        said = []
        for name, now in after.items():
            true = [each[name] for each in told]
            said += [f"{name} {each}" for each in wrong_after(before[name], now, *true)]
            streams = {each.stream_id: each.error for each in self._record.sources[name].streams}
            for stream_id, differences in behind(now, *true, asked_since=since[name]).items():
                if not streams[stream_id]:
                    said.append(f"{name} {stream_id} landed without an error, yet {differences}")
        return said

    def wrong_of_statuses(self, troubled: frozenset[str]) -> tuple[list[str], set[str]]:
        """Statuses that don't fit the days that are missing; and the sources with overdue ones."""
        with duckdb.connect(str(self._workspace.published), read_only=True) as published:
            said, overdue = wrong_statuses(published, self._zone, self._settings, troubled=troubled)
        untroubled = overdue - troubled
        return said + ([f"{sorted(untroubled)} never failed and are overdue"] if untroubled else []), overdue


def _data_requests(seen: Sequence[Seen]) -> list[Seen]:
    return [each for each in seen if "token" not in each.path]


def _identity(file: Path) -> tuple[Any, ...] | None:
    if not file.exists():
        return None
    found = file.stat()
    return found.st_ino, found.st_mtime_ns
