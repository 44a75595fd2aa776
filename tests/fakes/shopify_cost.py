"""What a question to the local Shopify costs: two points and one a node for a connection, nothing for plain objects.

So is the documented example: the first hundred orders cost 102.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

_CONNECTION = 2


def cost_of(document: DocumentNode, variables: Mapping[str, Any]) -> float:
    """Points of a question before it is answered."""
    return sum(
        _cost(each.selection_set, variables)
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    )


def _cost(selection: SelectionSetNode | None, variables: Mapping[str, Any]) -> float:
    if selection is None:
        return 0
    return sum(_field(each, variables) for each in selection.selections if isinstance(each, FieldNode))


def _field(field: FieldNode, variables: Mapping[str, Any]) -> float:
    within = _cost(field.selection_set, variables)
    first = next((each.value for each in field.arguments if each.name.value == "first"), None)
    if isinstance(first, VariableNode):
        return _CONNECTION + int(variables[first.name.value]) * (1 + within)
    if isinstance(first, IntValueNode):
        return _CONNECTION + int(first.value) * (1 + within)
    return within


@dataclass
class Bucket:
    """Points that fill up again.

    Attributes:
        maximum: points of a full bucket. restore_rate: points a second.
        clock: seconds, monotonic.
        available: points now.
    """

    maximum: float
    restore_rate: float
    clock: Callable[[], float]
    available: float = 0.0
    _seen: float = 0.0

    def __post_init__(self) -> None:
        self.available, self._seen = self.maximum, self.clock()

    def takes(self, points: float) -> bool:
        """Take points, if there are so many."""
        now = self.clock()
        self.available = min(self.maximum, self.available + (now - self._seen) * self.restore_rate)
        self._seen = now
        if points > self.available:
            return False
        self.available -= points
        return True

    @property
    def status(self) -> dict[str, float]:
        """As Shopify tells it."""
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": round(self.available, 3),
            "restoreRate": self.restore_rate,
        }
