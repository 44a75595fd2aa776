"""Subject: whom an erasure is about, in each of the forms in which they are looked for."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.erase.needles import Needles, needles_of
from orchestration.erase.plan import Plan
from orchestration.erase.tokens import Namespaces


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom to look for.

    Attributes:
        plan: who they are.
        needles: the bytes that name them.
        names: namespaces of the sources.
    """

    plan: Plan
    needles: Needles
    names: Namespaces

    @classmethod
    def of(cls, plan: Plan, names: Namespaces, *, salt: str) -> Subject:
        """The subject of a plan; ``salt`` is that of the brand's customer keys."""
        return cls(plan=plan, needles=needles_of(plan, names, salt), names=names)
