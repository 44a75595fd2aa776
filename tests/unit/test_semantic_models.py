"""The generated semantic models follow the seeds, say why a KPI is missing, and are noticed when stale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from orchestration import semantic_models
from orchestration.kpi_dictionary import Seeds
from orchestration.semantic_facts import DAY, DAY_PARTS, FACTS
from orchestration.semantic_metrics import catalogue
from orchestration.semantic_models import LIST, METRICS, MODELS, render

VIEWS = MODELS.parent


def metrics(seeds: Seeds | None = None) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in yaml.safe_load(render(seeds)[METRICS])["metrics"]}


def models(seeds: Seeds | None = None) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in yaml.safe_load(render(seeds)[MODELS])["semantic_models"]}


def changed(kpi_id: str, **texts: str) -> Seeds:
    seeds = Seeds.read()
    return replace(seeds, kpis=[{**row, **texts} if row["kpi_id"] == kpi_id else row for row in seeds.kpis])


def weighed(derived: str, *terms: tuple[str, str, str]) -> Seeds:
    seeds = Seeds.read()
    rows = [
        {"derived_measure": derived, "measure": measure, "weight": weight, "weighted_by": by}
        for measure, weight, by in terms
    ]
    kept = [row for row in seeds.derived if row["derived_measure"] != derived]
    return replace(seeds, derived=[*kept, *rows])


def test_the_stored_files_are_up_to_date() -> None:
    for path, text in render().items():
        assert path.read_text(encoding="utf-8") == text


def test_check_fails_when_stale_and_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = changed("aov", name_en="Basket")
    monkeypatch.setattr(semantic_models.Seeds, "read", lambda: seeds)
    done = CliRunner().invoke(semantic_models.main, ["--check"])
    assert done.exit_code == 1
    assert (
        "_metrics.yml doesn't match the seeds. Run `python -m orchestration.semantic_models`" in done.output
    )


def test_every_kpi_is_a_metric_or_left_out_with_a_reason() -> None:
    seeds = Seeds.read()
    said = catalogue(seeds)
    told = {metric.name for metric in said.metrics if metric.kpi}
    assert told | said.left_out.keys() == {kpi["kpi_id"] for kpi in seeds.kpis}
    assert not told & said.left_out.keys()
    assert said.left_out["mrr"].startswith("`mrr` is a state at the end of the period")
    assert "`nps_responses` is computed per period" in said.left_out["nps"]
    listed = render(seeds)[LIST]
    assert [kpi["kpi_id"] for kpi in seeds.kpis if listed.count(f"\n| `{kpi['kpi_id']}` |") != 1] == []


def test_a_metric_carries_the_catalogue_in_both_languages() -> None:
    revenue = metrics()["revenue"]
    assert revenue["label"] == "Revenue"
    assert revenue["config"]["meta"]["label_fa"] == "درآمد"
    assert revenue["config"]["meta"]["unit"] == "money"
    assert "Goods minus discounts by order date, refunds on the refund's day." in revenue["description"]


def test_a_ratio_divides_two_metrics_and_is_kept_to_brands_that_measure_both() -> None:
    said = metrics()
    ctr = said["ad_ctr"]
    assert ctr["type"] == "ratio"
    assert ctr["type_params"] == {
        "numerator": {"name": "ad_clicks"},
        "denominator": {"name": "ad_impressions"},
    }
    assert ctr["filter"] == "{{ Dimension('brand__kpis') }} like '%,ad_ctr,%'"
    assert said["ad_clicks"]["type_params"] == {"measure": {"name": "ad_clicks", "fill_nulls_with": 0}}


def test_a_weighted_sum_is_a_derived_metric() -> None:
    said = metrics()
    assert said["bounce_rate"]["type_params"]["numerator"] == {"name": "bounced_sessions"}
    assert said["bounced_sessions"]["type_params"] == {
        "expr": "sessions - engaged_sessions",
        "metrics": [{"name": "sessions"}, {"name": "engaged_sessions"}],
    }
    half = metrics(weighed("bounced_sessions", ("sessions", "-1", ""), ("engaged_sessions", "0.5", "")))
    assert half["bounced_sessions"]["type_params"]["expr"] == "-sessions + 0.5 * engaged_sessions"


def test_a_setting_of_the_brand_weighs_the_measure_row_by_row() -> None:
    parts = {measure["name"]: measure for measure in models()["day_parts"]["measures"]}
    own = "case when measure = 'order_value' then amount end"
    assert parts["order_value"]["expr"] == own
    assert parts["order_value_by_gross_margin"]["expr"] == f"{own} * gross_margin"
    assert metrics()["margin_after_marketing"]["type_params"]["expr"] == (
        "order_value_by_gross_margin - marketing_cost"
    )


def test_the_scale_multiplies_the_quotient_or_the_sum() -> None:
    per_mille = metrics(changed("ad_ctr", scale="1000"))
    assert per_mille["ad_ctr"]["type_params"]["expr"] == "1000 * ad_ctr_unscaled"
    assert per_mille["ad_ctr_unscaled"]["type"] == "ratio"
    assert metrics(changed("purchases", scale="2"))["purchases"]["type_params"]["expr"] == "2 * orders"


def test_a_new_additive_measure_needs_no_code() -> None:
    seeds = Seeds.read()
    shares = {**next(row for row in seeds.kpis if row["kpi_id"] == "signups"), "kpi_id": "site_shares_kpi"}
    shares["numerator_measure"] = "site_shares"
    parts = models(replace(seeds, kpis=[*seeds.kpis, shares]))["day_parts"]["measures"]
    assert "case when measure = 'site_shares' then amount end" in [measure["expr"] for measure in parts]


def test_names_that_mean_two_numbers_are_refused() -> None:
    seeds = Seeds.read()
    kpis = [
        {**row, "kpi_id": "engaged_sessions"} if row["kpi_id"] == "purchases" else row for row in seeds.kpis
    ]
    with pytest.raises(ValueError, match=r"engaged_sessions names a KPI of kpi_catalogue\.csv and a measure"):
        render(replace(seeds, kpis=kpis))


def test_a_measure_that_nobody_declares_is_refused() -> None:
    with pytest.raises(ValueError, match=r"KPI aov needs baskets, which measures\.csv doesn't declare"):
        render(changed("aov", numerator_measure="baskets"))


def test_a_weight_that_no_view_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="weighs sessions by gross_margin, which the view web_traffic"):
        render(weighed("bounced_sessions", ("sessions", "1", "gross_margin")))


def test_declared_measures_exist_and_stand_in_their_view() -> None:
    known = {row["measure"] for row in Seeds.read().measures}
    for view in FACTS:
        sql = (VIEWS / f"{view.name}.sql").read_text(encoding="utf-8")
        assert known >= {*view.measures, *view.distinct}
        columns = {DAY, *view.measures, *view.distinct.values(), *view.dimensions}
        assert [column for column in sorted(columns) if column not in sql] == []


def test_every_view_is_used() -> None:
    files = {path.stem for path in Path(VIEWS).glob("*.sql")} - {"time_spine", "brands", "channels"}
    assert files == {view.name for view in (*FACTS, DAY_PARTS)}
