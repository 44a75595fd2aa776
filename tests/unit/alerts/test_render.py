"""The words: side by direction, numbers and dates of the language and calendar, nothing that Markdown would eat."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.alerts.decide import ALERT, ALL_CLEAR, DATA_ALERT, DATA_CLEAR, Decision
from orchestration.alerts.render import RUN_FAILED, TEST, digest, render
from orchestration.alerts.words import WORDS
from tests.unit.alerts.standing import facts, source


def message(kind: str = ALERT, language: str = "en", **changed: Any) -> tuple[str, str]:
    """Title and plain body."""
    told = render(
        Decision(alert_id="0123456789abcdef", kind=kind, facts={**facts(10, 0.072), **changed}), language
    )
    return told.title, told.plain()


def test_an_alert_says_value_target_gap_period_owner_and_what_to_do() -> None:
    title, body = message()
    assert title == "Acme: E-mail click rate is below target in October 2026"
    assert body.splitlines() == [
        "Value: 7.20 %",
        "Target: at least 8.00 %",
        "Gap: −0.80 points",
        "Sample: 10,000",
        "Data through: 2026-10-31",
        "Scorecard: Newsletter leads",
        "Owner: m.karimi, team growth",
        "Final: the value changes only if its sources are corrected.",
        "What to do: The owner decides; the report shows trend and parts, and `sanjeh explain acme email_click_rate "
        "2026-10-01 --grain month` shows what is behind the value.",
        "Key: 0123456789abcdef",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"direction": "lower", "gap": 0.01}, "is above target in"),
        ({"direction": "range", "target_upper": 0.1, "gap": -0.01}, "is below its target range in"),
        ({"direction": "range", "target_upper": 0.1, "gap": 0.01}, "is above its target range in"),
        ({"alert_kind": "paced", "target_at_pace": 0.04, "gap": -0.01}, "is behind pace in"),
        (
            {"alert_kind": "paced", "direction": "lower", "target_at_pace": 0.04, "gap": 0.01},
            "is over its pace in",
        ),
        (
            {
                "alert_kind": "paced",
                "direction": "lower",
                "target_at_pace": 0.04,
                "gap": 0.05,
                "judged_value": 0.09,
            },
            "is above target in",
        ),
        (
            {"direction": "lower", "gap": None, "judged_value": None},
            "is beyond its target (cost without a result) in",
        ),
    ],
)
def test_the_side_follows_the_direction(changed: dict[str, Any], said: str) -> None:
    assert said in message(**changed)[0]
    assert message(language="fa", **changed)[0] != message(language="fa")[0]


def test_targets_read_as_they_are_meant() -> None:
    assert "Target: at most 8.00 %" in message(direction="lower", gap=0.01)[1]
    assert "Target: 8.00 % to 10.00 %" in message(direction="range", target_upper=0.1)[1]
    paced = message(
        alert_kind="paced", unit="count", judged_value=60.0, target=200.0, target_at_pace=100.0, gap=-40.0
    )
    assert "Value: 60\nTarget: at least 100 due by now, 200 for the whole period\nGap: −40\n" in paced[1]
    assert "So far: the period is running" in paced[1]
    money = message(
        unit="money", currency_code="GBP", judged_value=6.0, target=5.0, direction="lower", gap=1.0
    )
    assert "Value: 6.00 GBP\nTarget: at most 5.00 GBP\nGap: +1.00 GBP\n" in money[1]
    assert "provisional" in message(alert_kind="early")[1].lower()


def test_persian_has_its_names_digits_and_the_calendar_of_the_brand() -> None:
    title, body = message(language="fa", calendar="jalali", label_fa="آبان ۱۴۰۵")
    assert title == "اکمی: نرخ کلیک ایمیل در آبان ۱۴۰۵: پایین‌تر از هدف"
    assert (
        "مقدار: ۷٫۲۰ ٪\nهدف: دست‌کم ۸٫۰۰ ٪\nفاصله: −۰٫۸۰ واحد درصد\nنمونه: ۱۰٬۰۰۰\nداده تا: ۱۴۰۵/۰۸/۰۹" in body
    )
    assert "Data through: 1405/08/09" in message(calendar="jalali")[1]


def test_a_segment_is_named_and_can_be_asked_for() -> None:
    body = message(segment_type="campaign", segment="spring sale")[1]
    assert "Segment: campaign/spring sale\n" in body
    assert "2026-10-01 --grain month --segment 'campaign/spring sale'`" in body


def test_an_all_clear_names_what_it_ends() -> None:
    ended = [{"label_en": "August 2026", "period_start": "2026-08-01"}, {"label_en": "September 2026"}]
    title, body = message(ALL_CLEAR, judged_value=0.09, gap=0.01, ended=ended)
    assert title == "Acme: E-mail click rate is back on target in October 2026"
    assert "Ends the alert of: August 2026, September 2026" in body


def test_a_source_says_why_how_far_and_what_to_do() -> None:
    def told(kind: str, status: str, **words: Any) -> tuple[str, str]:
        made = render(Decision(alert_id="k", kind=kind, facts=source(status, **words).facts), "en")
        return made.title, made.plain()

    title, body = told(DATA_ALERT, "late", days_behind=3)
    assert title == "Acme: Source acme_mail is late"
    assert "Data through: 2026-10-28" in body
    assert "due: 3 more days" in body
    assert "Reason: the quota\n" in told(DATA_ALERT, "failed", note="the\n quota")[1]
    assert "expect: none" in told(DATA_ALERT, "never_loaded")[1]
    assert told(DATA_CLEAR, "fresh")[0] == "Acme: Source acme_mail is up to date again"


def test_long_words_of_a_source_are_cut() -> None:
    made = render(
        Decision(alert_id="k", kind=DATA_ALERT, facts=source("failed", note="x" * 5000).facts), "en"
    )
    assert len(made.plain()) < 1000


def test_markdown_shows_names_as_they_are_and_commands_as_code() -> None:
    made = render(Decision(alert_id="k", kind=ALERT, facts={**facts(10, 0.07), "owner": "m_k*"}), "en")
    text = made.markdown()
    assert r"- **Owner:** m\_k\*, team growth" in text
    assert "`sanjeh explain acme email_click_rate 2026-10-01 --grain month`" in text


def test_a_digest_counts_in_the_language_and_keeps_every_key() -> None:
    made = [
        render(Decision(alert_id=key, kind=kind, facts={"project": "Acme"}), "fa")
        for key, kind in [("a", TEST), ("b", RUN_FAILED)]
    ]
    title, body = digest(made, "fa", is_markdown=True)
    assert title == "۲ پیام"
    assert body.startswith(f"**{made[0].title}**")
    assert "**کلید:** a" in body
    assert "**کلید:** b" in body


def test_both_languages_have_the_same_words_with_the_same_parts() -> None:
    import string  # noqa: PLC0415

    parts = {
        language: {
            name: {part for _, part, _, _ in string.Formatter().parse(text) if part}
            for name, text in words.items()
        }
        for language, words in WORDS.items()
    }
    assert parts["en"] == parts["fa"]
