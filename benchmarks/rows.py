"""What a benchmark tells: one row per claim, a measured value beside its target.

A module of benchmarks has a function ``rows(folder)`` that works in ``folder`` and yields these; ``python -m
benchmarks`` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One claim.

    Attributes:
        what: that was measured.
        beside: what it was measured beside, in the same run; empty for an absolute claim.
        measured: the ratio, or the value in ``unit``.
        target: that ``measured`` may not exceed; with ``at_least``, may not fall short of.
        unit: of both; ``×`` is a ratio.
        details: the two sides as seen, with sizes: seconds, rows, megabytes.
    """

    what: str
    beside: str
    measured: float
    target: float
    unit: str = "×"
    at_least: bool = False
    details: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the claim holds."""
        return self.measured >= self.target if self.at_least else self.measured <= self.target
