"""Reports and audiences: counts over rates, moments that never came, restatement, deletions, lists that move."""

from __future__ import annotations

import pytest
from werkzeug import Request, Response

from tests.contract.landed import Workbench, errors_of
from tests.contract.mailchimp.conftest import DAY, HOUR, NOON
from tests.fakes.mailchimp import MailchimpApi
from tests.fakes.mailchimp_rows import audience, report
from tests.fakes.server import json_response


def _report_calls(api: MailchimpApi) -> list[dict[str, str]]:
    return [dict(seen.query) for seen in api.seen if seen.path.endswith("/reports")]


def test_counts_land_and_no_rate_does(api: MailchimpApi, bench: Workbench) -> None:
    api.reports = [
        report(1, at=NOON, sent=200, opens=100, clicks=40, human_opens=61, bounces=(3, 2, 1)),
        report(2, at=NOON, last_open=NOON + HOUR),
    ]
    bench.landed(NOON + DAY)
    told = (
        "emails_sent, hard_bounces, soft_bounces, syntax_errors, unique_opens, proxy_excluded_unique_opens, "
        "unique_clicks, unique_subscriber_clicks, last_open, last_click"
    )
    assert bench.rows(f"select {told} from raw.mailchimp__reports order by campaign_id") == [
        (200, 3, 2, 1, 100, 61, 60, 40, None, None),
        (200, 0, 0, 0, 100, None, 60, 40, (NOON + HOUR).replace(tzinfo=None), None),
    ]
    names = {name for name, *_ in bench.rows("describe raw.mailchimp__reports")}
    names |= {name for name, *_ in bench.rows("describe raw.mailchimp__lists")}
    assert [name for name in names if "rate" in name] == []


def test_a_campaign_that_was_never_sent_keeps_no_other_one_out(api: MailchimpApi, bench: Workbench) -> None:
    api.reports = [report(1, at=NOON), report(2, at=NOON, type="automation", sent=0, send_time="")]
    bench.landed(NOON + DAY)
    bench.landed(NOON + 2 * DAY)
    assert bench.rows("select send_time from raw.mailchimp__reports order by campaign_id") == [
        (NOON.replace(tzinfo=None),),
        (None,),
    ]


def test_what_names_people_is_not_asked_for(api: MailchimpApi, bench: Workbench) -> None:
    api.reports = [report(1, at=NOON)]
    bench.landed(NOON + DAY)
    bench.check(now=NOON)
    fields = " ".join(seen.query["fields"] for seen in api.seen)
    assert [
        word for word in ("contact", "campaign_defaults", "email,", "timeseries", "rate") if word in fields
    ] == []
    assert "mina@acme.example" not in bench.everything_stored()


def test_a_report_changes_for_thirty_days_and_older_ones_are_not_asked_for(
    api: MailchimpApi, bench: Workbench
) -> None:
    api.reports = [report(number, at=NOON - age * DAY) for number, age in ((1, 0), (2, 29), (3, 31))]
    bench.landed(NOON)
    api.seen.clear()
    api.reports = [
        report(number, at=NOON - age * DAY, opens=150) for number, age in ((1, 0), (2, 29), (3, 31))
    ]
    landed = bench.landed(NOON + DAY)

    (asked,) = _report_calls(api)
    assert asked["since_send_time"] == "2026-10-02T12:00:00+00:00"
    assert landed["reports"].rows == 2
    newest = (
        "select campaign_id, max_by(unique_opens, _load_id) from raw.mailchimp__reports group by 1 order by 1"
    )
    assert [opens for _, opens in bench.rows(newest)] == [150, 150, 100]


def test_all_reports_are_read_again_weekly(api: MailchimpApi, bench: Workbench) -> None:
    welcome = report(1, at=NOON - 300 * DAY, type="automation", sent=10)
    api.reports = [welcome, report(2, at=NOON - 200 * DAY), report(3, at=NOON - DAY)]
    bench.landed(NOON)
    welcome["emails_sent"] = 25
    del api.reports[1]
    assert bench.landed(NOON + 6 * DAY)["reports"].rows == 0
    bench.landed(NOON + 7 * DAY)
    news = "select campaign_id, emails_sent, _is_deleted from raw.mailchimp__reports where _load_id = 3 order by 1"
    assert bench.rows(news) == [("0000000001", 25, False), ("0000000002", None, True)]


def test_pages_are_as_long_as_asked_for_and_end_with_the_total(api: MailchimpApi, bench: Workbench) -> None:
    api.reports = [report(number, at=NOON - number * HOUR) for number in range(1, 13)]
    bench.landed(NOON, page_size=6)
    assert [(each["count"], each["offset"]) for each in _report_calls(api)] == [("6", "0"), ("6", "6")]
    assert bench.rows("select count(*), count(distinct campaign_id) from raw.mailchimp__reports") == [
        (12, 12)
    ]


def test_a_campaign_deleted_between_pages_hides_none(api: MailchimpApi, bench: Workbench) -> None:
    """Behind a deleted row the next one moves into the page that was read: only the total tells."""
    api.reports = [report(number, at=NOON - number * HOUR) for number in range(1, 8)]
    api.on_request(2, lambda: api.reports.pop(0), matches=lambda asked: asked.path.endswith("/reports"))
    bench.landed(NOON, page_size=3)
    assert bench.rows("select count(*) from raw.mailchimp__reports") == [(6,)]
    assert len(_report_calls(api)) == 2 + 2


def test_a_campaign_sent_between_pages_doubles_none(api: MailchimpApi, bench: Workbench) -> None:
    api.reports = [report(number, at=NOON - number * HOUR) for number in range(1, 8)]
    late = report(99, at=NOON)
    api.on_request(2, lambda: api.reports.append(late), matches=lambda asked: asked.path.endswith("/reports"))
    bench.landed(NOON, page_size=3)
    assert bench.rows("select count(*), count(distinct campaign_id) from raw.mailchimp__reports") == [(8, 8)]


def test_a_list_that_never_stands_still_is_told(api: MailchimpApi, bench: Workbench) -> None:
    api.reports = [report(number, at=NOON - number * HOUR) for number in range(1, 8)]
    for nth in (2, 4, 6):
        extra = report(100 + nth, at=NOON)
        api.on_request(
            nth,
            lambda row=extra: api.reports.append(row),
            matches=lambda asked: asked.path.endswith("/reports"),
        )
    said = errors_of(bench.land(NOON, page_size=3))["reports"]
    assert "rows moved between pages" in said
    assert bench.rows("select count(*) from raw.mailchimp__reports") == [(0,)]


def test_audiences_land_when_their_counts_change(api: MailchimpApi, bench: Workbench) -> None:
    api.audiences.append(audience("a2", at=NOON, members=10, name="Partners"))
    assert bench.landed(NOON)["lists"].rows == 2
    api.audiences[1]["stats"]["member_count"] = 11
    assert bench.landed(NOON + DAY)["lists"].rows == 1
    assert bench.rows(
        "select name, member_count, last_sub_date from raw.mailchimp__lists order by _load_id, name"
    ) == [("Partners", 10, None), ("خبرنامه", 5000, None), ("Partners", 11, None)]


@pytest.mark.parametrize("lack", ["total_items", "reports"])
def test_an_answer_that_cannot_be_proven_whole_is_refused(
    api: MailchimpApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, lack: str
) -> None:
    api.reports = [report(1, at=NOON)]
    api.lies = True
    whole = api.answer

    def part(request: Request) -> Response:
        body = whole(request).get_json()
        return json_response({name: value for name, value in body.items() if name != lack})

    monkeypatch.setattr(api, "answer", part)
    assert "can't be proven whole" in errors_of(bench.land(NOON))["reports"]
