"""Break each rule once and see that the suite notices: ``python -m tests.mutations.run [--only ID] [--jobs N]``.

Each worker has a copy of the repository in a temporary folder. A mutation is asked about part by part, cheapest
first: the dbt unit tests of the touched models, the property tests of their family, then the known company, which
is landed once and rebuilt with the mutated models. The last line says ``mutations caught N of M``; a survivor or a
mutation whose text is no longer there makes the exit status 1.
"""

# ruff: noqa: T201 - this is a program that prints

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from tests.mutations.listed import MUTATIONS
from tests.mutations.mutation import Mutation
from tests.properties.compiling import compiled_folder

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("connectors", "orchestration", "dbt_project", "tests", "pyproject.toml")
EXAMPLES = "60"
"""Examples a property is given to notice."""
PART_SECONDS = 600


@dataclass(frozen=True)
class Verdict:
    """How a mutation fared; ``caught_by`` is None for a survivor."""

    mutation: Mutation
    caught_by: str | None
    seconds: float
    said: str = ""


class Company:
    """The known company, landed when the first mutation needs it unless ``home`` holds it already."""

    def __init__(self, scratch: Path, *, is_asked: bool, home: Path | None = None) -> None:
        self._home = home or scratch / "company"
        self._expected = scratch / "expected.pickle"
        self._lock = Lock()
        self._is_asked = is_asked

    def landed(self) -> tuple[Path, Path] | None:
        """Its workspace and the file of its answers; None where it is left out."""
        if not self._is_asked:
            return None
        with self._lock:
            if not self._expected.exists():
                from tests.known_company import answers, workspace  # noqa: PLC0415 - only when it is needed

                if not self._home.exists():
                    print("known company: landing …", flush=True)
                    workspace.build(self._home)
                self._expected.write_bytes(pickle.dumps(answers.expected()))
        return self._home, self._expected


class Worker:
    """A copy of the repository in which one rule at a time is broken."""

    def __init__(self, folder: Path, company: Company) -> None:
        self._root = folder / "repository"
        self._project = self._root / "dbt_project"
        self._company_home = folder / "company"
        self._company = company
        self._empty = folder / "empty"
        self._target = folder / "target"
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs", ".duckdb_temp")
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self._root / name, ignore=ignored)
            else:
                shutil.copy(source, self._root / name)
        self._build_empty()
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.mutations.dbt_server", str(self._project), str(self._target)],
            cwd=self._root,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._must(self._answer())

    def close(self) -> None:
        """End what serves this worker."""
        self._server.communicate()

    def judge(self, mutation: Mutation) -> Verdict:
        """Break the rule, ask part by part, mend it."""
        started = time.monotonic()
        original = mutation.apply(self._root)
        try:
            for name, (ok, said) in self._parts(mutation):
                if not ok:
                    return Verdict(mutation, name, time.monotonic() - started, said)
        finally:
            (self._root / mutation.file).write_text(original, encoding="utf-8")
            (compiled_folder(self._project) / "stamp").write_text("of a mutation")
        return Verdict(mutation, None, time.monotonic() - started)

    def _parts(self, mutation: Mutation) -> Iterator[tuple[str, tuple[bool, str]]]:
        if mutation.pytest:
            yield "unit tests", self._pytest(mutation.pytest)
        if mutation.unit_tested:
            yield "dbt unit tests", self._ask(tests=mutation.unit_tested)
        if mutation.properties:
            if not mutation.file.endswith(".csv"):  # seeds are loaded by the properties themselves
                yield "dbt", self._ask(compiled=mutation.recompiled)
            yield (
                "properties",
                self._pytest([f"tests/properties/test_{name}.py" for name in mutation.properties]),
            )
        landed = self._company.landed()
        if landed is not None and mutation.file.startswith("dbt_project"):
            home, expected = landed
            if not self._company_home.exists():
                shutil.copytree(home, self._company_home)
            yield (
                "known company",
                self._run(
                    [sys.executable, "-m", "tests.mutations.company", str(self._company_home), str(expected)]
                ),
            )

    def _build_empty(self) -> None:
        """Every model, empty: what dbt's unit tests look at for types; and the seeds, for the properties."""
        prepare = "import sys; from tests.mutations.empty import prepare; prepare(sys.argv[1])"
        self._must(self._run([sys.executable, "-c", prepare, str(self._empty)]))
        self._must(
            self._run(
                [
                    str(Path(sys.executable).with_name("dbt")),
                    "--quiet",
                    *("build", "--empty", "--exclude-resource-type", "test", "unit_test"),
                    *(f"--{name}-dir={self._project}" for name in ("project", "profiles")),
                    f"--target-path={self._target}",
                    f"--log-path={self._target}",
                ]
            )
        )
        shutil.copy(self._build_file, compiled_folder(self._project) / self._build_file.name)

    def _ask(self, **request: Sequence[str]) -> tuple[bool, str]:
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return self._answer()

    def _answer(self) -> tuple[bool, str]:
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        if not line:
            return False, "dbt ended"
        answer = json.loads(line)
        return bool(answer["ok"]), str(answer["said"])

    @property
    def _build_file(self) -> Path:
        return self._empty / "warehouse" / "build.duckdb"

    @property
    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "SANJEH_PROVE": EXAMPLES,
            "SANJEH_BUILD_DB": str(self._build_file),
            "SANJEH_TEMP_DIR": str(self._empty / "warehouse" / "tmp"),
            "SANJEH_THREADS": "1",
        }

    def _pytest(self, files: Sequence[str]) -> tuple[bool, str]:
        return self._run(
            [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *files]
        )

    def _run(self, words: Sequence[str]) -> tuple[bool, str]:
        try:
            done = subprocess.run(
                list(words),
                cwd=self._root,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=PART_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return False, f"Error: no answer in {PART_SECONDS} seconds"
        return done.returncode == 0, done.stdout + done.stderr

    @staticmethod
    def _must(outcome: tuple[bool, str]) -> None:
        if not outcome[0]:
            raise SystemExit(f"the suite fails without any mutation:\n{outcome[1]}")


def check(
    mutations: Sequence[Mutation],
    *,
    jobs: int,
    with_company: bool = True,
    home: Path | None = None,
    verbose: bool = False,
) -> int:
    """Judge all and print each.

    Args:
        mutations: the rules to break.
        jobs: how many are tried at a time.
        with_company: ask the known company too.
        home: workspace in which it is published already.
        verbose: print what was said about each.

    Returns:
        How many were caught.
    """
    outdated = [problem for mutation in mutations if (problem := mutation.problem(ROOT))]
    for problem in outdated:
        print(problem)
    current = [mutation for mutation in mutations if mutation.problem(ROOT) is None]
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="mutations-") as scratch:
        company = Company(Path(scratch), is_asked=with_company, home=home)
        folders = [Path(scratch) / f"worker-{number}" for number in range(min(jobs, len(current)))]
        with ThreadPoolExecutor(max_workers=max(1, len(folders))) as pool:
            free: SimpleQueue[Worker] = SimpleQueue()
            workers = list(pool.map(lambda folder: Worker(folder, company), folders))
            for worker in workers:
                free.put(worker)

            def judge(mutation: Mutation) -> Verdict:
                worker = free.get()
                try:
                    return worker.judge(mutation)
                finally:
                    free.put(worker)

            for done in as_completed([pool.submit(judge, mutation) for mutation in current]):
                verdict = done.result()
                verdicts.append(verdict)
                outcome = f"caught by {verdict.caught_by}" if verdict.caught_by else "SURVIVED"
                print(
                    f"{verdict.mutation.id:34} {outcome:26} {verdict.seconds:6.1f} s  {verdict.mutation.rule}",
                    flush=True,
                )
                if verbose and verdict.caught_by:
                    print(_gist(verdict.said))
            for worker in workers:
                worker.close()
    caught = sum(1 for verdict in verdicts if verdict.caught_by)
    print(f"mutations caught {caught} of {len(mutations)}")
    return caught


def _gist(said: str) -> str:
    telling = [line for line in said.splitlines() if "Error" in line or "FAIL" in line or "differ" in line]
    return "\n".join(f"    {line.strip()[:200]}" for line in telling[:4])


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations.run")
    parser.add_argument("--only", action="append", metavar="ID", help="only this mutation; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("--no-company", action="store_true", help="leave the known company out")
    parser.add_argument(
        "--list", action="store_true", help="list the mutations and say which are out of date"
    )
    parser.add_argument("--verbose", action="store_true", help="show what was said about each")
    options = parser.parse_args()
    chosen = [each for each in MUTATIONS if not options.only or each.id in options.only]
    unknown = set(options.only or ()) - {each.id for each in chosen}
    if unknown:
        parser.error(f"no mutation {', '.join(sorted(unknown))}; --list names them all")
    if options.list:
        for each in chosen:
            print(each.problem(ROOT) or f"{each.id:34} {each.rule}")
        return int(any(each.problem(ROOT) for each in chosen))
    caught = check(chosen, jobs=options.jobs, with_company=not options.no_company, verbose=options.verbose)
    return int(caught < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
