"""A step after publishing: whatever ends it, the run's record says once what is missing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import dagster as dg
import pytest

from orchestration.errors import AlertError
from orchestration.pipeline import RefreshRun
from orchestration.resources import step_after_publishing


@pytest.fixture
def run() -> RefreshRun:
    return cast("RefreshRun", SimpleNamespace(late_errors=[]))


def test_what_was_foreseen_is_said_in_its_own_words(run: RefreshRun) -> None:
    with (
        pytest.raises(dg.Failure, match=r"but not everybody was told\. No answer\."),
        step_after_publishing(run, what="not everybody was told"),
    ):
        raise AlertError("No answer.")
    assert run.late_errors == ["The numbers are published, but not everybody was told. No answer."]


@pytest.mark.parametrize("fault", [ZeroDivisionError("by zero"), KeyboardInterrupt("by zero")])
def test_what_was_not_is_named_and_raised_as_it_is(run: RefreshRun, fault: BaseException) -> None:
    with pytest.raises(type(fault)), step_after_publishing(run, what="the reports are not up to date"):
        raise fault
    [said] = run.late_errors
    assert said.startswith(
        "The numbers are published, but the reports are not up to date. Something unforeseen happened "
        f"({type(fault).__name__}: by zero)."
    )


def test_a_step_that_ends_well_says_nothing(run: RefreshRun) -> None:
    with step_after_publishing(run, what="the reports are not up to date"):
        pass
    assert run.late_errors == []
