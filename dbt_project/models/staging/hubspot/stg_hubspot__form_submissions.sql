with

    form_submissions as (
        select * from {{ source("raw", "hubspot__form_submissions") }}
    ),

    {{ newest_version("form_submissions", ["submission_id"], ["submitted_at"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            submission_id,
            form_id,
            page_url,
            email_hmac,
            email_domain,
            email_flags,
            submitted_at
        from newest
        where not is_gone
    )

select *
from final
