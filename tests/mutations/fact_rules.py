"""Broken rules of the KPI facts and of periods."""

from tests.mutations.mutation import Mutation

_FACTS = ("fct_kpi_monthly",)
_MACROS = "dbt_project/macros"
_KPI = "dbt_project/models/intermediate/kpi"

MUTATIONS = (
    Mutation(
        id="ratio-without-nullif",
        rule="A ratio without a denominator is unknown, never infinite or NaN",
        file=f"{_MACROS}/numbers.sql",
        before="/ nullif({{ f64(denominator) }}, 0)",
        after="/ {{ f64(denominator) }}",
        models=_FACTS,
        properties=("email",),
    ),
    Mutation(
        id="average-for-sum",
        rule="The parts of a ratio are summed over days before they are divided, never averaged",
        file=f"{_MACROS}/kpi_amounts.sql",
        before='then {{ exact_sum("daily_measures.amount") }}',
        after="then cast(avg(daily_measures.amount) as decimal(38, 6))",
        models=_FACTS,
        properties=("email",),
    ),
    Mutation(
        id="scale-forgotten",
        rule="Annual recurring revenue is twelve times the monthly one",
        file=f"{_MACROS}/kpi_values.sql",
        before='then {{ f64("catalogue.scale") }} * {{ f64("measured.numerator") }}',
        after='then {{ f64("measured.numerator") }}',
        models=_FACTS,
        properties=("subscriptions",),
    ),
    Mutation(
        id="unknown-day-is-nothing",
        rule="One unknown amount makes the sum unknown, not smaller",
        file=f"{_MACROS}/kpi_amounts.sql",
        before="when count(*) = count(daily_measures.amount)",
        after="when true",
        models=_FACTS,
        properties=("orders", "ads_costs"),
    ),
    Mutation(
        id="unloaded-is-zero",
        rule="A period of which no day is loaded has no value, and is not 0",
        file=f"{_MACROS}/kpi_values.sql",
        before="""                when coalesce(coverage.days_loaded, 0) = 0
                then null
                when coalesce(weighed.unknown_numerators, 0) > 0""",
        after="                when coalesce(weighed.unknown_numerators, 0) > 0",
        models=_FACTS,
        properties=("orders",),
    ),
    Mutation(
        id="low-sample-dropped",
        rule="A value of too small a sample says low_sample",
        file=f"{_MACROS}/kpi_fact.sql",
        before="when compared.sample_size < compared.minimum_sample",
        after="when false",
        models=_FACTS,
        properties=("email", "orders"),
    ),
    Mutation(
        id="stale-dropped",
        rule="A period with an overdue day is stale",
        file=f"{_MACROS}/kpi_fact.sql",
        before="""                    when compared.is_stale
                    then 'stale'""",
        after="""                    when false
                    then 'stale'""",
        models=_FACTS,
        properties=("orders", "social"),
    ),
    Mutation(
        id="status-order-swapped",
        rule="Stale goes before no_denominator",
        file=f"{_MACROS}/kpi_fact.sql",
        before="when compared.is_stale\n",
        after=(
            "when compared.is_stale and not (compared.denominator_measure is not null "
            "and coalesce(compared.denominator, 0) = 0)\n"
        ),
        models=_FACTS,
        properties=("orders",),
    ),
    Mutation(
        id="immature-dropped",
        rule="A cohort or trailing window that isn't over is immature",
        file=f"{_MACROS}/kpi_fact.sql",
        before="compared.is_immature\n",
        after="false\n",
        models=_FACTS,
        properties=("orders", "surveys"),
    ),
    Mutation(
        id="finality-without-extra-days",
        rule="A value is provisional as long as its streams and the catalogue say",
        file=f"{_MACROS}/kpi_values.sql",
        before="measured.final_after_days + catalogue.extra_finality_days as finality_days",
        after="measured.final_after_days as finality_days",
        models=_FACTS,
        properties=("ads_costs",),
    ),
    Mutation(
        id="first-period-closed",
        rule="Periods are half-open: the first day's period is the first",
        file=f"{_MACROS}/kpi_spine.sql",
        before="and brand_kpis.first_date < periods.period_end",
        after="and brand_kpis.first_date <= periods.period_end",
        models=_FACTS,
        properties=("orders",),
    ),
    Mutation(
        id="slice-end-closed",
        rule="A slice covers its days half-open: the end is not loaded",
        file=f"{_KPI}/int_measure_loaded_days.sql",
        before="and carried.carried_end > days.calendar_date",
        after="and carried.carried_end >= days.calendar_date",
        properties=("orders",),
    ),
    Mutation(
        id="future-days-count",
        rule="What lies after the run's clock does not count",
        file=f"{_MACROS}/kpi_amounts.sql",
        before="where daily_measures.measure_date <= brands.as_of_date",
        after="where true",
        models=_FACTS,
        properties=("ads_costs",),
    ),
    Mutation(
        id="margin-ignored",
        rule="Marketing ROI weighs revenue by the gross margin",
        file=f"{_KPI}/int_kpi_parts.sql",
        before="then terms.weight * brands.gross_margin",
        after="then terms.weight",
        properties=("ads_costs",),
    ),
    Mutation(
        id="unsubscribes-of-sent",
        rule="Unsubscribes are a share of delivered, not of sent",
        file="dbt_project/seeds/kpi_catalogue.csv",
        before="email_unsubscribes,email_delivered",
        after="email_unsubscribes,email_sent",
        properties=("email",),
    ),
    Mutation(
        id="zone-ignored",
        rule="Moments fall on days of the brand's zone, not of UTC",
        file=f"{_MACROS}/days.sql",
        before="cast((({{ instant }}) at time zone 'UTC') at time zone {{ timezone }} as date)",
        after="cast({{ instant }} as date)",
        models=("int_orders_from_headers", "fct_leads"),
        properties=("orders",),
    ),
    Mutation(
        id="week-ago-a-date",
        rule="The counterpart of a week is the one 52 weeks before, not the same date",
        file="connectors/calendar/make.py",
        before="timedelta(weeks=52)",
        after="timedelta(days=365)",
        pytest=("tests/unit/core/test_calendar.py",),
        properties=("calendar",),
    ),
    Mutation(
        id="fiscal-start-ignored",
        rule="Quarters start with the fiscal year of the brand",
        file="connectors/calendar/make.py",
        before="(key.fiscal_year_start - 1 + 3 * index) % 12 + 1",
        after="(3 * index) % 12 + 1",
        pytest=("tests/unit/core/test_calendar.py",),
        properties=("calendar",),
    ),
)
