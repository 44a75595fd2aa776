"""The worked example through ``sanjeh run``: one alert when an input takes a rate below its target, one all-clear
when it recovers; a channel out of order, a source that fails and a run that fails on the way.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.fakes.faults import Fault
from tests.fakes.webhook import SECRET, Webhook
from tests.integration import email_campaign
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow


def test_one_alert_below_target_and_one_all_clear_on_recovery(tmp_path: Path) -> None:
    orion = Workspace(tmp_path / "workspace")
    email_campaign.write(orion.home)
    said = ""

    def refresh(*, code: int = 0) -> str:
        nonlocal said
        done = orion.run(check=False)
        said += done.stdout + done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr

    with Webhook() as team, Webhook() as board:
        (orion.home / ".env").write_text(f"TEAM_URL={team.url}\nBOARD_URL={board.url}\n", encoding="utf-8")

        # On target to the digit: nobody is told anything.
        refresh()
        rates = "select kpi_id, actual, verdict from marts.fct_scorecard where is_latest order by position"
        assert orion.rows(rates) == [
            ("email_open_rate", 0.25, "on_target"),
            ("email_click_rate", 0.08, "on_target"),
            ("form_conversion_rate", 0.15, "on_target"),
            ("leads", 200.0, "on_target"),
        ]
        assert team.taken == board.taken == []

        # Fewer clicks: 6 %. The team's channel is out of order; the numbers are published all the same.
        email_campaign.write_mails(orion.home, clicks=300)
        team.order(Fault.SERVER_ERROR)
        error = refresh(code=1)
        assert "not everybody was told" in error
        assert "notifier team: the service answered HTTP 500" in error
        assert orion.rows(rates)[1] == ("email_click_rate", 0.06, "below_target")
        assert team.taken == []
        [persian] = board.taken
        assert persian.title == "اوریون: نرخ کلیک ایمیل در اکتبر ۲۰۲۶: پایین‌تر از هدف"
        assert "مقدار: ۶٫۰۰ ٪" in persian.text

        # The next run changes nothing, and the team gets what it has not got; the one after that is silent.
        refresh()
        refresh()
        [alert] = team.taken
        assert alert.title == "Orion: E-mail click rate is below target in October 2026"
        assert "Value: 6.00 %\nTarget: at least 8.00 %\nGap: −2.00 points" in alert.text
        assert "Owner: m.karimi, team growth" in alert.text
        assert "Provisional" in alert.text
        assert len(board.taken) == 1

        # A broken file: a data alert, and what it feeds is muted.
        email_campaign.write_mails(orion.home, clicks="many")
        refresh(code=1)
        assert [each.title for each in team.taken[1:]] == ["Orion: Source mails failed"]
        shown = orion.sanjeh("alerts").stdout
        assert "E-mail click rate is below target" in shown
        assert "source mails is failed" in shown

        # Recovered to exactly the target: one all-clear, beside that of the source.
        email_campaign.write_mails(orion.home, clicks=500)
        dry = orion.sanjeh("alerts", "--dry-run").stdout
        assert "was asked before; 0 left from before. Nothing was sent." in dry
        refresh()
        refresh()
        [digest] = team.taken[2:]
        assert digest.title == "2 messages"
        assert "Orion: Source mails is up to date again\n" in digest.text
        assert "Orion: E-mail click rate is back on target in October 2026\n" in digest.text
        assert [each.title for each in board.taken[1:]] == [
            "اوریون: نرخ کلیک ایمیل در اکتبر ۲۰۲۶ به هدف بازگشت"
        ]

        # A run that publishes nothing says so, once.
        build = orion.home / "warehouse" / "build.duckdb"
        build.unlink()
        build.mkdir()
        refresh(code=1)
        assert [each.title for each in team.taken[3:]] == []
        said += _test_message(orion, board)

    deliveries = orion.rows(
        "select kind, channel, outcome from marts.fct_alert_deliveries order by attempted_at"
    )
    assert ("alert", "team", "failed") in deliveries
    assert ("alert", "team", "delivered") in deliveries
    history = "select actual, verdict from marts.fct_scorecard_history where kpi_id = 'email_click_rate' order by event_id"
    verdicts = [row for row in orion.rows(history) if row[0] is not None]
    assert verdicts[-3:] == [(0.08, "on_target"), (0.06, "below_target"), (0.08, "on_target")]
    _assert_no_address(orion.home, said)


def _test_message(orion: Workspace, board: Webhook) -> str:
    before = len(board.taken)
    done = orion.sanjeh("alerts", "--test", "board")
    assert done.stdout.startswith("board: delivered, key ")
    assert board.taken[before].title == "Orion group: پیام آزمایشی سنجه"
    return done.stdout + done.stderr


def _assert_no_address(home: Path, said: str) -> None:
    """The address is in .env and nowhere else: not in what was printed, logged or stored."""
    assert SECRET not in said
    holding = subprocess.run(
        ["grep", "-rlF", SECRET, str(home)], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert holding.stdout.split() == [str(home / ".env")]
