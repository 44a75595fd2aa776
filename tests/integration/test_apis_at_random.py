"""The short form of ``make test-faults``: a run of all connectors under faults at random, a sound one before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.registry import API_CONNECTORS
from tests.chaos.story import Story
from tests.fakes.demos import clock_after

pytestmark = pytest.mark.slow

SEED = "31"
"""Of a story whose second run is two days later and finds three servers out for good, and faults of most others."""
OUT = {"sib_blog", "acme_shop", "acme_x"}


def test_a_run_under_faults_loses_nothing_and_says_what_failed(tmp_path: Path) -> None:
    """Each run is held against an undisturbed workspace by the story itself."""
    story = Story(tmp_path, seed=SEED, days=10)
    before, disturbed, after = story.run(1)
    assert [each.wrong for each in (before, disturbed, after)] == [[], [], []]
    assert {trouble.split(":")[0] for trouble in disturbed.troubles} <= set(API_CONNECTORS)
    assert set(disturbed.failed) >= OUT
    # The day before yesterday is overdue, yesterday isn't yet. Sib's blog only stands in for a source that landed.
    assert "acme_shop" in disturbed.overdue
    assert set(disturbed.overdue) <= set(disturbed.failed)
    assert "sib_blog" not in disturbed.overdue
    assert [*before.failed, *before.overdue, *after.failed, *after.overdue] == []


def test_a_story_goes_on_where_it_was_left(tmp_path: Path) -> None:
    story = Story(tmp_path, seed=SEED)
    assert [story.last_day(number) for number in range(9)] == [
        Story(tmp_path, seed=SEED).last_day(number) for number in range(9)
    ]
    with pytest.raises(SystemExit, match="choose another folder"):
        (tmp_path / "story.json").write_text('{"seed": "other", "first_day": "2026-10-04", "runs": []}')
        Story(tmp_path, seed=SEED)
    assert clock_after(story.last_day(1)) >= clock_after(story.last_day(0))
