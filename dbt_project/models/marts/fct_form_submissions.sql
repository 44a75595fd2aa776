with

    submissions as (select * from {{ ref("int_form_submissions") }}),

    final as (
        select
            brand_id,
            source_id,
            submission_key,
            form_id,
            form_name,
            customer_key,
            submitted_at,
            submitted_date,
            page_url,
            is_test,
            counts_as_submission
        from submissions
    )

select *
from final
