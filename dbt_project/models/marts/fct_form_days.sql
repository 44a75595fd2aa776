with

    form_days as (select * from {{ ref("int_form_days") }}),

    final as (
        select
            brand_id,
            source_id,
            form_date,
            form_id,
            form_name,
            page_url,
            viewers,
            submitters,
            submissions,
            {{ ratio("submitters", "viewers") }} as conversion_rate,
            is_test
        from form_days
    )

select *
from final
