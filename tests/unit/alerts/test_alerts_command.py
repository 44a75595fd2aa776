"""``sanjeh alerts`` and what ``sanjeh check`` says of notifiers, as their user types them."""

from __future__ import annotations

import pytest

from orchestration.alerts.settings import AlertSettings
from orchestration.cli import cli
from orchestration.errors import AlertError, SettingsError
from orchestration.settings import load_settings
from orchestration.workspace_check import Result, check_workspace
from tests.fakes.faults import Fault
from tests.fakes.webhook import SECRET, Webhook
from tests.unit.alerts.published import Newsroom
from tests.unit.alerts.standing import clicks, source


def sanjeh(newsroom: Newsroom, *words: str) -> None:
    cli.main(["--workspace", str(newsroom.workspace.root), *words], standalone_mode=False)


def test_it_shows_what_is_open_muted_and_undelivered(
    newsroom: Newsroom, webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    sanjeh(newsroom, "alerts")
    assert capsys.readouterr().out == "Open: none\nMuted: none\nNot delivered yet: none\n"
    newsroom.publish(clicks(9, 0.05), clicks(10, 0.07))
    webhook.order(Fault.FORBIDDEN)
    newsroom.send()
    newsroom.publish(clicks(9, 0.05), clicks(10, 0.07, muted=True), source("late", days_behind=2))
    sanjeh(newsroom, "alerts")
    shown = capsys.readouterr().out
    assert "E-mail click rate is below target in October 2026" in shown
    assert "source acme_mail is late" in shown
    assert "the service answered HTTP 403" in shown
    assert "September" not in shown
    assert SECRET not in shown


def test_a_dry_run_says_what_goes_to_whom_and_sends_and_keeps_nothing(
    newsroom: Newsroom, webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    newsroom.publish(clicks(10, 0.07))
    for _ in range(2):
        sanjeh(newsroom, "alerts", "--dry-run")
        shown = capsys.readouterr().out
        assert shown.startswith(
            "to team: Acme: E-mail click rate is below target in October 2026\n    Value: 7.00 %"
        )
        assert shown.endswith(
            "version 1 gives rise to 1 message; 0 earlier messages not delivered yet. Nothing was sent.\n"
        )
    assert webhook.seen == []
    assert not (newsroom.workspace.ledger / "alerts").exists()


def test_alerts_that_were_raised_before_there_was_a_notifier_are_counted(
    newsroom: Newsroom, webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    newsroom.configure({})
    newsroom.publish(clicks(10, 0.07))
    newsroom.send()
    newsroom.configure({"team": "{url_env: TEAM_URL}"})
    sanjeh(newsroom, "alerts")
    told = (
        "1 open, told to nobody: no notifier was there for it when it was raised. A notifier hears of what is "
        "raised after it was added.\n"
    )
    assert capsys.readouterr().out.endswith(f"Not delivered yet: none\n{told}")
    sanjeh(newsroom, "alerts", "--dry-run")
    assert capsys.readouterr().out == (
        "nothing new: what the published version gives rise to was decided when it was published; 0 earlier "
        f"messages not delivered yet. Nothing was sent.\n{told}"
    )


def test_a_dry_run_before_the_first_publication_says_so(
    newsroom: Newsroom, webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    sanjeh(newsroom, "alerts", "--dry-run")
    assert capsys.readouterr().out.startswith("nothing is published yet; 0 earlier messages")


def test_check_refuses_an_address_that_makes_no_channel(
    newsroom: Newsroom, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_URL", "slakc://T0KEN-T0KEN/a/b")
    found = {each.what: each for each in check_workspace(newsroom.workspace)}
    assert found["notifier team"].result is Result.FAILED
    assert "what TEAM_URL holds is no address that Apprise understands" in found["notifier team"].message
    assert "T0KEN" not in str(found)
    assert webhook.seen == []


def test_a_test_message_goes_to_one_or_all_and_says_how_it_went(
    newsroom: Newsroom, webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    newsroom.configure({"team": "{url_env: TEAM_URL}", "gone": "{url_env: GONE_URL, language: fa}"})
    sanjeh(newsroom, "alerts", "--test", "team")
    assert capsys.readouterr().out.startswith("team: delivered, key ")
    assert [each.title for each in webhook.taken] == ["Acme group: Test message of Sanjeh"]
    with pytest.raises(AlertError, match="1 of 2 notifiers did not take the test message: gone"):
        sanjeh(newsroom, "alerts", "--test")
    assert "gone: failed: the variable GONE_URL is not set" in capsys.readouterr().out
    # A test that failed isn't sent later.
    newsroom.publish(clicks(10, 0.09))
    assert newsroom.send().deliveries == ()


def test_wrong_words_are_explained(newsroom: Newsroom) -> None:
    with pytest.raises(SettingsError, match=r"teem is no notifier .* Did you mean 'team'"):
        sanjeh(newsroom, "alerts", "--test", "teem")
    newsroom.configure({})
    with pytest.raises(SettingsError, match="names no notifier"):
        sanjeh(newsroom, "alerts", "--test")


def test_publishing_after_a_rollback_tells_what_the_version_gives_rise_to(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    newsroom.publish(clicks(10, 0.09))
    newsroom.send()
    newsroom.publish(clicks(10, 0.07))
    newsroom.publisher.rollback()
    newsroom.publisher.publish(release_hold=True)
    assert newsroom.send().summary == "Alerts: 1 to team."
    assert len(webhook.taken) == 1


def test_check_names_notifiers_and_missing_variables_without_addresses(
    newsroom: Newsroom, webhook: Webhook
) -> None:
    newsroom.configure({"team": "{url_env: TEAM_URL, brands: [acme]}", "gone": "{url_env: GONE_URL}"})
    found = {each.what: each for each in check_workspace(newsroom.workspace)}
    assert found["notifier team"].result is Result.OK
    assert found["notifier team"].message == "acme; final, paced, early, data; address in TEAM_URL"
    assert found["notifier gone"].result is Result.FAILED
    assert "GONE_URL is not set" in found["notifier gone"].message
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("notifier", "said"),
    [
        ("{url_env: 'slack://T0KEN/a/b'}", "no name of an environment variable"),
        ("{url: 'slack://T0KEN/a/b'}", "unknown key 'url'"),
        ("{url_env: TEAM_URL, brands: [acmee]}", "Did you mean 'acme'"),
        ("{url_env: TEAM_URL, kinds: [late]}", "'late' is not allowed here"),
        ("{url_env: TEAM_URL, language: de}", "'de' is not allowed here"),
    ],
)
def test_wrong_settings_name_line_and_key_and_repeat_no_address(
    newsroom: Newsroom, notifier: str, said: str
) -> None:
    newsroom.configure({"team": notifier})
    with pytest.raises(SettingsError) as error:
        load_settings(newsroom.workspace)
    assert said in str(error.value)
    assert "sanjeh.yml:7 (alerts.notifiers.team" in str(error.value)
    assert "T0KEN" not in str(error.value)


def test_a_missing_address_stops_no_run(newsroom: Newsroom) -> None:
    newsroom.configure({"gone": "{url_env: GONE_URL}"})
    assert load_settings(newsroom.workspace).alerts.channels_for("final", "acme") == ("gone",)


def test_who_hears_of_what() -> None:
    made = AlertSettings.model_validate(
        {
            "notifiers": {
                "all": {"url_env": "A"},
                "client": {"url_env": "B", "brands": ["acme"]},
                "desk": {"url_env": "C", "brands": ["acme"], "kinds": ["run", "data"]},
            }
        }
    )
    assert made.channels_for("paced", "acme") == ("all", "client")
    assert made.channels_for("data", "acme") == ("all", "client", "desk")
    assert made.channels_for("final", "other") == ("all",)
    assert made.channels_for("run", None) == ("all", "desk")
