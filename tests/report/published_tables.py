"""The tables of the published file that a report reads, with the columns that docs/data_dictionary.md lists."""

from __future__ import annotations

PERIOD_COLUMNS = (
    "calendar_key varchar, calendar varchar, week_start varchar, fiscal_year_start bigint, grain varchar, "
    "period_index bigint, period_start date, period_end date, days bigint, previous_start date, "
    "year_ago_start date, label_en varchar, label_fa varchar"
)
KPI_COLUMNS = (
    "brand_id varchar, kpi_id varchar, period_start date, period_end date, segment_type varchar, segment varchar, "
    "numerator decimal(38,6), denominator decimal(38,6), value double, currency_code varchar, calendar varchar, "
    "basis varchar, days_loaded bigint, days_expected bigint, sample_size bigint, status varchar, "
    "previous_value double, year_ago_value double, change_abs double, change_rate double, loaded_through date, "
    "built_at timestamp"
)
COLUMNS = {
    "dim_brand": (
        "brand_id varchar, name varchar, name_fa varchar, timezone varchar, currency_code varchar, "
        "calendar varchar, week_start varchar, fiscal_year_start bigint, calendar_key varchar, "
        "gross_margin decimal(9,6), as_of_date date"
    ),
    "dim_kpi": (
        "kpi_id varchar, name_en varchar, name_fa varchar, family varchar, numerator_measure varchar, "
        "denominator_measure varchar, scale bigint, additivity varchar, unit varchar, direction varchar, "
        "formula_en varchar, question_en varchar, question_fa varchar"
    ),
    "dim_channel": "channel_id varchar, name_en varchar, name_fa varchar, is_paid boolean, is_mapped boolean",
    "dim_period": PERIOD_COLUMNS,
    "fct_kpi_daily": KPI_COLUMNS,
    "fct_kpi_weekly": KPI_COLUMNS,
    "fct_kpi_monthly": KPI_COLUMNS,
    "fct_kpi_quarterly": KPI_COLUMNS,
    "fct_scorecard": (
        "brand_id varchar, scorecard_id varchar, name varchar, name_fa varchar, goal varchar, "
        "campaign_type varchar, brand_stage varchar, kpi_id varchar, kpi_name_en varchar, kpi_name_fa varchar, "
        "unit varchar, currency_code varchar, grain varchar, period_start date, period_end date, "
        "segment_type varchar, segment varchar, position bigint, actual double, target double, "
        "target_upper double, direction varchar, baseline double, tolerance double, attainment double, "
        "gap double, pace double, verdict varchar, status varchar, sample_size bigint, owner varchar, "
        "team varchar, target_valid_from date, loaded_through date, previous_value double, "
        "year_ago_value double, previous_verdict varchar, is_provisional boolean, target_at_pace double, "
        "is_latest boolean"
    ),
    "fct_kpi_diagnosis": (
        "brand_id varchar, kpi_id varchar, grain varchar, period_start date, compared_with varchar, "
        "scorecard_id varchar, segment_type varchar, segment varchar, before_value double, after_value double, "
        "before_numerator double, before_denominator double, after_numerator double, after_denominator double, "
        "total_before double, total_after double, total_change double, mix_effect double, rate_effect double, "
        "contribution double, share_of_change double, rank bigint, is_bottleneck boolean"
    ),
    "fct_okr_progress": (
        "brand_id varchar, objective_id varchar, name varchar, name_fa varchar, owner varchar, team varchar, "
        "grain varchar, period_start date, period_end date, key_results bigint, key_results_without_data bigint, "
        "weight_with_data double, share_without_data double, progress double, expected_progress double, "
        "is_latest boolean"
    ),
    "fct_okr_key_results": (
        "brand_id varchar, objective_id varchar, position bigint, kpi_id varchar, segment_type varchar, "
        "segment varchar, grain varchar, period_start date, period_end date, direction varchar, "
        "baseline double, target double, actual double, unit varchar, currency_code varchar, weight double, "
        "progress double, status varchar, loaded_through date"
    ),
    "fct_budget_pacing": (
        "brand_id varchar, channel_id varchar, period_start date, period_end date, currency_code varchar, "
        "budget decimal(18,6), spend decimal(18,6), budget_share_elapsed double, expected_spend double, "
        "pace double, projected_spend double, verdict varchar, leads double, revenue double, "
        "cost_per_lead double, return_on_spend double, marginal_cost_per_lead double, marginal_return double, "
        "marginal_months bigint, status varchar"
    ),
    "fct_kpi_alerts": (
        "brand_id varchar, scorecard_id varchar, kpi_id varchar, source_id varchar, segment_type varchar, "
        "segment varchar, grain varchar, period_start date, alert_kind varchar, actual double, target double, "
        "target_upper double, direction varchar, tolerance double, gap double, condition varchar, "
        "is_muted boolean, mute_reason varchar, status varchar, verdict varchar, owner varchar, team varchar, "
        "sample_size bigint, loaded_through date"
    ),
    "fct_source_freshness": (
        "brand_id varchar, source_id varchar, connector varchar, stream varchar, kind varchar, expect varchar, "
        "slices bigint, row_count bigint, rejected_rows bigint, loaded_from date, loaded_through date, "
        "due_through date, days_behind bigint, status varchar, last_error varchar, last_loaded_at timestamp, "
        "last_success_at timestamp, quality_note varchar"
    ),
    "fct_missing_days": (
        "brand_id varchar, source_id varchar, measure varchar, missing_date date, is_overdue boolean"
    ),
    "fct_kpi_history": (
        "brand_id varchar, kpi_id varchar, grain varchar, period_start date, segment_type varchar, "
        "segment varchar, value double, currency_code varchar, moved_by varchar, reason varchar, "
        "event_id bigint, version bigint, valid_from timestamp, valid_to timestamp"
    ),
    "publication": (
        "version bigint, published_at timestamp, run_id varchar, as_of timestamp, content_digest varchar, "
        "event_id bigint, restored_at timestamp"
    ),
}
LATER_TABLES = (
    "fct_kpi_diagnosis",
    "fct_okr_progress",
    "fct_okr_key_results",
    "fct_budget_pacing",
    "fct_kpi_alerts",
)
"""Tables that a file published by an older program lacks."""
