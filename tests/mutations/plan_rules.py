"""Broken rules of scorecards, objectives and budgets."""

from tests.mutations.mutation import Mutation

_MARTS = "dbt_project/models/marts"

MUTATIONS = (
    Mutation(
        id="final-total-judged-by-its-pace",
        rule="A final value is judged in full, also where its source ended before the period did",
        file=f"{_MARTS}/fct_scorecard.sql",
        before="is_additive and share_loaded < 1 and status <> 'final' as is_running",
        after="is_additive and share_loaded < 1 as is_running",
    ),
    Mutation(
        id="running-range-above-its-plan-praised",
        rule="While a range runs, more than its upper end allows by now is behind the plan",
        file=f"{_MARTS}/fct_scorecard.sql",
        before="and actual > target_upper * share_loaded",
        after="and false",
    ),
    Mutation(
        id="cost-without-a-result-has-no-data",
        rule="Spend with no conversion is below target, not without data",
        file=f"{_MARTS}/fct_scorecard.sql",
        before="and numerator > 0\n                then 'below_target'",
        after="and numerator > 0\n                then 'no_data'",
    ),
    Mutation(
        id="silent-key-results-count-as-no-progress",
        rule="Progress of an objective is the mean of the key results that have data",
        file=f"{_MARTS}/fct_okr_progress.sql",
        before='ratio("weighed.weighted_progress", "weighed.weight_with_data")',
        after='ratio("weighed.weighted_progress", "weighed.weight")',
    ),
)
