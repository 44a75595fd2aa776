"""dbt's loggers write the same lines as without the filter, and make no others."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator

import pytest
from dbt.events.types import CompiledNode, MainReportVersion, NothingToDo
from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager
from dbt_common.events.logger import LineFormat, LoggerConfig
from dbt_common.events.types import Formatting, Note, PrintEvent

from orchestration.dbt_log import skip_unwritten

EVENTS = (
    (MainReportVersion(version="1", log_version=3), None),
    (Note(msg="debugging"), EventLevel.DEBUG),
    (Note(msg="testing"), EventLevel.TEST),
    (Note(msg="telling"), EventLevel.INFO),
    (NothingToDo(), None),
    (Note(msg="warning"), EventLevel.WARN),
    (Note(msg="failing"), EventLevel.ERROR),
    (PrintEvent(msg="printed"), EventLevel.DEBUG),
    (CompiledNode(node_name="n", compiled="select 1", is_inline=False, unique_id=""), None),
    (Formatting(""), EventLevel.DEBUG),
)


Written = Callable[..., tuple[list[str], int]]


@pytest.fixture
def written() -> Iterator[Written]:
    """Fires EVENTS at a logger of dbt's; the messages it wrote, and how many lines it made for them."""
    of_the_process = get_event_manager()

    def fire(level: EventLevel, callback: Callable[[EventMsg], None] | None = None) -> tuple[list[str], int]:
        manager, stream, made = EventManager(), io.StringIO(), []

        def scrubber(line: str) -> str:
            made.append(line)
            return line

        manager.add_logger(
            LoggerConfig(
                name=f"of {level.value} {id(stream)}",
                level=level,
                line_format=LineFormat.Json,
                output_stream=stream,
                scrubber=scrubber,
                filter=lambda message: message.info.name != "NothingToDo",
            )
        )
        ctx_set_event_manager(manager)
        if callback:
            manager.add_callback(callback)
        # A callback comes after the loggers: it can't have seen the first event before they did.
        manager.fire_event(Note(msg="the loggers are there"), level=EventLevel.DEBUG)
        stream.seek(0)
        stream.truncate()
        made.clear()
        for event, at in EVENTS:
            manager.fire_event(event, level=at)
        lines = [json.loads(line)["info"] for line in stream.getvalue().splitlines()]
        return [line["name"] + line["msg"] for line in lines], len(made)

    yield fire
    ctx_set_event_manager(of_the_process)


@pytest.mark.parametrize("level", list(EventLevel))
def test_what_is_written_is_what_dbt_writes(written: Written, level: EventLevel) -> None:
    plain, made_plain = written(level)
    quiet, made = written(level, skip_unwritten)
    assert quiet == plain
    assert made == len(plain) <= made_plain
    if level is EventLevel.INFO:
        assert made < made_plain
