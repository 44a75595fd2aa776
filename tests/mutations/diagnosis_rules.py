"""Broken rules of what explains a change."""

from tests.mutations.mutation import Mutation

_DIAGNOSIS = "dbt_project/models/intermediate/diagnosis"

MUTATIONS = (
    Mutation(
        id="rate-at-the-old-share",
        rule="A rate's effect counts at the mean of both shares, so that mix and rate make the change",
        file=f"{_DIAGNOSIS}/int_diagnosis_effects.sql",
        before="then scale * 0.5 * (w0 + w1) * (r1 - r0)",
        after="then scale * w0 * (r1 - r0)",
    ),
    Mutation(
        id="growth-praised",
        rule="A segment's growth counts by how much better than the whole it is",
        file=f"{_DIAGNOSIS}/int_diagnosis_effects.sql",
        before="then scale * (w1 - w0) * (0.5 * (r0 + r1) - whole)",
        after="then scale * (w1 - w0) * (0.5 * (r0 + r1))",
    ),
    Mutation(
        id="rest-forgotten",
        rule="What the segments leave of the whole is a row (rest)",
        file=f"{_DIAGNOSIS}/int_diagnosis_segments.sql",
        before="> 1e-10 *",
        after="> 1e10 *",
    ),
    Mutation(
        id="users-by-device-added",
        rule="Users by segment don't add up and explain nothing",
        file=f"{_DIAGNOSIS}/int_diagnosis_cells.sql",
        before="bool_and(overall_rule = 'sum') as adds_up",
        after="bool_and(overall_rule in ('sum', 'single')) as adds_up",
    ),
    Mutation(
        id="running-month-against-the-whole-target",
        rule="While a count runs, it is held against the target at pace",
        file=f"{_DIAGNOSIS}/int_diagnosis_comparisons.sql",
        before="and days_elapsed < days\n                    and status <> 'final'",
        after="and false",
    ),
    Mutation(
        id="riser-of-a-cost-praised",
        rule="Of a KPI that should be low the worst segment is the one that rose most",
        file="dbt_project/models/marts/fct_kpi_diagnosis.sql",
        before="when direction = 'lower' then - contribution else contribution\n                    end nulls last",
        after="when true then contribution end nulls last",
    ),
)
