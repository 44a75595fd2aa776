{%- set rule_fields = ["subject", "campaign_name", "list_name"] -%}
with

    campaigns as (select * from {{ ref("stg_email__campaigns") }}),

    brands as (select * from {{ source("control", "brands") }}),

    test_rules as (
        select source_id, field, pattern
        from {{ source("control", "row_rules") }}
        where rule = 'test'
    ),

    matched_rules as (
        select campaigns.source_id, campaigns.campaign_id
        from campaigns
        inner join
            test_rules
            on campaigns.source_id = test_rules.source_id
            and (
                {% for field in rule_fields %}
                    (
                        test_rules.field = '{{ field }}'
                        and lower(campaigns.{{ field }}) like test_rules.pattern
                    )
                    {{ "or" if not loop.last }}
                {% endfor %}
            )
        group by campaigns.source_id, campaigns.campaign_id
    ),

    counted as (
        select
            campaigns.*,
            {{ local_date("campaigns.sent_at", "brands.timezone") }} as send_date,
            coalesce(campaigns.is_test, false)
            or matched_rules.campaign_id is not null as is_test_send,
            -- Tools that split bounces may still give the sum; the parts decide.
            case
                when
                    campaigns.hard_bounces is not null
                    or campaigns.soft_bounces is not null
                then
                    coalesce(campaigns.hard_bounces, 0)
                    + coalesce(campaigns.soft_bounces, 0)
                else campaigns.bounces
            end as all_bounces
        from campaigns
        inner join brands on campaigns.brand_id = brands.brand_id
        left join
            matched_rules
            on campaigns.source_id = matched_rules.source_id
            and campaigns.campaign_id = matched_rules.campaign_id
    ),

    delivered as (
        select
            *,
            coalesce(delivered, sent - all_bounces) as delivered_recipients,
            -- Apple's privacy proxy opens mail since September 2021; before it no
            -- opens were machine-made.
            coalesce(
                machine_only_opens,
                unique_opens - human_unique_opens,
                case when send_date < date '2021-09-01' then 0 end
            ) as machine_only_recipients
        from counted
    ),

    final as (
        select
            brand_id,
            source_id,
            campaign_id,
            subject,
            campaign_name,
            list_name,
            utm_campaign,
            coalesce(
                nullif(trim(utm_campaign), ''),
                nullif(trim(campaign_name), ''),
                '(not set)'
            ) as campaign,
            status,
            is_test_send as is_test,
            send_date,
            sent_at,
            sent,
            delivered_recipients as delivered,
            hard_bounces,
            soft_bounces,
            all_bounces as bounces,
            unique_opens,
            opens,
            machine_only_recipients as machine_only_opens,
            coalesce(
                human_unique_opens, unique_opens - machine_only_recipients
            ) as human_unique_opens,
            delivered_recipients - machine_only_recipients as human_base,
            unique_clicks,
            clicks,
            unsubscribes,
            complaints
        from delivered
    )

select *
from final
