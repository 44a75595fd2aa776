"""Alerts of a workspace, step by step: ask the publication, keep what is to be said, deliver, keep how.

In goes a workspace with its settings, out come a :class:`Sent` and the ledger's new rows. A channel that
doesn't take its message is an :class:`AlertError` that names it; the message is kept and goes out with the
next run.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from orchestration.alerts.decide import (
    ALERT,
    ALL_CLEAR,
    DATA_ALERT,
    DATA_CLEAR,
    SAID,
    Decision,
    alert_id,
    decide,
)
from orchestration.alerts.deliver import deliver
from orchestration.alerts.explanation import explained
from orchestration.alerts.record import DELIVERED, FAILED, AlertRecord, Attempt, Kept
from orchestration.alerts.render import RUN_FAILED, TEST, render
from orchestration.alerts.settings import AlertSettings
from orchestration.alerts.standings import read_standings
from orchestration.errors import AlertError
from orchestration.progress import counted
from orchestration.published_reader import has_table, published_connection, rows_of
from orchestration.run_lock import require_lock
from orchestration.settings import Settings
from orchestration.workspace import Workspace

PER_MESSAGE = 10
"""Alerts told in one message at most."""
_MOODS = {ALERT: "warning", DATA_ALERT: "warning", ALL_CLEAR: "success", DATA_CLEAR: "success"}


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What one publication gives rise to."""

    event_id: int
    version: int
    run_id: str
    kept: tuple[Kept, ...]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How one message went; ``error`` is None when the channel took it."""

    channel: str
    alert_ids: tuple[str, ...]
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a run said.

    Attributes:
        said: alerts and all-clears the publication gave rise to, those for no channel included.
        deliveries: messages that went out or failed to.
    """

    said: int
    deliveries: tuple[Delivery, ...]

    @property
    def summary(self) -> str:
        """One line for a person."""
        if not self.deliveries:
            nobody = "no notifier of `alerts:` in sanjeh.yml is to hear of them"
            return f"Alerts: {self.said} new; {nobody}." if self.said else "Alerts: nothing new to say."
        parts = [
            f"{len(each.alert_ids)} to {each.channel}" if each.error is None else f"not to {each.channel}"
            for each in self.deliveries
        ]
        return f"Alerts: {', '.join(parts)}."

    @property
    def failures(self) -> dict[str, str]:
        """Why a message was not taken, by channel."""
        return {each.channel: each.error for each in self.deliveries if each.error is not None}

    def require_delivered(self) -> None:
        """Complain of the channels that failed.

        Raises:
            AlertError: names each, and says that its messages are kept.
        """
        failed = self.failures
        if failed:
            said = "; ".join(f"notifier {name}: {error}" for name, error in failed.items())
            raise AlertError(
                f"{counted(len(failed), 'notifier')} of `alerts:` in sanjeh.yml did not take messages: "
                f"{said}. They are kept and go out with the next run; `sanjeh alerts --test` tries a channel."
            )


def send_alerts(workspace: Workspace, settings: Settings) -> Sent:
    """Ask the newest publication, and deliver what it gives rise to and what is left from before.

    Raises:
        WorkspaceError: the run lock isn't held, or the ledger can't be read or written.
    """
    require_lock(workspace)
    record = AlertRecord(workspace)
    evaluation = evaluate(workspace, settings.alerts, record)
    said = 0
    if evaluation is not None:
        record.keep_evaluation(
            evaluation.kept,
            event_id=evaluation.event_id,
            version=evaluation.version,
            run_id=evaluation.run_id,
            at=datetime.now(UTC),
        )
        said = sum(each.decision.kind in SAID for each in evaluation.kept)
    return Sent(said=said, deliveries=tuple(_deliver_all(record, settings.alerts, record.pending())))


def evaluate(workspace: Workspace, settings: AlertSettings, record: AlertRecord) -> Evaluation | None:
    """What the version that readers see gives rise to; None when it was asked before or came back."""
    if not workspace.published_file.is_file():
        return None
    with published_connection(workspace) as con:
        [publication] = rows_of(con, "select event_id, version, run_id, restored_at from marts.publication")
        event_id = int(publication["event_id"])
        if publication["restored_at"] is not None or event_id <= record.last_event_id():
            return None
        if not has_table(con, "fct_kpi_alerts"):
            return None
        past = record.kept()
        decided = decide(
            read_standings(con),
            [each.decision for each in past],
            event_id=event_id,
            hysteresis=settings.hysteresis,
        )
        decided = explained(con, decided)
    told = {each.decision.alert_id: each.channels for each in past}
    version, run_id, now = int(publication["version"]), str(publication["run_id"]), datetime.now(UTC)
    kept = tuple(
        Kept(
            decision=each,
            channels=_channels(settings, each, told),
            event_id=event_id,
            version=version,
            run_id=run_id,
            decided_at=now,
        )
        for each in decided
    )
    return Evaluation(event_id=event_id, version=version, run_id=run_id, kept=kept)


def report_failed_run(workspace: Workspace, settings: Settings, *, run_id: str, error: str) -> Sent:
    """Say once, whoever notices it first, that a run failed and nothing was published."""
    channels = settings.alerts.channels_for("run", None)
    if not channels:
        return Sent(said=0, deliveries=())
    decision = Decision(
        alert_id=alert_id(RUN_FAILED, run_id),
        kind=RUN_FAILED,
        facts={"project": settings.project.name, "error": error},
    )
    kept = _own(decision, channels, run_id=run_id)
    record = AlertRecord(workspace)
    if not record.keep_once(f"run-{run_id}", kept):
        return Sent(said=0, deliveries=())
    deliveries = _deliver_all(record, settings.alerts, [(kept, name) for name in channels])
    return Sent(said=1, deliveries=tuple(deliveries))


def send_test(workspace: Workspace, settings: Settings, channels: Sequence[str]) -> list[Delivery]:
    """Send a test message to each of ``channels``; kept in the ledger like any other, and not retried."""
    record = AlertRecord(workspace)
    deliveries = []
    for name in channels:
        token = uuid.uuid4().hex
        decision = Decision(
            alert_id=alert_id(TEST, token), kind=TEST, facts={"project": settings.project.name}
        )
        kept = _own(decision, (), run_id=None)
        record.keep_once(f"test-{token}", kept)
        deliveries += _deliver_all(record, settings.alerts, [(kept, name)])
    return deliveries


def _own(decision: Decision, channels: tuple[str, ...], *, run_id: str | None) -> Kept:
    return Kept(
        decision=decision,
        channels=channels,
        event_id=None,
        version=None,
        run_id=run_id,
        decided_at=datetime.now(UTC),
    )


def _channels(
    settings: AlertSettings, decision: Decision, told: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Who is to hear of it; an all-clear goes to those who were told of what it ends."""
    if decision.kind not in SAID or decision.subject is None:
        return ()
    if decision.closes:
        names = dict.fromkeys(name for each in decision.closes for name in told.get(each, ()))
        return tuple(name for name in names if name in settings.notifiers)
    return settings.channels_for(str(decision.alert_kind), decision.subject.brand_id)


def _deliver_all(
    record: AlertRecord, settings: AlertSettings, pending: Iterable[tuple[Kept, str]]
) -> list[Delivery]:
    """Deliver by channel, several at once, and keep how each message went before the next one goes out."""
    by_channel: defaultdict[str, list[Kept]] = defaultdict(list)
    for kept, name in pending:
        if name in settings.notifiers:  # what left sanjeh.yml hears no more
            by_channel[name].append(kept)
    deliveries = []
    for name, waiting in by_channel.items():
        for start in range(0, len(waiting), PER_MESSAGE):
            part = waiting[start : start + PER_MESSAGE]
            delivery = _deliver_one(settings, name, part)
            now = datetime.now(UTC)
            record.keep_attempts(
                [
                    Attempt(
                        alert_id=each,
                        channel=name,
                        attempted_at=now,
                        outcome=FAILED if delivery.error else DELIVERED,
                        error=delivery.error,
                    )
                    for each in delivery.alert_ids
                ]
            )
            deliveries.append(delivery)
            if delivery.error:
                break  # the rest of this channel's messages wait for the next run
    return deliveries


def _deliver_one(settings: AlertSettings, name: str, part: list[Kept]) -> Delivery:
    notifier = settings.notifiers[name]
    language = settings.language_of(notifier)
    messages = [render(each.decision, language) for each in part]
    error = deliver(notifier, messages, language=language, mood=_mood(part))
    return Delivery(channel=name, alert_ids=tuple(each.decision.alert_id for each in part), error=error)


def _mood(part: list[Kept]) -> str:
    kinds: dict[str, Any] = {each.decision.kind: None for each in part}
    if RUN_FAILED in kinds:
        return "failure"
    moods = {_MOODS.get(kind, "info") for kind in kinds}
    return "warning" if "warning" in moods else moods.pop()
