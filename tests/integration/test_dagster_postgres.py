"""Dagster's storage in PostgreSQL: the UI and the daemon work on it, a schedule starts a run, one run at a time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg2
import pytest
import requests

from orchestration.dagster_postgres import URL_VARIABLE, require_postgres
from orchestration.errors import WorkspaceError
from tests.integration.warehouse import Workspace, environment
from tests.postgres_server import PASSWORD, programs, running_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL's server isn't installed on this machine"),
]
CONFIGURATION = """
project: {name: Small shop, timezone: UTC, currency: GBP}
brands: {shop: {name: Shop}}
sources:
  shop_lines: {connector: order_lines_file, brand: shop, path: "exports/lines/*.csv", currency: GBP}
"""
LINES = """order_id,sku,quantity,ordered_at,unit_price,customer_id
1001,A-1,2,2026-09-01 10:00:00,10.00,c1
"""
START = """
mutation($at: ScheduleSelector!) { startSchedule(scheduleSelector: $at) {
  __typename ... on ScheduleStateResult { scheduleState { status } } ... on PythonError { message } } }
"""
RUNS = "{ runsOrError { ... on Runs { results { runId status tags { key value } } } } }"
LAUNCH = """
mutation($at: JobOrPipelineSelector!) { launchRun(executionParams: {selector: $at, mode: "default"}) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
TERMINATE = "mutation($run: String!) { terminateRun(runId: $run) { __typename } }"
WHERE = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
_T = TypeVar("_T")


@pytest.fixture
def url() -> Iterator[str]:
    """A database."""
    with running_server() as made:
        yield made


@pytest.fixture
def shop(tmp_path: Path, url: str) -> Workspace:
    """A workspace whose Dagster is on that database."""
    home = tmp_path / "workspace"
    (home / "exports" / "lines").mkdir(parents=True)
    (home / "exports" / "lines" / "september.csv").write_text(LINES)
    (home / "sanjeh.yml").write_text(CONFIGURATION)
    (home / ".env").write_text(f"{URL_VARIABLE}={url}\n")
    return Workspace(home)


@contextmanager
def developing(shop: Workspace) -> Iterator[Callable[..., Any]]:
    """``sanjeh dev``; yields a way to ask its GraphQL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = shop.home.parent / "dev.log"

    def ask(query: str, **variables: object) -> Any:
        answer = requests.post(
            f"http://127.0.0.1:{port}/graphql", json={"query": query, "variables": variables}, timeout=60
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]

    with log.open("wb") as out:
        process = subprocess.Popen(
            shop.command("dev", "--port", str(port)),
            env=environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:

        def is_up() -> bool:
            assert process.poll() is None, log.read_text()
            try:
                return bool(ask(WHERE)["repositoriesOrError"]["nodes"])
            except requests.RequestException:
                return False

        until(is_up, seconds=480, what="the web server is up")
        yield ask
    except BaseException:
        print(log.read_text()[-6000:])  # noqa: T201 - shown with a failure
        raise
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def plain(url: str) -> str:
    """``url`` without the driver that SQLAlchemy is told."""
    return url.replace("+psycopg2", "", 1)


def until(is_so: Callable[[], _T], *, seconds: float, what: str) -> _T:
    """Wait for what is to become true; its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(1)
    raise AssertionError(f"{seconds} s passed before {what}")


def let_start_be_yesterday(url: str) -> None:
    """Move the start of the daily schedule back by a day, so that the daemon has a tick to catch up with."""
    with psycopg2.connect(plain(url)) as con, con.cursor() as cursor:
        cursor.execute("select id, instigator_body from instigators")
        for row, body in cursor.fetchall():
            state = json.loads(body)
            data = state.get("job_specific_data") or state["instigator_data"]
            data["start_timestamp"] -= 24 * 3600
            cursor.execute(
                "update instigators set instigator_body = %s where id = %s", (json.dumps(state), row)
            )


def test_a_schedule_starts_a_run_through_the_daemon_and_a_second_waits(shop: Workspace, url: str) -> None:
    with developing(shop) as ask:
        place = ask(WHERE)["repositoriesOrError"]["nodes"][0]
        at = {"repositoryName": place["name"], "repositoryLocationName": place["location"]["name"]}
        started = ask(START, at={**at, "scheduleName": "daily"})["startSchedule"]
        assert started["__typename"] == "ScheduleStateResult", started
        let_start_be_yesterday(url)

        def runs() -> dict[str, dict[str, Any]]:
            return {run["runId"]: run for run in ask(RUNS)["runsOrError"]["results"]}

        (first,) = until(runs, seconds=180, what="the daemon has started the scheduled run")
        tags = {tag["key"]: tag["value"] for tag in runs()[first]["tags"]}
        assert tags["dagster/schedule_name"] == "daily"

        # While it works, another run waits in the queue, and the command line is refused by the lock.
        until(lambda: holder(shop) == first, seconds=600, what="the scheduled run holds the lock")
        launched = ask(LAUNCH, at={**at, "pipelineName": "refresh"})["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        second = launched["run"]["runId"]
        refused = shop.run(check=False)
        assert refused.returncode == 1
        assert f"Run {first} " in refused.stderr
        assert runs()[second]["status"] == "QUEUED"
        ask(TERMINATE, run=second)
        ended = {"SUCCESS", "FAILURE", "CANCELED"}
        until(
            lambda: all(run["status"] in ended for run in runs().values()), seconds=900, what="the run ended"
        )
        assert {each: run["status"] for each, run in runs().items()} == {first: "SUCCESS", second: "CANCELED"}

    with psycopg2.connect(plain(url)) as con, con.cursor() as cursor:
        cursor.execute("select count(*) > 100 from event_logs where run_id = %s", (first,))
        assert cursor.fetchone() == (True,)
    assert not (shop.home / "dagster" / "history").exists()
    assert (
        shop.value("select sum(value) from marts.fct_kpi_daily where kpi_id = 'revenue' and segment = 'all'")
        == 20
    )
    assert PASSWORD not in (shop.home / "dagster" / "dagster.yaml").read_text()


def holder(shop: Workspace) -> str | None:
    """The run that the lock's file names; to try the lock itself could keep the run from taking it."""
    path = shop.home / "warehouse" / ".lock"
    text = path.read_text() if path.exists() else ""
    return str(json.loads(text)["run_id"]) if text else None


def test_a_database_that_can_t_be_opened_is_told_in_one_paragraph(shop: Workspace, url: str) -> None:
    require_postgres(url)
    wrong = url.replace("a%20password", "another")
    with pytest.raises(
        WorkspaceError, match=r"password authentication failed.*Correct user or password"
    ) as told:
        require_postgres(wrong)
    assert "another" not in str(told.value)
    with pytest.raises(WorkspaceError, match=r'database "nowhere" does not exist.*Make the database'):
        require_postgres(url.replace("/postgres", "/nowhere"))
    (shop.home / ".env").write_text(f"{URL_VARIABLE}={wrong}\n")
    refused = shop.run(check=False)
    assert refused.returncode == 1
    assert "can't be opened" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (shop.home / "raw").exists() or not any((shop.home / "raw").rglob("*.parquet"))
