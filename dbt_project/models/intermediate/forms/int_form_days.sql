{# A rule names a column of the stream. #}
{% set rule_columns = ["form_id", "form_name", "page_url"] %}

with

    form_days as (select * from {{ ref("stg_forms__form_days") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    test_forms as (
        select distinct form_days.source_id, form_days.form_date, form_days.form_id
        from form_days
        inner join row_rules as rules on form_days.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns, "form_days.") }}
    ),

    -- A form that is renamed stays one form, under its newest name.
    named as (
        select
            *,
            row_number() over (
                partition by source_id, form_id, form_name is not null
                order by form_date desc nulls last
            ) as name_rank
        from form_days
    ),

    names as (
        select source_id, form_id, form_name
        from named
        where form_name is not null and name_rank = 1
    ),

    final as (
        select
            form_days.brand_id,
            form_days.source_id,
            form_days.form_date,
            form_days.form_id,
            names.form_name,
            form_days.page_url,
            form_days.viewers,
            form_days.submitters,
            form_days.submissions,
            test_forms.form_id is not null as is_test
        from form_days
        left join
            names
            on form_days.source_id = names.source_id
            and form_days.form_id = names.form_id
        left join
            test_forms
            on form_days.source_id = test_forms.source_id
            and form_days.form_date = test_forms.form_date
            and form_days.form_id = test_forms.form_id
    )

select *
from final
