"""dbt's loggers write the same lines as without the filter, and make no others."""

from __future__ import annotations

import io
import json

import pytest
from dbt.events.types import CompiledNode, MainReportVersion, NothingToDo
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import get_event_manager
from dbt_common.events.logger import LineFormat, LoggerConfig
from dbt_common.events.types import Formatting, Note, PrintEvent

from orchestration import dbt_log

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


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> EventManager:
    """An event manager of its own, which dbt's client hands out."""
    made = EventManager()
    monkeypatch.setattr("dbt_common.events.event_manager_client._EVENT_MANAGER", made)
    assert get_event_manager() is made
    return made


def _add(manager: EventManager, level: EventLevel, seen: list[str]) -> io.StringIO:
    stream = io.StringIO()

    def scrubber(line: str) -> str:
        seen.append(line)
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
    return stream


def _messages(text: str) -> list[str]:
    return [json.loads(line)["info"]["name"] + json.loads(line)["info"]["msg"] for line in text.splitlines()]


@pytest.mark.parametrize("level", list(EventLevel))
def test_what_is_written_is_what_dbt_writes(manager: EventManager, level: EventLevel) -> None:
    made: list[str] = []
    stream = _add(manager, level, made)
    for event, at in EVENTS:
        manager.fire_event(event, level=at)
    plain, made_plain = _messages(stream.getvalue()), len(made)

    quiet = _add(manager, level, made)
    del manager.loggers[0]
    manager.add_callback(dbt_log.skip_unwritten)
    manager.fire_event(Note(msg="the loggers are there"), level=EventLevel.DEBUG)
    quiet.seek(0)
    quiet.truncate()
    made.clear()
    for event, at in EVENTS:
        manager.fire_event(event, level=at)

    assert _messages(quiet.getvalue()) == plain
    assert len(made) == len(plain) <= made_plain
    if level is EventLevel.INFO:
        assert len(made) < made_plain
