"""Commands that have nothing to show say why, and what there is instead."""

from __future__ import annotations

import pytest

from orchestration.cli import cli
from tests.unit.orchestration.published_builds import Publisher, Value


def sanjeh(publisher: Publisher, *words: str) -> None:
    cli.main(["--workspace", str(publisher.workspace.root), *words], standalone_mode=False)


def test_the_first_version_has_nothing_before_it(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.build([Value(value=1)])
    assert publisher.publish().published
    capsys.readouterr()
    sanjeh(publisher, "diff")
    shown = capsys.readouterr().out
    assert shown.startswith("Version 1 of 2026-01-10")
    assert "is the first one, so there is nothing before it to compare with." in shown
    sanjeh(publisher, "diff", "--format", "json")
    assert capsys.readouterr().out == "[]\n"
