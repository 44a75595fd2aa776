"""The worked example through ``sanjeh run``: one alert below target, one all-clear on recovery, each once.

On the way a channel is out of order, a source fails and a run fails. Runs cost seconds, so one workspace lives
through one story.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes.faults import Fault
from tests.fakes.webhook import SECRET, Webhook
from tests.integration import email_campaign
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow

VERDICTS = "select kpi_id, actual, verdict from marts.fct_scorecard where is_latest order by position"
HISTORY = (
    "select verdict from marts.fct_scorecard_history where kpi_id = 'email_click_rate' "
    "and period_start = date '2026-10-01' order by event_id"
)
DELIVERIES = (
    "select kind, channel, outcome, attempts from marts.fct_alert_deliveries order by attempted_at, kind"
)


@dataclass(frozen=True)
class Orion(Workspace):
    """The worked example, which remembers everything that was printed."""

    said: list[str] = field(default_factory=list)

    def refresh(self, *, code: int = 0) -> str:
        """``sanjeh run``, which must end with ``code``; what it printed to stderr."""
        done = self.run(check=False)
        self.said.extend([done.stdout, done.stderr])
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr


def test_one_alert_below_target_and_one_all_clear_on_recovery(tmp_path: Path) -> None:
    orion = Orion(tmp_path / "workspace")
    email_campaign.write(orion.home)
    with Webhook() as team, Webhook() as board, Webhook() as desk:
        addresses = f"TEAM_URL={team.url}\nBOARD_URL={board.url}\nDESK_URL={desk.url}\n"
        (orion.home / ".env").write_text(addresses, encoding="utf-8")
        _on_target_nobody_is_told(orion, team, board)
        _below_target_each_is_told_once(orion, team, board)
        _a_broken_source_is_told_and_mutes(orion, team, desk)
        _back_on_target_is_all_clear_once(orion, team, board)
        _a_run_that_publishes_nothing_is_told(orion, team, desk)
        assert orion.sanjeh("alerts", "--test", "board").stdout.startswith("board: delivered, key ")
        assert board.taken[-1].title == "Orion group: پیام آزمایشی سنجه"
    assert SECRET not in "".join(orion.said)
    holding = subprocess.run(
        ["grep", "-rlF", SECRET, str(orion.home)], capture_output=True, text=True, check=False
    )
    assert holding.stdout.split() == [str(orion.home / ".env")]


def _on_target_nobody_is_told(orion: Orion, team: Webhook, board: Webhook) -> None:
    orion.refresh()
    assert orion.rows(VERDICTS) == [
        ("email_open_rate", 0.25, "on_target"),
        ("email_click_rate", 0.08, "on_target"),
        ("form_conversion_rate", 0.15, "on_target"),
        ("leads", 200.0, "on_target"),
    ]
    assert team.seen == board.seen == []


def _below_target_each_is_told_once(orion: Orion, team: Webhook, board: Webhook) -> None:
    """The team's channel is out of order at first; the numbers are published all the same."""
    email_campaign.write_mails(orion.home, clicks=300)
    team.order(Fault.SERVER_ERROR)
    error = orion.refresh(code=1)
    assert "The numbers are published, but not everybody was told." in error
    assert "notifier team: the service answered HTTP 500" in error
    assert orion.rows(VERDICTS)[1] == ("email_click_rate", 0.06, "below_target")
    assert team.taken == []

    # Nothing changed, so the board hears nothing new, and the team what it has not got.
    orion.refresh()
    [persian] = board.taken
    assert persian.title == "اوریون: نرخ کلیک ایمیل در اکتبر ۲۰۲۶: پایین‌تر از هدف"
    assert "مقدار: ۶٫۰۰ ٪" in persian.text
    [alert] = team.taken
    assert alert.title == "Orion: E-mail click rate is below target in October 2026"
    assert "Value: 6.00 %\nTarget: at least 8.00 %\nGap: −2.00 points" in alert.text
    assert "Owner: m.karimi, team growth" in alert.text
    assert "Provisional" in alert.text
    assert _key(alert.text, "Key") == _key(persian.text, "کلید")


def _a_broken_source_is_told_and_mutes(orion: Orion, team: Webhook, desk: Webhook) -> None:
    email_campaign.write_mails(orion.home, clicks="many")
    orion.refresh(code=1)
    assert [each.title for each in team.taken[1:]] == ["Orion: Source mails failed"]
    assert [each.title for each in desk.taken] == ["Orion: Source mails failed"]
    shown = orion.sanjeh("alerts").stdout
    assert "E-mail click rate is below target" in shown
    assert "source mails failed" in shown
    assert orion.rows(DELIVERIES) == [
        ("alert", "team", "failed", 1),
        ("alert", "board", "delivered", 1),
        ("alert", "team", "delivered", 2),
    ]


def _back_on_target_is_all_clear_once(orion: Orion, team: Webhook, board: Webhook) -> None:
    email_campaign.write_mails(orion.home, clicks=500)
    orion.refresh()
    [digest] = team.taken[2:]
    assert digest.title == "2 messages"
    assert "Orion: Source mails is up to date again\n" in digest.text
    assert "Orion: E-mail click rate is back on target in October 2026\n" in digest.text
    [clear] = board.taken[1:]
    assert clear.title == "اوریون: نرخ کلیک ایمیل در اکتبر ۲۰۲۶ به هدف بازگشت"
    assert orion.sanjeh("alerts").stdout.startswith("Open: none\n")
    assert [verdict for (verdict,) in orion.rows(HISTORY)] == ["on_target", "below_target", "on_target"]


def _a_run_that_publishes_nothing_is_told(orion: Orion, team: Webhook, desk: Webhook) -> None:
    """The team hears of its brand only, the desk of runs too."""
    before = len(team.taken)
    build = orion.home / "warehouse" / "build.duckdb"
    build.unlink()
    build.mkdir()
    orion.refresh(code=1)
    assert desk.taken[-1].title == "Orion group: A refresh failed; readers keep the version they have"
    assert "build.duckdb can't be written" in desk.taken[-1].text
    assert len(team.taken) == before


def _key(text: str, word: str) -> str:
    return text.rsplit(f"{word}: ", 1)[1]
