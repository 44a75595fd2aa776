with

    form_days as (select * from {{ source("raw", "forms__form_days") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            form_date,
            trim(form_id) as form_id,
            nullif(trim(form_name), '') as form_name,
            nullif(trim(page_url), '') as page_url,
            viewers,
            submitters,
            submissions
        from form_days
    )

select *
from final
