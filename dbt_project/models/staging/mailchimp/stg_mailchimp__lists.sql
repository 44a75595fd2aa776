with

    lists as (select * from {{ source("raw", "mailchimp__lists") }}),

    {{ newest_version("lists", ["list_id"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            list_id,
            name as list_name,
            date_created as created_at,
            member_count,
            unsubscribe_count,
            cleaned_count,
            campaign_count,
            campaign_last_sent as last_sent_at,
            last_sub_date as last_subscribed_at,
            last_unsub_date as last_unsubscribed_at,
            is_gone
        from newest
    )

select *
from final
