"""The short form of ``make test-faults``: two runs of all connectors under faults at random, a sound one before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.registry import API_CONNECTORS
from tests.chaos.story import Story
from tests.fakes.demos import clock_after

pytestmark = pytest.mark.slow

SEED = "58"
"""Of a story in which servers are out at both runs, on two mornings, so that days are overdue at the second."""


def test_runs_under_faults_lose_nothing_and_say_what_failed(tmp_path: Path) -> None:
    story = Story(tmp_path, seed=SEED, days=10)
    runs = list(story.run(2))
    assert [each.wrong for each in runs] == [[]] * 4
    assert [bool(each.troubles) for each in runs] == [False, True, True, False]
    assert [bool(each.failed) for each in runs] == [False, True, True, False]
    # A day is overdue only when its successor is over as well.
    assert [bool(each.overdue) for each in runs] == [False, False, True, False]
    assert set(runs[2].overdue) <= {*runs[1].failed, *runs[2].failed}
    assert {trouble.split(":")[0] for each in runs for trouble in each.troubles} <= set(API_CONNECTORS)


def test_a_story_goes_on_where_it_was_left(tmp_path: Path) -> None:
    story = Story(tmp_path, seed=SEED)
    assert [story.last_day(number) for number in range(9)] == [
        Story(tmp_path, seed=SEED).last_day(number) for number in range(9)
    ]
    with pytest.raises(SystemExit, match="choose another folder"):
        (tmp_path / "story.json").write_text('{"seed": "other", "first_day": "2026-10-04", "runs": []}')
        Story(tmp_path, seed=SEED)
    assert clock_after(story.last_day(1)) >= clock_after(story.last_day(0))
