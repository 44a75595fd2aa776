"""MetricFlow in its own environment over one published file: views made, metrics asked for, answers read."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "dbt_project" / "semantic"
TIMEOUT = 600
"""Seconds for one command; a query takes some, nearly all of it start-up."""


class MetricFlowError(Exception):
    """A command failed; the message holds what it said."""


@dataclass(frozen=True)
class MetricFlow:
    """One published file seen through a copy of the semantic project in ``home``.

    Attributes:
        programs: folder with ``dbt`` and ``mf`` of the environment.
        published: the file; only read.
        home: folder of this object's own.
    """

    programs: Path
    published: Path
    home: Path

    @classmethod
    def over(cls, published: Path, *, programs: Path, home: Path) -> MetricFlow:
        """Copy the project to ``home`` and make its views.

        Raises:
            MetricFlowError: dbt refused the project or a view.
        """
        shutil.copytree(PROJECT, home / "semantic", ignore=shutil.ignore_patterns("target", "logs"))
        (home / "semantic" / "target").mkdir()
        made = cls(programs, published, home)
        made.run("dbt", "--quiet", "run")
        return made

    def validate(self) -> None:
        """Every semantic model, dimension, measure and metric, checked against the file.

        Raises:
            MetricFlowError: MetricFlow finds a fault.
        """
        self.run("mf", "validate-configs")

    def ask(self, metrics: Sequence[str], *, by: Sequence[str]) -> list[dict[str, str]]:
        """Rows with one text per metric and item of ``by``; empty where MetricFlow has no value.

        Raises:
            MetricFlowError: the query failed.
        """
        answer = self.home / "answer.csv"
        query = ("--metrics", ",".join(metrics), "--group-by", ",".join(by), "--csv", str(answer))
        self.run("mf", "query", *query)
        with answer.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        answer.unlink()
        return rows

    def run(self, program: str, *arguments: str) -> str:
        """What a command of the environment prints.

        Raises:
            MetricFlowError: it fails.
        """
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.home / "semantic",
            env={**os.environ, **self._environment()},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        said = done.stdout + done.stderr
        if done.returncode:
            raise MetricFlowError(f"`{program} {' '.join(arguments)}` over {self.published} failed:\n{said}")
        return said

    def _environment(self) -> Mapping[str, str]:
        return {
            "SANJEH_PUBLISHED": str(self.published.absolute()),
            "DBT_PROFILES_DIR": str(self.home / "semantic"),
            "DO_NOT_TRACK": "1",
            "NO_COLOR": "1",
        }
