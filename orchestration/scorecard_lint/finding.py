"""What the lint says: one finding, with its code, place, reason and remedy, and the rule it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from orchestration.yaml_source import KeyPath

if TYPE_CHECKING:
    from orchestration.scorecard_lint.context import LintContext


class Severity(StrEnum):
    """``error`` where no verdict, progress or pace can follow, else ``warning``."""

    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What a rule saw at one place.

    Attributes:
        at: key path in ``scorecards.yml``.
        message: what is so, one sentence.
        remedy: what to do about it, one sentence.
    """

    at: KeyPath
    message: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class LintFinding:
    """A hit with everything a reader needs.

    Attributes:
        code: of the rule.
        brand: brand id.
        scorecard_id: None for objectives and budgets.
        place: ``scorecards.yml:12 (scorecards[0].kpis[1].target)``.
        message: what is so.
        why: why it matters.
        remedy: what to do about it.
    """

    code: str
    severity: Severity
    brand: str
    scorecard_id: str | None
    place: str
    message: str
    why: str
    remedy: str

    @property
    def text(self) -> str:
        """One paragraph: where, what, why, and how to mend it."""
        return f"{self.place}: {self.message} {self.why} {self.remedy}"


Check = Callable[["LintContext"], Iterable[Hit]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing the lint looks for.

    Attributes:
        code: stable name, for people, for ``accept`` and for SQL.
        title: what it finds, a few words.
        why: why that matters, one sentence.
        check: finds it.
        needs_history: it says nothing before the first publication.
    """

    code: str
    severity: Severity
    title: str
    why: str
    check: Check
    needs_history: bool = False

    def __call__(self, context: LintContext) -> Iterator[Hit]:
        """What the rule sees in ``context``."""
        yield from self.check(context)


def rule(
    code: str, severity: Severity, title: str, why: str, *, needs_history: bool = False
) -> Callable[[Check], Rule]:
    """Make a rule of a function that finds hits."""

    def make(check: Check) -> Rule:
        return Rule(
            code=code, severity=severity, title=title, why=why, check=check, needs_history=needs_history
        )

    return make
