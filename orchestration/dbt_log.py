"""dbt's loggers, told to pass over what they won't write.

dbt makes the line of each of some 18,000 events of a build for each of its loggers (as JSON, with the values
of secret variables taken out) and only then looks at the level: a fifth of its Python time, for lines that
nobody sees. A logger's own filter is asked before the line is made.
"""

from __future__ import annotations

from collections.abc import Callable

from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.event_manager_client import get_event_manager
from dbt_common.events.logger import PRINT_EVENT_NAMES

_RANKS = {"debug": 10, "test": 10, "info": 20, "warn": 30, "error": 40}
"""dbt's levels, as it hands them to Python's logging."""


class _AtLevel:
    """A filter that looks at the level before the logger's own filter; what dbt prints has none."""

    def __init__(self, level: EventLevel, own: Callable[[EventMsg], bool]) -> None:
        self.lowest = _RANKS[level.value]
        self.own = own

    def __call__(self, event: EventMsg) -> bool:
        is_written = _RANKS[event.info.level] >= self.lowest or event.info.name in PRINT_EVENT_NAMES
        return is_written and self.own(event)


def skip_unwritten(_event: EventMsg) -> None:
    """A callback of dbt's; its loggers are there once an event comes."""
    for logger in get_event_manager().loggers:
        if not isinstance(logger.filter, _AtLevel):
            logger.filter = _AtLevel(logger.level, logger.filter)
