"""One size of an event export through the pipeline: generate, land, build, then one more day.

The last day of the export is held back at first, so that the refresh has a day to bring. The facts after the
refresh are held against the generator's answers: a size with a wrong answer has no result.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.event_answers import wrong_answers
from benchmarks.event_pipeline import EventWorkspace, Measured
from benchmarks.generators.events import EventExport, EventGenerator

DAYS = 91
RESULTS = "measured.json"


@dataclass(frozen=True, kw_only=True)
class Size:
    """What one size took.

    Attributes:
        events: in the export, exact repeats included.
        export_megabytes: of its Parquet files.
        landing: of all days but the last. build: the first one.
        day_landing: of the last day. day_build: with it.
        build_megabytes: of the build database.
    """

    events: int
    export_megabytes: float
    landing: Measured
    build: Measured
    day_landing: Measured
    day_build: Measured
    build_megabytes: float

    @property
    def first_seconds(self) -> float:
        """Landing and first build."""
        return self.landing.seconds + self.build.seconds

    @property
    def day_seconds(self) -> float:
        """Landing and build of one new day."""
        return self.day_landing.seconds + self.day_build.seconds

    @property
    def day_cpu_seconds(self) -> float:
        """The same in processor seconds."""
        return self.day_landing.cpu_seconds + self.day_build.cpu_seconds

    @property
    def megabytes(self) -> float:
        """Largest resident set of all steps."""
        return max(each.megabytes for each in (self.landing, self.build, self.day_landing, self.day_build))


@dataclass(frozen=True)
class SizedExport:
    """A size in a folder of its own: workspace, export, held-back day, results."""

    folder: Path
    export: EventExport

    @property
    def workspace(self) -> EventWorkspace:
        """The workspace."""
        return EventWorkspace(self.folder / "workspace")

    @property
    def first_days_end(self) -> date:
        """The last day but one."""
        return self.export.last_day - timedelta(days=1)

    @property
    def _results(self) -> Path:
        return self.folder / RESULTS

    def prepare(self) -> None:
        """Write the export into the workspace, its last day aside."""
        workspace = self.workspace.make()
        generator = EventGenerator(self.export, workspace.exports)
        generator.write()
        generator.write_answers()
        shutil.move(generator.path_of(self.export.last_day), self.folder / "held_back.parquet")

    def first(self) -> tuple[Measured, Measured]:
        """Land and build all days but the last."""
        return self.workspace.land(self.first_days_end), self.workspace.build(self.first_days_end)

    def next_day(self) -> tuple[Measured, Measured]:
        """Land and build the last day."""
        place = self.workspace.exports / "analytics_1" / f"events_{self.export.last_day:%Y%m%d}.parquet"
        shutil.move(self.folder / "held_back.parquet", place)
        return self.workspace.land(self.export.last_day), self.workspace.build(self.export.last_day)

    def require_answers(self) -> None:
        """See that the facts say what the generator knows.

        Raises:
            RuntimeError: they don't; says where.
        """
        wrong = wrong_answers(self.workspace.build_db, self.workspace.exports / "answers.json")
        if wrong:
            said = ", ".join(f"{what} ({rows:,} rows)" for what, rows in wrong.items())
            raise RuntimeError(f"{self.folder}: the facts are not those that were generated: {said}")

    def measure(self) -> Size:
        """All of it; what was measured before is read again."""
        if self._results.is_file():
            return read_size(self._results)
        if not (self.folder / "held_back.parquet").is_file():
            self.prepare()
        return self.finish(*self.first())

    def finish(self, landing: Measured, build: Measured) -> Size:
        """The last day after a first build, the answers, and the result."""
        day_landing, day_build = self.next_day()
        self.require_answers()
        size = Size(
            events=landing.rows + day_landing.rows,
            export_megabytes=sum(path.stat().st_size for path in self.workspace.exports.rglob("*.parquet"))
            / 1e6,
            landing=landing,
            build=build,
            day_landing=day_landing,
            day_build=day_build,
            build_megabytes=self.workspace.build_db.stat().st_size / 1e6,
        )
        self._results.write_text(json.dumps(asdict(size), indent=1), encoding="utf-8")
        return size

    def forget_data(self) -> None:
        """Remove everything but the result."""
        shutil.rmtree(self.workspace.home, ignore_errors=True)


def sized(folder: Path, millions: float, *, days: int = DAYS) -> SizedExport:
    """The export of so many million events below ``folder``."""
    export = EventExport(events=round(millions * 1_000_000), days=days)
    return SizedExport(folder / (f"{millions:g}m" if days == DAYS else f"{millions:g}m-{days}d"), export)


def read_size(path: Path) -> Size:
    """A result that :meth:`SizedExport.finish` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    steps = {key: Measured(**value) for key, value in found.items() if isinstance(value, dict)}
    return Size(**{**found, **steps})
