"""What the pages say: the worked example, what to do, explanations, plans, data; in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from orchestration.report.files import write_reports
from orchestration.workspace import Workspace
from tests.report.conftest import page_text
from tests.report.parsed import Element, read_page
from tests.report.published_story import publish_story
from tests.report.published_tables import LATER_TABLES

WORKED_EXAMPLE = [
    ("E-mail open rate", "25%", "≥ 25%"),
    ("E-mail click rate", "8%", "≥ 8%"),
    ("Form conversion rate", "15%", "≥ 15%"),
    ("Leads", "200", "≥ 200"),
]
PERSIAN_EXAMPLE = ["۲۵٪", "۸٪", "۱۵٪", "۲۰۰"]
MARKS = str.maketrans("", "", "\u200e\u200f")


def page(workspace: Workspace, name: str) -> Element:
    return read_page(page_text(workspace, name))[0]


def verdict_lines(root: Element) -> list[Element]:
    return [line for line in root.of_class("verdicts")[0].children if line.tag == "li"]


def one(element: Element, name: str) -> str:
    return element.of_class(name)[0].text


def test_the_worked_example_is_on_target(story: Workspace) -> None:
    root = page(story, "orion/monthly.en")
    assert one(root, "headline") == "All 4 KPIs reached their target."
    lines = verdict_lines(root)
    assert [(one(each, "name"), one(each, "big"), one(each, "aim")) for each in lines] == WORKED_EXAMPLE
    assert [one(each, "chip") for each in lines] == ["✓ On target"] * 4
    assert one(root, "period") == "December 2025"


def test_the_worked_example_in_persian(story: Workspace) -> None:
    root = page(story, "orion/monthly.fa")
    lines = verdict_lines(root)
    assert [one(each, "big").translate(MARKS) for each in lines] == PERSIAN_EXAMPLE
    assert [one(each, "chip") for each in lines] == ["✓ به هدف رسید"] * 4
    assert one(root, "period") == "دسامبر ۲۰۲۵"


def test_one_lead_less_is_below_target_and_says_what_is_short(tmp_path: Path) -> None:
    workspace = publish_story(tmp_path, leads=199)
    write_reports(workspace, languages=("en",), brand="orion", cadence="monthly")
    root = page(workspace, "orion/monthly.en")
    leads = verdict_lines(root)[3]
    assert one(leads, "chip") == "✕ Below target"
    assert one(leads, "big") == "199"
    assert "1 short of the target." in one(leads, "advice")
    assert one(root, "headline") == "3 of 4 KPIs reached their target."


def test_the_running_month_is_told_apart_with_what_a_day_must_bring(story: Workspace) -> None:
    said = one(verdict_lines(page(story, "orion/monthly.en"))[3], "running")
    # 12 leads in 3 of 31 days, 200 wanted: 188 in the 28 days left.
    assert "January 2026: 12 so far, 62%" in said
    assert "6.71 a day would reach 200; so far it is 4." in said
    assert said.endswith("Behind pace")


def test_a_missed_limit_says_how_much_less_and_where_to_look_first(story: Workspace) -> None:
    root = page(story, "nava/monthly.en")
    line = next(each for each in verdict_lines(root) if one(each, "name") == "Bounce rate")
    assert one(line, "chip") == "✕ Above limit"
    assert one(line, "aim") == "≤ 30%"
    advice = one(line, "advice")
    # 4,000 sessions at 30 % are 1,200 bounces.
    value = float(one(line, "big").rstrip("%"))
    assert f"{round(value * 40) - 1200:,} fewer bounces out of the same 4,000 sessions" in advice
    assert "Look first at Paid search (channel): it moved the value by +10.00 pts." in advice


def test_a_reached_target_counts_how_often_in_a_row(story: Workspace) -> None:
    leads = next(
        each for each in verdict_lines(page(story, "nava/monthly.en")) if one(each, "name") == "Leads"
    )
    assert "Reached 6 times in a row: nothing to do." in one(leads, "advice")
    assert len(leads.of_class("history")[0].all("li")) == 5


def test_jalali_brands_have_jalali_periods_and_only_persian_digits(story: Workspace) -> None:
    root = page(story, "nava/monthly.fa")
    assert one(root, "period") == "آذر ۱۴۰۴"
    said = root.all("main")[0].text
    sources = {"nava_campaigns", "nava_contacts", "nava_traffic"}
    plain = " ".join(word for word in said.split() if word not in sources)
    assert re.findall(r"[0-9%]", plain) == []
    assert "۲۱٫۶۴ میلیارد ریال" in said.translate(MARKS)
    assert page(story, "nava/daily.fa").of_class("period")[0].text.startswith("۱۴۰۴/۱۰/")


def test_kpis_are_compared_with_the_period_before_and_a_year_ago(story: Workspace) -> None:
    article = next(
        each for each in page(story, "orion/monthly.en").of_class("kpi") if each.all("h3")[0].text == "Leads"
    )
    facts = {
        each.all("dt")[0].text: each.all("dd")[0].text for each in article.of_class("facts")[0].all("div")
    }
    table = {row.all("th")[0].text: row.all("td")[0].text for row in article.all("tbody")[0].all("tr")}
    before, year_ago = float(table["November 2025"]), float(table["December 2024"])
    assert (
        facts["vs period before"]
        == f"{(200 - before) / before * 100:+.1f}%".replace("-", "−") + f" {before:.0f}"
    )
    assert (
        facts["vs year ago"]
        == f"{(200 - year_ago) / year_ago * 100:+.1f}%".replace("-", "−") + f" {year_ago:.0f}"
    )
    assert facts["January 2026 so far"] == "12"


def test_what_is_not_final_is_drawn_open_and_named(story: Workspace) -> None:
    articles = page(story, "orion/monthly.en").of_class("kpi")
    for article in articles:
        assert "not final yet" in article.of_class("legend")[0].text
        assert "stroke-dasharray" in page_text(story, "orion/monthly.en")
        newest = article.all("tbody")[0].all("tr")[0]
        assert newest.text.startswith("January 2026")
        assert newest.text.endswith("provisional")


def test_explanations_add_up_in_words_and_table(story: Workspace) -> None:
    explained = page(story, "orion/monthly.en").of_class("explained")[0]
    said = explained.all("p")[0].text
    assert "From 7.78% to 8%: +0.22 pts." in said
    assert "+0.34 pts because segments did better or worse themselves, −0.12 pts because their shares" in said
    assert "Unique e-mail clicks moved it by +0.35 pts, delivered e-mails by −0.13 pts." in said
    assert "Held back most by Paid search: −0.16 pts." in said
    channels, campaigns = explained.all("table")
    assert [row.all("th")[0].text for row in channels.all("tbody")[0].all("tr")] == [
        "E-mail",
        "Paid search",
        "Organic search",
    ]
    assert channels.all("tfoot")[0].text == "Total +0.22 pts"
    assert campaigns.all("tbody")[0].all("tr")[-1].text.startswith("all others (5) +0.10 pts")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The story with orion's leads ending on 9 December, in a month that is final."""
    workspace = publish_story(tmp_path_factory.mktemp("ended"), leads=70)
    december = "brand_id = 'orion' and kpi_id = 'leads' and period_start = date '2025-12-01'"
    january = "brand_id = 'orion' and kpi_id = 'leads' and period_start = date '2026-01-01'"
    with duckdb.connect(str(workspace.published_file)) as con:
        con.execute(
            "update marts.fct_kpi_monthly set days_loaded = 9, days_expected = 9, "
            f"loaded_through = date '2025-12-09' where {december}"
        )
        con.execute(
            "update marts.fct_scorecard set loaded_through = date '2025-12-09', pace = null, "
            f"verdict = 'below_target' where {december}"
        )
        con.execute(f"delete from marts.fct_kpi_monthly where {january}")
        con.execute(f"delete from marts.fct_scorecard where {january}")
        for segment, contribution, is_bottleneck in (
            ("(unreconciled)", -2.0, True),
            ("desktop", 13.94, False),
        ):
            con.execute(
                "insert into marts.fct_kpi_diagnosis by name select 'orion' as brand_id, 'leads' as kpi_id, "
                "'month' as grain, date '2025-12-01' as period_start, 'target' as compared_with, "
                "'orion_card' as scorecard_id, 'device' as segment_type, ? as segment, 10 as before_value, "
                "12 as after_value, 200 * 9 / 31 as total_before, 70 as total_after, "
                "70 - 200 * 9 / 31 as total_change, ? as contribution, ? as is_bottleneck",
                [segment, contribution, is_bottleneck],
            )
    write_reports(workspace, languages=("en", "fa"), brand="orion", cadence="monthly")
    return workspace


def leads_of(workspace: Workspace, lang: str) -> tuple[Element, Element]:
    """The verdict and the details of leads."""
    root = page(workspace, f"orion/monthly.{lang}")
    return verdict_lines(root)[3], root.of_class("kpi")[3]


def test_a_final_month_whose_data_end_early_is_told_as_final(ended: Workspace) -> None:
    line, details = leads_of(ended, "en")
    advice = one(line, "advice")
    assert "130 short of the target." in advice
    assert advice.endswith("The data end on 2025-12-09.")
    assert "so far" not in line.text + details.text
    assert "a day would" not in line.text
    assert "داده‌ها تا ۲۰۲۵/۱۲/۰۹ است" in leads_of(ended, "fa")[0].text


def test_a_part_of_a_month_is_not_compared_with_a_whole_one(ended: Workspace) -> None:
    facts = one(leads_of(ended, "en")[1], "facts")
    assert facts.count("9 of 31 days, not comparable") == 2
    assert "%" not in facts
    assert "۹ روز از ۳۱ روز، قابل مقایسه نیست" in one(leads_of(ended, "fa")[1], "facts")
    # Shares don't grow with the days.
    rate = page(ended, "orion/monthly.en").of_class("kpi")[0]
    assert "not comparable" not in one(rate, "facts")


def test_the_part_of_the_target_is_named(ended: Workspace) -> None:
    said = one(leads_of(ended, "en")[1], "explained")
    assert "From 58, the part of the target for 9 of 31 days, to 70: +11.94." not in said
    assert "From 58, the part of the target for 9 of 31 days, to 70: +12." in said


def test_what_is_no_segment_is_no_advice(ended: Workspace) -> None:
    line, details = leads_of(ended, "en")
    assert "Look first" not in line.text
    said = one(details, "explained")
    assert "Most against it: in no segment (total minus breakdown), −2; no segment to look into." in said
    assert "(unreconciled)" not in details.text
    assert "خارج از بخش‌ها" in one(leads_of(ended, "fa")[1], "explained")


def test_a_source_that_lacks_overdue_days_is_not_up_to_date(tmp_path: Path) -> None:
    workspace = publish_story(tmp_path)
    with duckdb.connect(str(workspace.published_file)) as con:
        con.execute("update marts.fct_source_freshness set status = 'fresh', days_behind = 0")
    write_reports(workspace, languages=("en", "fa"), cadence="monthly")
    text = page(workspace, "orion/monthly.en").all("main")[0].text
    assert "up to date" not in text
    assert "No stream is late or failed (3). Overdue days since 2024-01-01: 4 (orion_contacts)." in text
    assert "orion_contacts crm/contacts days missing" in text
    assert "orion_traffic crm/traffic fresh" in text
    assert "Every stream is up to date (3)." in page(workspace, "nava/monthly.en").all("main")[0].text
    assert "(orion_contacts)" in page(workspace, "orion/monthly.fa").all("main")[0].text


def test_page_and_index_count_alike(tmp_path: Path) -> None:
    workspace = publish_story(tmp_path)
    with duckdb.connect(str(workspace.published_file)) as con:
        for verdict, kpi in (("on_pace", "leads"), ("behind_pace", "email_open_rate")):
            con.execute(
                f"update marts.fct_scorecard set verdict = '{verdict}', status = 'provisional' "
                f"where kpi_id = '{kpi}' and brand_id = 'orion' and period_start = date '2025-12-01'"
            )
    write_reports(workspace, languages=("en",), brand="orion")
    headline = one(page(workspace, "orion/monthly.en"), "headline")
    assert headline.startswith("2 of 3 KPIs reached their target. 1 on pace")
    rows = {row.all("th")[0].text: row for row in page(workspace, "index").all("tbody")[0].all("tr")}
    assert rows["Orion"].all("td")[2].text == "December 2025 2 of 3 on target, 1 on pace"


def test_objectives_budgets_and_alerts(story: Workspace) -> None:
    root = page(story, "orion/monthly.en")
    text = root.all("main")[0].text
    assert "75% reached, 98% of the period elapsed. 40% of the weight is without data." in text
    assert (
        "Paid search 1,200.50 EUR 1,510.20 EUR 126% 1,510.20 EUR ✕ Over budget 48.70 EUR 66.40 EUR 2.1 1.2"
        in text
    )
    [alerts] = [each for each in root.all("section") if each.attributes["id"] == "alerts"]
    lines = [row.text for row in alerts.all("tbody")[0].all("tr")]
    assert lines == [
        "Leads pace January 2026 11 ≥ 200 provisional crm-lead",
        "orion_crm data (muted: stale source) – – – stale –",
    ]


def test_data_are_told_with_gaps_and_publications(story: Workspace) -> None:
    text = page(story, "orion/monthly.en").all("main")[0].text
    assert "2 of 3 streams are behind or failed." in text
    assert "orion_contacts 2025-12-28 2025-12-30 3 overdue" in text
    assert "7 2026-01-05 21:00 1 0 1" in text
    assert "Leads December 2025 196 200 restated (orion_contacts) 7" in text


def test_a_brand_without_scorecard_shows_its_kpis_without_targets(story: Workspace) -> None:
    root = page(story, "plain/monthly.en")
    assert one(root, "headline") == "3 KPIs, no targets yet."
    assert root.of_class("chip") == []
    assert len(root.of_class("kpi")) == 3
    assert "has no scorecard" in root.all("main")[0].text


def test_reports_of_other_grains_show_the_verdicts_of_the_month(story: Workspace) -> None:
    root = page(story, "orion/daily.en")
    assert one(root, "card").startswith("B2B e-mail campaign")
    assert "This scorecard is judged by the month." in one(root, "card")
    assert [one(each, "big") for each in verdict_lines(root)] == ["25%", "8%", "15%", "200"]
    assert all(not each.of_class("chip") for each in root.of_class("kpi"))


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_a_brand_without_data_says_so(story: Workspace, lang: str) -> None:
    root = page(story, f"bare/monthly.{lang}")
    assert root.all("svg") == []
    assert ("sanjeh status" in root.all("main")[0].text) is True
    assert "–" not in root.all("h1")[0].text


def test_a_file_of_an_older_program_gives_a_report_without_the_later_parts(tmp_path: Path) -> None:
    workspace = publish_story(tmp_path, without=LATER_TABLES)
    write_reports(workspace, languages=("en",), brand="orion", cadence="monthly")
    root = page(workspace, "orion/monthly.en")
    assert [one(each, "chip") for each in verdict_lines(root)] == ["✓ On target"] * 4
    assert root.of_class("explained") == []
    assert {each.attributes["id"] for each in root.all("section")} == {
        "verdicts",
        "kpis",
        "others",
        "data",
        "publication",
    }
    assert all(each.attributes["href"] != "#alerts" for each in root.all("a"))


def test_the_index_lists_brands_with_their_periods_and_verdicts(story: Workspace) -> None:
    rows = {row.all("th")[0].text: row for row in page(story, "index").all("tbody")[0].all("tr")}
    assert list(rows)[:3] != []
    monthly = rows["Orion"].all("td")[2]
    assert monthly.all("a")[0].attributes["href"] == "orion/monthly.en.html"
    assert monthly.text == "December 2025 4 of 4 on target"
    assert rows["Nava"].all("td")[2].text == "Azar 1404 1 of 3 on target"
    # The other cadences have no scorecard of their own and say of which grain the count is.
    assert rows["Orion"].all("td")[3].text == "2025 Q4 by the month: 4 of 4 on target"
    assert rows["Plain"].all("td")[0].text.endswith("no targets")
    assert rows["Bare"].all("td")[0].text == "no value yet"
    persian = {row.all("th")[0].text: row for row in page(story, "index.fa").all("tbody")[0].all("tr")}
    assert persian["نوا"].all("td")[2].text == "آذر ۱۴۰۴ ۱ از ۳ به هدف رسید"
