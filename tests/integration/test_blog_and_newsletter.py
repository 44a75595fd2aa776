"""A brand whose only web tool is Plausible and whose newsletters go out by Mailchimp, on two mornings, from API to KPI.

Expected numbers are counted from the servers' own data in plain Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.calendar.make import CalendarKey, periods_within
from connectors.core.api import Period
from connectors.core.window import DateWindow
from tests.fakes.demo_mailchimp import fill_mailchimp
from tests.fakes.demo_plausible import BLOG, fill_plausible
from tests.fakes.demos import clock_after
from tests.fakes.mailchimp import API_KEY, MailchimpApi
from tests.fakes.plausible import STATS_KEY, PlausibleApi
from tests.fakes.plausible_data import Visits
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow

LAST_DAY, SECOND_DAY = date(2026, 11, 19), date(2026, 11, 20)
FIRST_DAY = LAST_DAY - timedelta(days=59)
WHOLE = DateWindow.inclusive(FIRST_DAY, LAST_DAY)
SETTINGS = """
project: {{name: Anar, timezone: Asia/Tehran, currency: IRR}}
brands:
  anar: {{name: Anar, calendar: jalali, week_start: saturday}}
sources:
  blog: {{connector: plausible, brand: anar, site_id: {site}, key_env: BLOG_KEY, start: {start}, base_url: {blog}}}
  mail:
    connector: mailchimp
    brand: anar
    key_env: MAIL_KEY
    start: {start}
    base_url: {mail}
    test_patterns: {{type: "automation%"}}
"""

Rows = list[tuple[Any, ...]]


@dataclass
class Story:
    """What the servers held, and what each morning published."""

    visits: dict[date, list[Visits]] = field(default_factory=dict)
    sends: dict[date, dict[date, dict[str, Any]]] = field(default_factory=dict)
    kpis: dict[date, dict[str, Rows]] = field(default_factory=dict)

    def values(self, morning: date, table: str, kpi: str, segment: str = "all") -> dict[date, float | None]:
        """Values of a KPI by first day of the period."""
        rows = self.kpis[morning][table]
        return {start: value for id_, found, start, value, _ in rows if (id_, found) == (kpi, segment)}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Two mornings, run once."""
    home: Path = tmp_path_factory.mktemp("anar") / "workspace"
    home.mkdir(parents=True)
    (home / ".env").write_text(f"SANJEH_PII_KEY={'k' * 64}\nBLOG_KEY={STATS_KEY}\nMAIL_KEY={API_KEY}\n")
    workspace, told = Workspace(home), Story()
    for last_day in (LAST_DAY, SECOND_DAY):
        days = 60 + (last_day - LAST_DAY).days
        with ExitStack() as stack:
            blog, mail = stack.enter_context(PlausibleApi()), stack.enter_context(MailchimpApi())
            fill_plausible(blog, last_day, days=days)
            fill_mailchimp(mail, last_day, days=days)
            addresses = {"site": BLOG, "start": FIRST_DAY, "blog": blog.base_url, "mail": mail.base_url}
            (home / "sanjeh.yml").write_text(SETTINGS.format(**addresses), encoding="utf-8")
            workspace.sanjeh("run", "--as-of", clock_after(last_day).isoformat())
            assert (blog.violations, mail.violations) == ([], [])
            told.visits[last_day] = blog.sites[BLOG].facts
            told.sends[last_day] = {_day_of(row): row for row in mail.reports if row["type"] == "regular"}
        told.kpis[last_day] = {
            table: workspace.rows(
                f"select kpi_id, segment, period_start, value, status from marts.fct_kpi_{table} "
                "where segment_type in ('overall', 'channel')"
            )
            for table in ("daily", "weekly", "monthly", "quarterly")
        }
    yield told


def _day_of(row: dict[str, Any]) -> date:
    return datetime.fromisoformat(row["send_time"]).astimezone(ZoneInfo("Asia/Tehran")).date()


def _periods(grain: str) -> list[Period]:
    """Whole or running periods of the brand's calendar that don't begin before the source."""
    found = periods_within(CalendarKey("jalali", "saturday", 1), WHOLE)
    return [period for period in found if period.grain == grain and period.start >= FIRST_DAY]


def test_sessions_of_each_day_are_the_visits(story: Story) -> None:
    visits = Counter(dict.fromkeys(WHOLE.days(), 0))
    for fact in story.visits[LAST_DAY]:
        visits[fact.day] += fact.visits
    found = story.values(LAST_DAY, "daily", "sessions")
    assert {day: found[day] for day in WHOLE.days()} == dict(visits)


@pytest.mark.parametrize(
    ("grain", "table"), [("week", "weekly"), ("month", "monthly"), ("quarter", "quarterly")]
)
def test_users_of_each_period_are_its_visitors_and_no_sum(story: Story, grain: str, table: str) -> None:
    expected = {
        period.start: len(
            frozenset().union(
                *(fact.visitors for fact in story.visits[LAST_DAY] if period.start <= fact.day < period.end)
            )
        )
        for period in _periods(grain)
    }
    found = story.values(LAST_DAY, table, "active_users")
    assert {start: found[start] for start in expected} == expected
    assert expected


def test_visits_have_the_channels_of_the_house(story: Story) -> None:
    (month,) = [period for period in _periods("month") if period.end <= LAST_DAY][:1]
    expected: Counter[str] = Counter()
    for fact in story.visits[LAST_DAY]:
        if period_has(month, fact.day):
            expected[fact.channel.lower().replace(" ", "_")] += fact.visits
    found = {
        channel: story.values(LAST_DAY, "monthly", "sessions", channel)[month.start] for channel in expected
    }
    assert found == dict(expected)
    assert len(found) == 5


def period_has(period: Period, day: date) -> bool:
    """Whether ``day`` is in ``period``."""
    return period.start <= day < period.end


def test_rates_of_mail_are_made_of_counts(story: Story) -> None:
    """Mailchimp's own rates all say 42."""
    months = _periods("month")
    assert months
    for month in months:
        sends = [row for day, row in story.sends[LAST_DAY].items() if period_has(month, day)]
        delivered = sum(row["emails_sent"] - sum(row["bounces"].values()) for row in sends)
        opens = sum(row["opens"]["unique_opens"] for row in sends)
        clicks = sum(row["clicks"]["unique_subscriber_clicks"] for row in sends)
        rates = {
            kpi: story.values(LAST_DAY, "monthly", kpi)[month.start]
            for kpi in ("email_open_rate", "email_click_rate")
        }
        assert rates == {
            "email_open_rate": pytest.approx(opens / delivered),
            "email_click_rate": pytest.approx(clicks / delivered),
        }


def test_human_opens_are_those_without_the_proxy(story: Story) -> None:
    row = story.sends[LAST_DAY][max(story.sends[LAST_DAY])]
    human = row["opens"]["proxy_excluded_unique_opens"]
    delivered = row["emails_sent"] - sum(row["bounces"].values())
    base = delivered - (row["opens"]["unique_opens"] - human)
    found = story.values(LAST_DAY, "daily", "email_human_open_rate")[max(story.sends[LAST_DAY])]
    assert found == pytest.approx(human / base)


def test_second_morning_changes_exactly_the_sends_that_were_opened_since(story: Story) -> None:
    opened = {
        day
        for day, row in story.sends[LAST_DAY].items()
        if row["opens"]["unique_opens"] != story.sends[SECOND_DAY][day]["opens"]["unique_opens"]
    }
    assert opened
    before, after = (story.values(morning, "daily", "email_open_rate") for morning in (LAST_DAY, SECOND_DAY))
    assert {day for day, value in before.items() if value != after[day] and day <= LAST_DAY} == opened
    before, after = (story.values(morning, "daily", "sessions") for morning in (LAST_DAY, SECOND_DAY))
    assert {day for day in WHOLE.days() if before[day] != after[day]} == set()
    assert after[SECOND_DAY]


def test_days_of_mail_are_provisional_for_thirty_days(story: Story) -> None:
    status = {
        start: found
        for kpi, segment, start, _, found in story.kpis[LAST_DAY]["daily"]
        if (kpi, segment) == ("email_open_rate", "all") and start in story.sends[LAST_DAY]
    }
    young = {day for day, found in status.items() if found == "provisional"}
    assert young == {day for day in status if day >= LAST_DAY + timedelta(days=1) - timedelta(days=31)}
    assert {status[day] for day in status.keys() - young} == {"final"}
