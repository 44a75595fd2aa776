"""Conversions as keys of ``sanjeh.yml`` name them, and what a report claims of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Row = dict[str, Any]
Given = Callable[[Row, Mapping[str, str]], Row]
"""Columns by metric of those that a row of a report has."""
Metric = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9_]*$")]
UNCLAIMED: Mapping[str, Any] = {"conversion_goal": None, "conversions": None, "conversion_value": None}
"""Where no goal is configured."""


class Conversion(BaseModel):
    """One way in which a platform counts conversions.

    Attributes:
        metric: as the report names it.
        goal: what it counts; the metric if not said.
        window: which of the goal's conversions it is.
        value_metric: of their value, where there is one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    metric: Metric
    goal: str = ""
    window: Annotated[str, Field(min_length=1)] = "total"
    value_metric: Metric | None = None

    @property
    def counted(self) -> str:
        """The goal."""
        return self.goal or self.metric

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is asked for."""
        return (self.metric, *((self.value_metric,) if self.value_metric else ()))


def _told_apart(conversions: tuple[Conversion, ...]) -> tuple[Conversion, ...]:
    counted = [(each.counted, each.window) for each in conversions]
    if len(set(counted)) < len(counted):
        raise ValueError("a goal has the same window twice; name another window")
    return conversions


Conversions = Annotated[tuple[Conversion, ...], AfterValidator(_told_apart)]
"""Goals of a source; the first is that of its ``campaign_performance``."""


def claimed(found: Row, conversion: Conversion, given: Given) -> Row:
    """The columns that tell what a row claims of one goal."""
    row: Row = {"conversion_goal": conversion.counted, **given(found, {conversion.metric: "conversions"})}
    if conversion.value_metric is None:
        return row | {"conversion_value": None}
    return row | given(found, {conversion.value_metric: "conversion_value"})


def asked_of(conversions: Sequence[Conversion]) -> str:
    """The goals as a question names them: where that changes, days are asked anew."""
    return ", ".join(f"{each.counted}/{each.window}={'+'.join(each.metrics)}" for each in conversions)
