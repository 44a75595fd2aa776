"""What is worth saying about a new publication, given what was said before. Pure: no file, no clock.

Each target is told once a period: once while the value still moves (``paced``, ``early``), and once more when
it is final only if an all-clear came in between. An open alert ends by an all-clear when its period is
restated back to the target, or when a later period is back on it. A new publication is asked about the newest
final period and the newest one after it, and about periods that are open; nothing before the period that was
the newest when a target was first seen is ever told. What is muted is neither told nor cleared.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from orchestration.alerts.standings import Standing, Subject

ALERT, ALL_CLEAR, DATA_ALERT, DATA_CLEAR = "alert", "all_clear", "data_alert", "data_clear"
WATCH, WITHDRAWN, EVALUATED = "watch", "withdrawn", "evaluated"
SAID = frozenset({ALERT, ALL_CLEAR, DATA_ALERT, DATA_CLEAR})
"""Kinds that are messages; the others are notes to ourselves."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One thing decided, and kept in the ledger.

    Attributes:
        alert_id: idempotency key: the same decision has the same one, however often it is delivered.
        kind: one of the words above.
        subject: what it is about; None of a whole evaluation, a failed run or a test.
        period_start: the period; None for a source.
        alert_kind: final, paced, early, data; decides who is told.
        relative_gap: distance of the value from its mark, as a share of it.
        clear_through: newest period that was on target when an alert was raised; it can't clear it.
        closes: ids of the alerts that this one ends.
        facts: what a message says.
    """

    alert_id: str
    kind: str
    subject: Subject | None = None
    period_start: date | None = None
    alert_kind: str | None = None
    relative_gap: float | None = None
    clear_through: date | None = None
    closes: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class _Past:
    """What the ledger says of one subject."""

    watch_from: date | None = None
    open: dict[date | None, Decision] = field(default_factory=dict)
    raised: set[tuple[date | None, bool]] = field(default_factory=set)


def decide(
    standings: Iterable[Standing], past: Iterable[Decision], *, event_id: int, hysteresis: float
) -> list[Decision]:
    """What to say and to note about the publication ``event_id``.

    Args:
        standings: everything the published file says.
        past: every decision so far, oldest first.
        event_id: of the publication.
        hysteresis: relative; how far a moving value must have come to be back on target.
    """
    history = _replay(past)
    by_subject: defaultdict[Subject, list[Standing]] = defaultdict(list)
    for standing in standings:
        by_subject[standing.subject].append(standing)
    decided: list[Decision] = []
    for subject in sorted({*by_subject, *history}):
        judge = _Judge(subject, history.get(subject, _Past()), event_id, hysteresis)
        decided += judge.decisions(by_subject.get(subject, []))
    return decided


def still_open(past: Iterable[Decision]) -> list[Decision]:
    """Alerts without an all-clear, oldest first."""
    return [decision for each in _replay(past).values() for decision in each.open.values()]


def alert_id(*parts: object) -> str:
    """A short text that is the same for the same parts."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def _replay(past: Iterable[Decision]) -> dict[Subject, _Past]:
    history: defaultdict[Subject, _Past] = defaultdict(_Past)
    for decision in past:
        if decision.subject is None:
            continue
        known = history[decision.subject]
        if decision.kind == WATCH:
            known.watch_from = decision.period_start
        elif decision.kind in {ALERT, DATA_ALERT}:
            known.open[decision.period_start] = decision
            known.raised.add((decision.period_start, decision.alert_kind == "final"))
        closed = [each for each in known.open.values() if each.alert_id in decision.closes]
        for alert in closed:
            del known.open[alert.period_start]
            if decision.kind == WITHDRAWN:
                # What comes back is news again.
                known.raised -= {(alert.period_start, True), (alert.period_start, False)}
            elif decision.period_start != alert.period_start:
                # Its own final value can't undo what a later period has put right.
                known.raised.add((alert.period_start, True))
    return dict(history)


@dataclass
class _Judge:
    subject: Subject
    past: _Past
    event_id: int
    hysteresis: float

    def decisions(self, rows: list[Standing]) -> Iterator[Decision]:
        if not rows:
            if self.past.open:
                yield self._closing(WITHDRAWN, None, list(self.past.open.values()))
        elif self.subject.source_id:
            yield from self._of_source(rows[-1])
        else:
            yield from self._of_target(sorted(rows, key=_period))

    def _of_source(self, row: Standing) -> Iterator[Decision]:
        if row.condition == "breach" and not self.past.open:
            yield self._raised(DATA_ALERT, row)
        elif row.condition != "breach" and self.past.open:
            yield self._closing(DATA_CLEAR, row, list(self.past.open.values()))

    def _of_target(self, rows: list[Standing]) -> Iterator[Decision]:
        since = self.past.watch_from
        if since is None:
            since = _period(rows[-1])
            yield Decision(
                alert_id=self._id(WATCH, since), kind=WATCH, subject=self.subject, period_start=since
            )
        newest = _newest([row for row in rows if _period(row) >= since])
        yield from self._clears(rows, newest)
        for row in newest:
            if row.condition != "breach" or row.is_muted or row.period_start in self.past.open:
                continue
            if (row.period_start, row.is_final) not in self.past.raised:
                alert = self._raised(ALERT, row)
                back = (each for each in newest if each.condition == "clear" or self._is_back(each, alert))
                yield replace(alert, clear_through=max(map(_period, back), default=None))

    def _clears(self, rows: list[Standing], newest: list[Standing]) -> Iterator[Decision]:
        by_period = {row.period_start: row for row in rows}
        closed: dict[date, list[Decision]] = {}
        for period, alert in self.past.open.items():
            own = by_period.get(period)
            by = own if own is not None and self._is_back(own, alert) else self._later(newest, alert)
            if by is not None:
                closed.setdefault(_period(by), []).append(alert)
        for period, alerts in sorted(closed.items()):
            yield self._closing(ALL_CLEAR, by_period[period], alerts)

    def _later(self, newest: list[Standing], alert: Decision) -> Standing | None:
        """The newest later period that is back on target since, unless a newer one is in breach."""
        since = max(filter(None, (alert.period_start, alert.clear_through)), default=date.min)
        for row in reversed(newest):
            if row.condition == "breach" or _period(row) <= since:
                return None
            if self._is_back(row, alert):
                return row
        return None

    def _is_back(self, row: Standing, alert: Decision) -> bool:
        """Whether ``row`` clears ``alert``: on target with room to spare, or far from where it was."""
        if row.is_muted or row.condition == "breach" or not row.is_met:
            return False
        if row.condition == "clear" or alert.relative_gap is None or row.relative_gap is None:
            return True
        return abs(row.relative_gap - alert.relative_gap) >= self.hysteresis

    def _raised(self, kind: str, row: Standing) -> Decision:
        return Decision(
            alert_id=self._id(kind, row.period_start),
            kind=kind,
            subject=self.subject,
            period_start=row.period_start,
            alert_kind=row.alert_kind,
            relative_gap=row.relative_gap,
            facts=row.facts,
        )

    def _closing(self, kind: str, row: Standing | None, alerts: list[Decision]) -> Decision:
        period = row.period_start if row else None
        return Decision(
            alert_id=self._id(kind, period),
            kind=kind,
            subject=self.subject,
            period_start=period,
            alert_kind=row.alert_kind if row else None,
            relative_gap=row.relative_gap if row else None,
            closes=tuple(alert.alert_id for alert in alerts),
            facts={**row.facts, "ended": [_label(alert) for alert in alerts]} if row else {},
        )

    def _id(self, kind: str, period: date | None) -> str:
        return alert_id(kind, self.subject.key, period, self.event_id)


def _label(alert: Decision) -> dict[str, Any]:
    names = ("period_start", "label_en", "label_fa")
    return {name: alert.facts.get(name) for name in names}


def _period(row: Standing) -> date:
    return row.period_start or date.min


def _newest(rows: list[Standing]) -> list[Standing]:
    """The newest final period, and the newest period where that is a later one."""
    final = [row for row in rows if row.is_final][-1:]
    last = rows[-1:]
    return final + [row for row in last if not row.is_final]
