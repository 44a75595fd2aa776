"""All mutations, by what they break."""

from tests.mutations import (
    attribution_rules,
    customer_rules,
    diagnosis_rules,
    fact_rules,
    money_rules,
    pipeline_rules,
    plan_rules,
    traffic_rules,
)
from tests.mutations.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    *fact_rules.MUTATIONS,
    *money_rules.MUTATIONS,
    *customer_rules.MUTATIONS,
    *traffic_rules.MUTATIONS,
    *attribution_rules.MUTATIONS,
    *diagnosis_rules.MUTATIONS,
    *plan_rules.MUTATIONS,
    *pipeline_rules.MUTATIONS,
)
