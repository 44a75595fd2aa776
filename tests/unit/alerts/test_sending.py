"""From a publication to a channel on loopback and the ledger: once, at least once, and never an address."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.alerts.record import AlertRecord
from orchestration.alerts.sending import report_failed_run
from orchestration.errors import AlertError, WorkspaceError
from orchestration.settings import load_settings
from tests.fakes.faults import Fault
from tests.fakes.webhook import SECRET, Webhook
from tests.unit.alerts.published import Newsroom, write_alerts
from tests.unit.alerts.standing import clicks, source

SEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.alerts.sending import send_alerts
from orchestration.run_lock import run_lock
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

workspace = Workspace(Path(sys.argv[1]))
settings = load_settings(workspace, require_secrets=False)
with run_lock(workspace, run_id="child", started_at=datetime.now(UTC)):
    send_alerts(workspace, settings)
"""


def deliveries(newsroom: Newsroom) -> list[tuple[object, ...]]:
    """(kind, channel, outcome, attempt) as published."""
    return newsroom.publisher.read(
        "select kind, channel, outcome, attempts from marts.fct_alert_deliveries order by attempted_at, kind"
    )


def test_one_alert_and_one_all_clear_reach_the_channel_with_a_key_each(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    for value in (0.09, 0.07, 0.06, 0.09, 0.09):
        newsroom.publish(clicks(10, value, kind="early"))
        newsroom.send().require_delivered()
        newsroom.send().require_delivered()
    assert [(each.title, each.mood) for each in webhook.taken] == [
        ("Acme: E-mail click rate is below target in October 2026", "warning"),
        ("Acme: E-mail click rate is back on target in October 2026", "success"),
    ]
    keys = [each.text.rsplit("Key: ", 1)[1] for each in webhook.taken]
    assert len(set(keys)) == 2
    newsroom.publish()
    assert deliveries(newsroom) == [("alert", "team", "delivered", 1), ("all_clear", "team", "delivered", 1)]
    stored = newsroom.publisher.read("select alert_id from marts.fct_alert_deliveries order by attempted_at")
    assert [each for (each,) in stored] == keys


def test_a_channel_out_of_order_gets_the_same_key_with_the_next_run(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    newsroom.publish(clicks(10, 0.07))
    webhook.order(Fault.SERVER_ERROR)
    with pytest.raises(AlertError, match=r"notifier team: the service answered HTTP 500\. They are kept"):
        newsroom.send().require_delivered()
    assert webhook.taken == []
    [(kept, _)] = AlertRecord(newsroom.workspace).pending()
    newsroom.send().require_delivered()
    [taken] = webhook.taken
    assert taken.text.endswith(f"Key: {kept.decision.alert_id}")
    newsroom.send().require_delivered()
    assert len(webhook.taken) == 1
    newsroom.publish(clicks(10, 0.07))
    assert deliveries(newsroom) == [("alert", "team", "failed", 1), ("alert", "team", "delivered", 2)]


def test_killed_between_delivery_and_log_it_is_sent_again_with_the_same_key(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    newsroom.publish(clicks(10, 0.07))
    child = subprocess.Popen(
        [sys.executable, "-c", SEND, str(newsroom.workspace.root)],
        env={**os.environ, "TEAM_URL": webhook.url},
    )
    # The channel has taken the message when the sender dies: its answer never arrives.
    webhook.on_request(1, lambda: (child.send_signal(signal.SIGKILL), child.wait()))
    assert child.wait(timeout=60) == -signal.SIGKILL
    newsroom.send().require_delivered()
    first, second = webhook.taken
    assert first == second
    assert [each.outcome for each in AlertRecord(newsroom.workspace).attempts()] == ["delivered"]


def test_killed_before_the_publication_was_asked_the_next_run_asks_it(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    """Nothing new is published by then; the version that readers see still has something to say."""
    newsroom.publish(clicks(10, 0.09))
    newsroom.send()
    newsroom.publish(clicks(10, 0.07))
    assert not newsroom.publisher.publish().published
    newsroom.send().require_delivered()
    assert len(webhook.taken) == 1


def test_a_version_that_was_rolled_back_to_says_nothing(newsroom: Newsroom, webhook: Webhook) -> None:
    newsroom.publish(clicks(10, 0.07))
    newsroom.publish(clicks(10, 0.09))
    newsroom.send()
    newsroom.publisher.rollback()
    newsroom.send().require_delivered()
    assert webhook.taken == []
    assert newsroom.publisher.read("select verdict, valid_to is null from marts.fct_scorecard_history") == [
        ("below_target", False),
        ("on_target", False),
        ("below_target", True),
    ]


def test_a_notifier_hears_of_its_brands_and_kinds_in_its_language(
    newsroom: Newsroom, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Webhook() as engineers:
        monkeypatch.setenv("ENGINEERS_URL", engineers.url)
        newsroom.configure(
            {
                "team": "{url_env: TEAM_URL, brands: [acme], kinds: [final], language: fa}",
                "engineers": "{url_env: ENGINEERS_URL, kinds: [data, run]}",
                "others": "{url_env: TEAM_URL, brands: [other]}",
            }
        )
        newsroom.publish(
            clicks(9, 0.07), clicks(10, 0.05, kind="early"), source("failed", note="quota is used up")
        )
        newsroom.send().require_delivered()
        assert [each.title for each in engineers.taken] == ["Acme: Source acme_mail failed"]
        assert "quota is used up" in engineers.taken[0].text
        assert webhook.taken == []  # the newest period is early, and September is history
        newsroom.publish(clicks(10, 0.05), clicks(11, 0.05, kind="early"), source("fresh"))
        newsroom.send().require_delivered()
        assert [each.title for each in engineers.taken[1:]] == ["Acme: Source acme_mail is up to date again"]
    assert webhook.taken == []  # told as early, to nobody: still open when it is final


def test_several_things_for_one_channel_are_one_message_with_every_key(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    newsroom.publish(clicks(10, 0.07), source("late", days_behind=3))
    newsroom.send().require_delivered()
    [digest] = webhook.taken
    assert digest.title == "2 messages"
    assert digest.text.count("Key: ") == 2
    assert "due: 3 more days" in digest.text


def test_a_missing_variable_keeps_the_message_and_says_its_name(
    newsroom: Newsroom, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish(clicks(10, 0.07))
    monkeypatch.delenv("TEAM_URL")
    with pytest.raises(AlertError, match="the variable TEAM_URL is not set"):
        newsroom.send().require_delivered()
    monkeypatch.setenv("TEAM_URL", webhook.url)
    newsroom.send().require_delivered()
    assert len(webhook.taken) == 1


def test_a_notifier_added_later_is_not_told_the_past(newsroom: Newsroom, webhook: Webhook) -> None:
    newsroom.configure({})
    newsroom.publish(clicks(10, 0.07))
    assert newsroom.send().summary.startswith("Alerts: 1 new; no notifier of `alerts:`")
    newsroom.configure({"team": "{url_env: TEAM_URL}"})
    newsroom.send().require_delivered()
    assert webhook.taken == []


def test_a_failed_run_is_reported_once_whoever_notices(newsroom: Newsroom, webhook: Webhook) -> None:
    settings = load_settings(newsroom.workspace, require_secrets=False)
    for _ in range(2):
        report_failed_run(
            newsroom.workspace, settings, run_id="r1", error="The disk is full."
        ).require_delivered()
    [taken] = webhook.taken
    assert (taken.title, taken.mood) == (
        "Acme group: A refresh failed; readers keep the version they have",
        "failure",
    )
    assert "The disk is full." in taken.text


def test_a_newer_format_is_refused(newsroom: Newsroom, webhook: Webhook) -> None:
    newsroom.publish(clicks(10, 0.07))
    newsroom.send()
    (newsroom.workspace.ledger / "alerts" / "format.json").write_text('{"format_version": 2}')
    with pytest.raises(WorkspaceError, match="newer Sanjeh"):
        newsroom.send()


@pytest.mark.parametrize(
    "fault", [Fault.SERVER_ERROR, Fault.FORBIDDEN, Fault.CUT_CONNECTION, Fault.HTML_PAGE]
)
def test_no_address_in_logs_errors_ledger_or_published_file(
    newsroom: Newsroom, webhook: Webhook, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    caplog.set_level("DEBUG")
    newsroom.publish(clicks(10, 0.07))
    webhook.order(fault, times=1)
    sent = newsroom.send()
    newsroom.publish(clicks(10, 0.07))
    newsroom.send()
    newsroom.publish(clicks(10, 0.07))
    texts = [caplog.text, str(sent), *(str(row) for row in deliveries(newsroom))]
    files = [path for path in newsroom.workspace.root.rglob("*") if path.is_file()]
    texts += [path.read_bytes().decode("latin-1") for path in files]
    assert webhook.taken
    assert [text for text in texts if SECRET in text or webhook.url in text] == []


def test_what_explains_it_comes_from_the_diagnosis(newsroom: Newsroom, webhook: Webhook) -> None:
    newsroom.publisher.build([])
    write_alerts(newsroom.workspace.build_db, [clicks(10, 0.07)])
    with duckdb.connect(str(newsroom.workspace.build_db)) as con:
        con.execute("""
            create table marts.fct_kpi_diagnosis as
            select
                'acme' as brand_id, 'email_click_rate' as kpi_id, 'month' as grain, date '2026-10-01' as period_start,
                * from (values
                    ('target', 'newsletter', 'campaign', 'autumn', -0.009, true),
                    ('target', 'another', 'campaign', 'winter', -0.5, true),
                    ('target', 'newsletter', 'campaign', 'spring', 0.002, false),
                    ('target', 'newsletter', 'parts', 'numerator', -0.01, true),
                    ('previous_period', null, 'campaign', 'summer', -0.3, true)
                ) as v(compared_with, scorecard_id, segment_type, segment, contribution, is_bottleneck)
        """)
    newsroom.publisher.publish()
    newsroom.send().require_delivered()
    assert "What explains it: campaign/autumn −0.90 points\n" in webhook.taken[0].text


def test_an_older_programs_file_without_the_table_is_not_asked(newsroom: Newsroom, webhook: Webhook) -> None:
    newsroom.publisher.build([])
    newsroom.publisher.publish()
    assert newsroom.send().summary == "Alerts: nothing new to say."
    assert AlertRecord(newsroom.workspace).last_event_id() == 0


def test_deliveries_survive_a_lost_build_and_published_file(
    newsroom: Newsroom, webhook: Webhook, tmp_path: Path
) -> None:
    newsroom.publish(clicks(10, 0.07))
    newsroom.send()
    newsroom.workspace.build_db.unlink()
    newsroom.publish(clicks(10, 0.07))
    newsroom.send().require_delivered()
    assert len(webhook.taken) == 1
    assert deliveries(newsroom) == [("alert", "team", "delivered", 1)]
