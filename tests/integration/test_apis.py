"""The workspace of examples/apis from local servers to the published file, on three mornings.

One file for one story, which takes minutes to run. Expected numbers are counted from the servers' own data in plain Python.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connectors.calendar.make import CalendarKey, periods_within
from connectors.core.window import DateWindow
from connectors.registry import API_CONNECTORS, STREAMS
from tests.fakes.demo import LAST_DAY
from tests.fakes.demo_brands import ACME, SIB, Brand
from tests.fakes.demo_google import demo_properties, demo_sites, web_facts
from tests.fakes.demo_google_ads import demo_accounts
from tests.fakes.demo_meta_ads import ACCOUNT_ID, fill_meta_ads
from tests.fakes.demo_social import ACME_INSTAGRAM, SIB_INSTAGRAM, fill_instagram
from tests.fakes.ga4_data import EventFact, SessionFact
from tests.fakes.google_ads_data import AdFact, Claim
from tests.fakes.instagram import InstagramApi
from tests.fakes.meta_ads import MetaAdsApi
from tests.fakes.meta_ads_data import AdDay
from tests.integration.apis_story import FIRST_DAY, SECOND_DAY, WEEK_LATER, Story, three_mornings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three mornings, run once."""
    return three_mornings(tmp_path_factory.mktemp("apis") / "workspace")


def _facts(brand: Brand, name: str) -> list[EventFact]:
    facts = demo_properties(LAST_DAY, days=120)[brand.property_id].facts(EventFact)
    return [fact for fact in facts if isinstance(fact, EventFact) and fact.name == name]


def _session_facts(brand: Brand, last_day: date) -> list[SessionFact]:
    days = 120 + (last_day - LAST_DAY).days
    facts = demo_properties(last_day, days=days)[brand.property_id].facts(SessionFact)
    return [fact for fact in facts if isinstance(fact, SessionFact)]


def test_every_stream_of_every_api_connector_lands(story: Story) -> None:
    landed = {stream for _, stream, _ in story.slices[LAST_DAY]}
    by_file_only = {"ga4/period_reports", "ga4/report_totals"}
    expected = {
        stream.id
        for stream in STREAMS.values()
        if stream.connector in {*API_CONNECTORS, "ga4_events", "quality"}
    }
    assert landed >= expected - by_file_only
    assert len(expected - by_file_only) >= 30
    assert story.printed[LAST_DAY].returncode == 0


@pytest.mark.parametrize("brand", [SIB, ACME], ids=["sib over REST", "acme over gRPC"])
def test_sessions_of_each_day_are_those_of_the_server(story: Story, brand: Brand) -> None:
    expected: dict[date, int] = dict.fromkeys(DateWindow.inclusive(FIRST_DAY, LAST_DAY).days(), 0)
    for fact in _session_facts(brand, LAST_DAY):
        if fact.day in expected:
            expected[fact.day] += fact.sessions
    brand_id = "sib" if brand is SIB else "acme"
    found = story.rows(
        LAST_DAY,
        "select period_start, value from marts.fct_kpi_daily where kpi_id = 'sessions' and segment_type = 'overall' "
        f"and brand_id = '{brand_id}' and status <> 'not_loaded'",
    )
    assert {day: int(value) for day, value in found} == expected


@pytest.mark.parametrize(
    ("brand", "brand_id", "calendar"),
    [(SIB, "sib", "jalali-saturday-1"), (ACME, "acme", "gregorian-monday-1")],
    ids=["Jalali months and Saturday weeks", "Gregorian months and Monday weeks"],
)
def test_users_of_every_period_are_distinct_people_and_never_sums(
    story: Story, brand: Brand, brand_id: str, calendar: str
) -> None:
    facts = _session_facts(brand, LAST_DAY)
    whole = DateWindow.inclusive(FIRST_DAY, LAST_DAY)
    expected: dict[tuple[str, date], int] = {}
    for period in periods_within(CalendarKey.parse(calendar), whole):
        if period.grain != "day" and period.start >= FIRST_DAY:
            people = [
                fact.users - fact.idle_users
                for fact in facts
                if period.start <= fact.day < min(period.end, SECOND_DAY)
            ]
            expected[period.grain, period.start] = len(frozenset().union(*people))
    found = {}
    for grain, table in (("week", "weekly"), ("month", "monthly"), ("quarter", "quarterly")):
        rows = story.rows(
            LAST_DAY,
            f"select period_start, value from marts.fct_kpi_{table} where kpi_id = 'active_users' and brand_id = "
            f"'{brand_id}' and segment_type = 'overall' and period_start >= '{FIRST_DAY}'",
        )
        found |= {(grain, start): int(value) for start, value in rows}
    assert found == expected
    assert len(found) >= 20


EXPORTED = frozenset(DateWindow.inclusive(LAST_DAY - timedelta(days=13), LAST_DAY).days())
"""Days of acme's event export on the first morning, all of November."""


def test_sign_ups_are_people_where_events_are_exported_and_events_elsewhere(story: Story) -> None:
    """Acme's export tells who signed up, so that who presses the button twice counts once; sib has GA4's reports alone."""
    exported = (fact for day in EXPORTED for fact in web_facts(ACME, day) if isinstance(fact, EventFact))
    query = (
        "select numerator::int from marts.fct_kpi_monthly where kpi_id = 'signups' and brand_id = '{}' and "
        "segment_type = 'overall' and period_start = '{}'"
    )
    people = frozenset().union(*(fact.users for fact in exported if fact.name == "sign_up"))
    assert story.rows(LAST_DAY, query.format("acme", "2026-11-01")) == [(len(people),)]
    assert len(people) > 20
    mehr = [fact for fact in _facts(SIB, "sign_up") if date(2026, 9, 23) <= fact.day < date(2026, 10, 23)]
    assert story.rows(LAST_DAY, query.format("sib", "2026-09-23")) == [(sum(fact.count for fact in mehr),)]


def test_reports_are_compared_with_the_exported_events_of_the_same_days(story: Story) -> None:
    """The export has one session a person and fact, of the youngest days too, which the reports don't have whole yet."""
    rows = story.rows(
        LAST_DAY,
        "select source_id, period_start, source_total::int, warehouse_total::int from marts.fct_reconciliation "
        "where metric = 'sessions beside acme_web'",
    )
    reported = sum(fact.sessions for fact in _session_facts(ACME, LAST_DAY) if fact.day in EXPORTED)
    exported = sum(
        len(fact.users) for day in EXPORTED for fact in web_facts(ACME, day) if isinstance(fact, SessionFact)
    )
    assert rows == [("acme_web_events", date(2026, 11, 1), reported, exported)]


def test_branded_searches_count_each_search_that_is_told_once(story: Story) -> None:
    """Google tells no anonymised query, and counts a property once where it shows two of its pages."""
    site = demo_sites(LAST_DAY)[ACME.site]
    named = sum(
        fact.impressions
        for fact in site.facts
        if fact.query
        and not fact.is_anonymised
        and not fact.is_second_result
        and _names_acme(fact.query)
        and date(2026, 10, 1) <= fact.day <= date(2026, 10, 31)
    )
    ((value,),) = story.rows(
        LAST_DAY,
        "select value from marts.fct_kpi_monthly where kpi_id = 'branded_search_volume' and brand_id = 'acme' "
        "and segment_type = 'overall' and period_start = '2026-10-01'",
    )
    assert int(value) == named


def _names_acme(query: str) -> bool:
    return ("acme" in query.lower() or "اکمی" in query) and "acme corp racing" not in query.lower()


def test_second_morning_changes_exactly_the_restated_days(story: Story) -> None:
    """The two youngest days were provisional at the server: 70 % and 95 % of what they are a day later."""
    load_id = max(story.slices[SECOND_DAY].values())
    changed = {
        day
        for (source, stream, day), load in story.slices[SECOND_DAY].items()
        if (source, stream, load) == ("sib_web", "ga4/totals", load_id)
    }
    young = {str(LAST_DAY - timedelta(days=1)), str(LAST_DAY), str(SECOND_DAY)}
    assert changed == young
    query = (
        "select period_start, value from marts.fct_kpi_daily where kpi_id = 'sessions' and brand_id = 'sib' "
        f"and segment_type = 'overall' and period_start <= '{LAST_DAY}' order by 1"
    )
    before, after = dict(story.rows(LAST_DAY, query)), dict(story.rows(SECOND_DAY, query))
    differing = {str(day) for day in before if before[day] != after[day]}
    assert differing == {str(LAST_DAY - timedelta(days=1)), str(LAST_DAY)}
    reasons = story.rows(
        SECOND_DAY,
        "select distinct reason from marts.fct_kpi_history where kpi_id = 'sessions' and brand_id = 'sib' and "
        f"grain = 'day' and segment_type = 'overall' and period_start = '{LAST_DAY}'",
    )
    assert {reason for (reason,) in reasons} == {"new data", "restated"}


def test_a_day_turns_final_when_its_stream_says_so(story: Story) -> None:
    """GA4's sessions are final three days after their day is over."""
    final_after = STREAMS["ga4/totals"].final_after_days
    query = (
        "select status from marts.fct_kpi_daily where kpi_id = 'sessions' and brand_id = 'acme' and "
        "segment_type = 'overall' and period_start = '{}'"
    )
    for morning in (LAST_DAY, SECOND_DAY):
        today = morning + timedelta(days=1)
        youngest_final = today - timedelta(days=final_after + 2)
        assert story.rows(morning, query.format(youngest_final)) == [("final",)]
        assert story.rows(morning, query.format(youngest_final + timedelta(days=1))) == [("provisional",)]


@pytest.mark.parametrize(
    ("source", "account"), [("sib_instagram", SIB_INSTAGRAM), ("acme_instagram", ACME_INSTAGRAM)]
)
def test_followers_are_what_they_were_each_morning(story: Story, source: str, account: str) -> None:
    """No later run changes a reading; the days between have none."""
    expected = {}
    for last_day in (LAST_DAY, SECOND_DAY, WEEK_LATER):
        with InstagramApi() as api:
            fill_instagram(api, last_day, days=120 + (last_day - LAST_DAY).days)
            expected[last_day + timedelta(days=1)] = api.accounts[account].followers_count
    query = (
        f"select follower_date, followers from marts.fct_social_followers_daily where source_id = '{source}'"
    )
    assert dict(story.rows(WEEK_LATER, query)) == expected
    assert len(set(expected.values())) == 3


def test_failing_sources_are_named_and_the_others_are_published(story: Story) -> None:
    done = story.printed[WEEK_LATER]
    assert done.returncode == 1
    said = " ".join((done.stdout + done.stderr).split())
    assert "2 of 25 sources failed" in said
    assert "sib_crm: Source sib_crm" in said and "still failing after 2 tries" in said
    assert "sib_survey: Source sib_survey" in said and "the credentials are refused" in said
    sessions = story.rows(
        WEEK_LATER,
        "select status, count(*) from marts.fct_kpi_daily where kpi_id = 'sessions' and brand_id = 'sib' and "
        f"segment_type = 'overall' and period_start between '{SECOND_DAY}' and '{WEEK_LATER}' group by 1",
    )
    assert dict(sessions) == {"final": 3, "provisional": 4}


def test_kpis_of_a_failing_source_go_stale_and_keep_their_past(story: Story) -> None:
    query = (
        "select period_start, status, value from marts.fct_kpi_daily where kpi_id = 'leads' and brand_id = 'sib' "
        f"and segment_type = 'overall' and period_start between '{LAST_DAY}' and '{WEEK_LATER}' order by 1"
    )
    week = {day: (status, value) for day, status, value in story.rows(WEEK_LATER, query)}
    assert week[SECOND_DAY][0] == "final"
    assert {week[SECOND_DAY + timedelta(days=n)] for n in range(1, 5)} == {("not_loaded", None)}
    ((month,),) = story.rows(
        WEEK_LATER,
        "select status from marts.fct_kpi_monthly where kpi_id = 'leads' and brand_id = 'sib' and segment_type = "
        "'overall' and period_start = '2026-11-22'",
    )
    assert month == "not_loaded"
    ((quarter,),) = story.rows(
        WEEK_LATER,
        "select status from marts.fct_kpi_quarterly where kpi_id = 'leads' and brand_id = 'sib' and segment_type = "
        "'overall' and period_start = '2026-09-23'",
    )
    assert quarter == "stale"


AD_ACCOUNTS = {"sib_google_ads": 0, "acme_google_ads": 1}
"""Place among the demo's accounts by source: Sib's in rials and days of Tehran, Acme's in euros and days of Berlin."""


@pytest.mark.parametrize("source", AD_ACCOUNTS)
def test_ad_accounts_of_two_brands_report_apart_and_to_the_micro(story: Story, source: str) -> None:
    account = demo_accounts(LAST_DAY)[AD_ACCOUNTS[source]]
    cost: Counter[tuple[date, str]] = Counter()
    claimed: defaultdict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for fact in account.facts:
        cost[fact.day, str(fact.campaign)] += fact.cost_micros
    for claim in account.claims:
        claimed[claim.day, str(claim.campaign)] += claim.conversions
    expected = {
        (day, campaign): (Decimal(micros) / 1_000_000, claimed[day, campaign])
        for (day, campaign), micros in cost.items()
        if day >= FIRST_DAY
    }
    rows = story.rows(
        LAST_DAY,
        "select ad_date, campaign_id, reporting_cost, conversions, brand_id, account_id, currency_code, "
        f"reporting_currency_code from marts.fct_ad_performance_daily where source_id = '{source}'",
    )
    assert {(day, campaign): (spent, claims) for day, campaign, spent, claims, *_ in rows} == expected
    currency = account.currency_code
    assert {tuple(rest) for *_, rest in [(row[:4], row[4:]) for row in rows]} == {
        (source.partition("_")[0], account.id, currency, currency)
    }


@pytest.mark.parametrize("source", AD_ACCOUNTS)
def test_what_is_claimed_late_changes_exactly_its_days_while_they_are_read_again(
    story: Story, source: str
) -> None:
    """A week later campaigns are read from 30 days before the day that was due then on, conversions from 90."""

    def told(last_day: date, *, spent: bool) -> dict[date, list[str]]:
        days = 120 + (last_day - LAST_DAY).days
        account = demo_accounts(last_day, days=days)[AD_ACCOUNTS[source]]
        what: list[AdFact | Claim] = [*(account.facts if spent else []), *account.claims]
        found: dict[date, list[str]] = {}
        for each in what:
            found.setdefault(each.day, []).append(repr(each))
        return {day: sorted(parts) for day, parts in found.items()}

    load_id = max(story.slices[WEEK_LATER].values())
    due = SECOND_DAY + timedelta(days=1)
    for stream, reread in (("campaign_performance", 31), ("conversions", 91)):
        before, after = (told(day, spent=reread == 31) for day in (SECOND_DAY, WEEK_LATER))
        changed = {
            date.fromisoformat(day)
            for (source_id, stream_id, day), load in story.slices[WEEK_LATER].items()
            if (source_id, stream_id, load) == (source, f"google_ads/{stream}", load_id)
        }
        # A new day lands though nothing is claimed on it.
        differing = {day for day in after if after[day] != before.get(day)}
        differing |= {*DateWindow.inclusive(due, WEEK_LATER).days()}
        reached = {day for day in differing if day > due - timedelta(days=reread)}
        assert changed == reached, stream
        # Not only the youngest days, which any source restates.
        assert min(changed) < LAST_DAY - timedelta(days=7), stream


def test_what_meta_claims_late_changes_exactly_its_days_while_they_are_read_again(story: Story) -> None:
    """As with Google, from 28 days back on; then the claims are those of the server, per action and window."""

    def told(last_day: date) -> dict[date, list[AdDay]]:
        with MetaAdsApi(today=last_day + timedelta(days=1)) as api:
            fill_meta_ads(api, last_day, days=120 + (last_day - LAST_DAY).days)
            found: defaultdict[date, list[AdDay]] = defaultdict(list)
            for each in api.accounts[ACCOUNT_ID].days:
                found[each.day].append(each)
        return found

    before, after = told(SECOND_DAY), told(WEEK_LATER)
    load_id = max(story.slices[WEEK_LATER].values())
    changed = {
        date.fromisoformat(day)
        for (source, stream, day), load in story.slices[WEEK_LATER].items()
        if (source, stream, load) == ("acme_meta", "meta_ads/conversions", load_id)
    }
    due = SECOND_DAY + timedelta(days=1)
    reread = STREAMS["meta_ads/conversions"].reread_days
    differing = {day for day in after if after[day] != before.get(day)}
    assert changed == {day for day in differing if day > due - timedelta(days=reread)}
    assert min(changed) < LAST_DAY - timedelta(days=7)
    claims: Counter[tuple[date, str, str]] = Counter()
    for day in sorted(changed):
        for each in after[day]:
            for window, count in each.actions.get("lead", {}).items():
                claims[day, "lead", window] += int(count)
    rows = story.rows(
        WEEK_LATER,
        "select ad_date, conversion_goal, attribution_window, sum(conversions) from marts.fct_ad_conversions_daily "
        "where source_id = 'acme_meta' and conversion_goal = 'lead' and attribution_window <> 'total' "
        f"and ad_date between '{min(changed)}' and '{max(changed)}' group by 1, 2, 3",
    )
    published = {(day, goal, window): int(count) for day, goal, window, count in rows if count}
    assert {key: count for key, count in published.items() if key[0] in changed} == dict(claims)
    assert claims


def test_impressions_of_the_last_day_are_restated_and_the_history_says_so(story: Story) -> None:
    query = (
        "select period_start, value from marts.fct_kpi_daily where kpi_id = 'ad_impressions' and brand_id = 'acme' "
        f"and segment_type = 'overall' and period_start <= '{LAST_DAY}'"
    )
    before, after = dict(story.rows(LAST_DAY, query)), dict(story.rows(SECOND_DAY, query))
    assert {day for day in before if before[day] != after[day]} == {LAST_DAY}
    reasons = story.rows(
        SECOND_DAY,
        "select reason from marts.fct_kpi_history where kpi_id = 'ad_impressions' and brand_id = 'acme' and grain = "
        f"'day' and segment_type = 'overall' and period_start = '{LAST_DAY}'",
    )
    assert {reason for (reason,) in reasons} == {"new data", "restated"}


def test_ad_days_are_final_when_google_restates_them_no_more(story: Story) -> None:
    query = (
        "select status from marts.fct_kpi_daily where kpi_id = 'ad_impressions' and brand_id = 'acme' and "
        "segment_type = 'overall' and period_start = '{}'"
    )
    youngest_final = LAST_DAY + timedelta(
        days=-1 - STREAMS["google_ads/campaign_performance"].final_after_days
    )
    assert story.rows(LAST_DAY, query.format(youngest_final)) == [("final",)]
    assert story.rows(LAST_DAY, query.format(youngest_final + timedelta(days=1))) == [("provisional",)]


def test_nothing_personal_and_no_secret_is_stored(story: Story) -> None:
    """Neither addresses nor keys stand anywhere in the raw zone, the published file or the logs."""
    home = story.workspace.home
    words = [b"@customer.example", b"key-of-the-local-server", b"pat-na1-key", b"PRIVATE KEY", b"ya29."]
    words += [b"developer-token-of-", b"refresh-token-of-"]
    for path in [*(home / "raw").rglob("*"), *(home / "dagster").rglob("*.log"), story.workspace.published]:
        if path.is_file():
            content = path.read_bytes()
            assert [word for word in words if word in content] == [], path
