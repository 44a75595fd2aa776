with

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    final as (
        select
            kpi_id,
            name_en,
            name_fa,
            aliases,
            family,
            numerator_measure,
            denominator_measure,
            scale,
            additivity,
            unit,
            direction,
            lower_bound,
            upper_bound,
            target_lower_bound,
            target_upper_bound,
            is_target_lower_bound_open,
            goals,
            supports_goals,
            vanity_except_goals,
            minimum_sample,
            extra_finality_days,
            cohort_days,
            basis,
            formula_en,
            edge_cases_en,
            owner,
            question_en,
            question_fa,
            differs_en
        from catalogue
    )

select *
from final
