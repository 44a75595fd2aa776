"""The sensor over failed runs tells the notifiers once, and leaves to others what they say themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration.run_lock import run_lock
from orchestration.run_state import Outcome, finish_run, start_run
from orchestration.sensors import run_failed
from tests.fakes.faults import Fault
from tests.fakes.webhook import Webhook
from tests.unit.alerts.published import Newsroom

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dg.op
def breaks() -> None:
    raise dg.Failure(description="the op broke", allow_retries=False)


@dg.job
def broken() -> None:
    breaks()


@pytest.fixture(autouse=True)
def home(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANJEH_HOME", str(newsroom.workspace.root))


def evaluate(
    newsroom: Newsroom, outcome: Outcome, *, tags: dict[str, str] | None = None, times: int = 1
) -> None:
    """A run of the daemon failed in Dagster, and the workspace keeps ``outcome``."""
    with dg.DagsterInstance.ephemeral() as instance:
        run = broken.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        with run_lock(newsroom.workspace, run_id=run.run_id, started_at=NOON):
            start_run(newsroom.workspace, run_id=run.run_id, started_at=NOON)
            finish_run(
                newsroom.workspace,
                run_id=run.run_id,
                finished_at=NOON,
                outcome=outcome,
                error="The disk is full.",
            )
        for _ in range(times):
            run_failed(
                dg.build_run_status_sensor_context(
                    sensor_name="run_failed",
                    dagster_instance=instance,
                    dagster_run=run.dagster_run,
                    dagster_event=run.get_run_failure_event(),
                ).for_run_failure()
            )


def test_a_run_that_published_nothing_is_told_once(newsroom: Newsroom, webhook: Webhook) -> None:
    evaluate(newsroom, Outcome.FAILED, times=2)
    [taken] = webhook.taken
    assert taken.title == "Acme group: A refresh failed; readers keep the version they have"
    assert "Reason: The disk is full." in taken.text


def test_a_run_that_published_or_was_typed_says_it_itself(newsroom: Newsroom, webhook: Webhook) -> None:
    evaluate(newsroom, Outcome.PARTIAL)
    evaluate(newsroom, Outcome.FAILED, tags={"sanjeh/trigger": "cli"})
    assert webhook.seen == []


def test_what_the_channel_did_not_take_goes_out_with_the_next_run(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    webhook.order(Fault.SERVER_ERROR)
    evaluate(newsroom, Outcome.FAILED)
    assert webhook.taken == []
    newsroom.publish()
    newsroom.send().require_delivered()
    assert len(webhook.taken) == 1
