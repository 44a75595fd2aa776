"""Foreign BI clients over a published file that a real refresh replaces meanwhile.

Usage: ``python -m tests.bi [--folder DIR]`` (``make test-bi``). Installs Superset and older drivers from the package
index into DIR/env, imports the bundle, and compares every answer of Superset's REST API with the SQL on ``marts`` of
the version that was published at that moment. Prints what it compared; exit 1 on any difference.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from tests.bi import drivers, refresh
from tests.bi.environments import environment
from tests.bi.questions import Question, plain, questions
from tests.bi.superset import KIT, USER, Superset, serving
from tests.integration.warehouse import Workspace

ROOT = Path(__file__).parents[2]
WORKERS = 3
SHOWN = 5


class Comparison:
    """Asks, compares, counts; used by several threads."""

    def __init__(self, superset: Superset, workspace: Workspace) -> None:
        self._superset, self._workspace = superset, workspace
        self._expected: dict[tuple[str, int], list[tuple[object, ...]]] = {}
        self._answered = threading.Condition()
        self.rows: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.versions: Counter[int] = Counter()
        self.wrong: list[str] = []

    def ask(self, question: Question) -> None:
        """Ask once; the answer must be that of a version that readers saw between question and answer."""
        try:
            wrong = self._difference(question)
        except Exception as error:  # noqa: BLE001 - a thread that ended by it would be waited for
            wrong = f"{question.name}: {error!r}"
        with self._answered:
            if wrong:
                self.wrong.append(wrong)
            self._answered.notify_all()

    def wait_for_more(self, answers: int) -> None:
        """Wait until the threads have got so many more answers, or one that is wrong."""
        with self._answered:
            wanted = self.answers.total() + answers
            self._answered.wait_for(lambda: self.wrong or self.answers.total() >= wanted)

    def _difference(self, question: Question) -> str | None:
        before = refresh.version(self._workspace)
        found = question.rows(self._superset.chart_data(question.context))
        seen = sorted({before, refresh.version(self._workspace)})
        version = next((each for each in seen if found == self._told(question, each)), None)
        with self._answered:
            self.answers[question.name] += 1
            self.rows[question.name] += len(found)
            if version is not None:
                self.versions[version] += 1
                return None
        expected = self._told(question, seen[-1])
        lines = [f"{question.name}: not what version {' or '.join(map(str, seen))} says"]
        lines += [f"  Superset {row}" for row in sorted(set(found) - set(expected), key=repr)[:SHOWN]]
        lines += [f"  SQL      {row}" for row in sorted(set(expected) - set(found), key=repr)[:SHOWN]]
        lines.append(f"  {len(found)} rows of Superset, {len(expected)} of the SQL")
        return "\n".join(lines)

    def _told(self, question: Question, version: int) -> list[tuple[object, ...]]:
        key = (question.name, version)
        if key not in self._expected:
            rows = refresh.answer(refresh.version_file(self._workspace, version), question.sql)
            self._expected[key] = sorted((tuple(map(plain, row)) for row in rows), key=repr)
        return self._expected[key]

    def keep_asking(self, asked: list[Question], stop: threading.Event) -> list[threading.Thread]:
        """Threads that ask in turn until ``stop``; their requests overlap, so Superset never idles."""

        def work(first: int) -> None:
            number = first
            while not stop.is_set():
                self.ask(asked[number % len(asked)])
                number += 1

        threads = [threading.Thread(target=work, args=(each,)) for each in range(WORKERS)]
        for thread in threads:
            thread.start()
        return threads


def main() -> int:
    """Print what was compared; the exit status says whether anything differed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bi", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".workspace" / "bi", help="environments, workspace, logs"
    )
    folder: Path = parser.parse_args().folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    environments = folder / "env"
    say("workspace", "examples/real, published with brand files and Parquet")
    workspace = refresh.prepared(folder / "home")
    say("drivers", "older DuckDB, ADBC, the command line, Parquet")
    wrong = []
    published = workspace.published.parent
    for client, equal, rows in drivers.readings(
        workspace.published, published / "brands" / "uk_gift_shop.duckdb", published / "parquet", environments
    ):
        say("  ", f"{client}: {rows} rows, {'equal' if equal else 'DIFFERENT'}")
        if not equal:
            wrong.append(client)
    say("superset", f"installing {KIT.relative_to(ROOT) / 'requirements.txt'}, migrating, starting")
    binaries = environment(environments / "superset", file=KIT / "requirements.txt")
    with serving(binaries, folder / "superset") as superset:
        bundle = folder / "bundle.zip"
        subprocess.run(
            [sys.executable, str(KIT / "make_bundle.py"), str(workspace.published), str(bundle)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        superset.import_dashboard(bundle)
        wrong += compare(superset, workspace)
        wrong += look(superset, environments, folder / "dashboard.png")
    for line in wrong:
        say("WRONG", line)
    say("test-bi", f"{len(wrong)} differences")
    return 1 if wrong else 0


def compare(superset: Superset, workspace: Workspace) -> list[str]:
    """Every question, before, while and after a run publishes, a rollback and a publication; what was wrong."""
    asked = questions(superset)
    comparison = Comparison(superset, workspace)
    for question in asked:
        comparison.ask(question)
    refresh.drop_late_order(workspace)
    stop = threading.Event()
    threads = comparison.keep_asking([question for question in asked if question.often], stop)
    began = time.monotonic()
    try:
        for words in (("run",), ("rollback",), ("publish",)):
            before, answers = refresh.version(workspace), comparison.answers.total()
            with refresh.begin(workspace, *words) as process:
                said, _ = process.communicate()
            comparison.wait_for_more(3 * WORKERS)
            after = refresh.version(workspace)
            if process.returncode or after == before:
                comparison.wrong.append(f"sanjeh {words[0]} published nothing new:\n{said}")
            say(
                f"  sanjeh {words[0]}",
                f"version {before} to {after}, {comparison.answers.total() - answers} answers meanwhile",
            )
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for question in asked:
        comparison.ask(question)
    for question in asked:
        say(
            "  ",
            f"{question.name}: {comparison.answers[question.name]} answers, {comparison.rows[question.name]:,} rows",
        )
    by_version = ", ".join(f"{number}: {count}" for number, count in sorted(comparison.versions.items()))
    say(
        "superset",
        f"{comparison.answers.total()} answers, {comparison.rows.total():,} rows compared, "
        f"{len(comparison.wrong)} wrong, in {time.monotonic() - began:.0f} s; answers by version: {by_version}",
    )
    empty = [question.name for question in asked if not comparison.rows[question.name]]
    if empty:
        say("  ", f"without a row in this data: {', '.join(empty)}")
    return comparison.wrong


def look(superset: Superset, environments: Path, picture: Path) -> list[str]:
    """Draw the dashboard in Chromium, where there is one; what was wrong."""
    if shutil.which("chromium") is None:
        say("dashboard", "not drawn: there is no chromium here")
        return []
    binaries = environment(environments / "playwright", "playwright==1.65.2")
    command = [
        str(binaries / "python"),
        str(Path(__file__).with_name("look.py")),
        superset.url,
        USER,
        str(picture),
    ]
    done = subprocess.run(command, input=superset.password, capture_output=True, text=True, check=False)
    say("dashboard", f"{done.stdout.strip()} {picture}")
    return [f"dashboard: {done.stderr[-2000:]}"] if done.returncode else []


def say(what: str, text: str) -> None:
    """A line of progress."""
    print(f"{what}: {text}", flush=True)  # noqa: T201 - this is the program's output


if __name__ == "__main__":
    sys.exit(main())
