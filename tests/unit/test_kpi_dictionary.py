"""The generated KPI dictionary follows the seeds, is complete, and is noticed when stale."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from orchestration import kpi_dictionary
from orchestration.kpi_dictionary import DICTIONARY, Seeds, render_dictionary
from orchestration.workspace import dbt_project_dir


def section(kpi_id: str) -> str:
    found = re.search(rf"\n### {kpi_id}\n(.*?)(?=\n##)", render_dictionary(), re.DOTALL)
    assert found
    return found[1]


def changed(kpi_id: str, **texts: str) -> Seeds:
    seeds = Seeds.read()
    return replace(seeds, kpis=[{**row, **texts} if row["kpi_id"] == kpi_id else row for row in seeds.kpis])


def test_the_stored_dictionary_is_up_to_date() -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == render_dictionary()


def test_check_fails_when_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = changed("aov", question_en="Is that so?")
    monkeypatch.setattr(kpi_dictionary.Seeds, "read", lambda: seeds)
    done = CliRunner().invoke(kpi_dictionary.main, ["--check"])
    assert done.exit_code == 1
    assert "doesn't match the seeds" in done.output


def test_every_kpi_and_measure_has_its_place() -> None:
    text = render_dictionary()
    with (dbt_project_dir() / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8") as file:
        kpis = [row["kpi_id"] for row in csv.DictReader(file)]
    assert [kpi for kpi in kpis if text.count(f"\n### {kpi}\n") != 1] == []
    measures = {row["measure"] for row in Seeds.read().measures}
    assert [measure for measure in measures if text.count(f"\n| `{measure}` |") != 1] == []


def test_a_ratio_of_derived_measures_is_spelled_out() -> None:
    text = section("marketing_roi")
    assert "| measures | (`order_value` x gross margin - `marketing_cost`) / `marketing_cost` |" in text
    assert "| better | higher; values any number, targets at least -1 |" in text
    shops = "orders/orders, orders/order_lines, shopify/orders, woocommerce/orders"
    assert f"`order_value`: {shops}; `marketing_cost`: google_ads/" in text


def test_what_a_kpi_is_judged_by_stands_in_it() -> None:
    assert "immature until 90 days after the period; low sample below 30" in section("lead_conversion_rate")
    assert "| goals | vanity |" in section("social_likes")
    assert "targets above 0" in section("revenue")
    assert "also NDR, NRR" in section("net_revenue_retention")
    assert "| measures | 100 x `nps_promoters_minus_detractors` / `nps_responses` |" in section("nps")


@pytest.mark.parametrize(
    ("kpi_id", "said"),
    [
        ("branded_search_volume", "A lower bound and a proxy"),
        ("bounce_rate", "not 'left after one page'"),
        ("ad_ctr", "not the share of users who clicked"),
        ("aov", "Shopify's AOV"),
        ("email_open_rate", "proxies"),
    ],
)
def test_words_that_others_use_differently_are_set_apart(kpi_id: str, said: str) -> None:
    assert said in section(kpi_id)


def test_seeds_that_lack_something_are_refused() -> None:
    with pytest.raises(ValueError, match=r"KPI aov of kpi_catalogue\.csv lacks question_fa"):
        render_dictionary(changed("aov", question_fa=""))
    with pytest.raises(ValueError, match=r"KPI aov needs baskets, which measures\.csv doesn't declare"):
        render_dictionary(changed("aov", numerator_measure="baskets"))
    with pytest.raises(ValueError, match="KPI aov is of family shop"):
        render_dictionary(changed("aov", family="shop"))
