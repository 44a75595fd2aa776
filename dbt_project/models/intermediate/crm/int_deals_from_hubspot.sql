with

    deals as (select * from {{ ref("stg_hubspot__deals") }}),

    merged_records as (
        select * from {{ ref("stg_hubspot__merges") }} where object_type = 'deals'
    ),

    stages as (
        select * from {{ ref("stg_hubspot__pipelines") }} where is_closed is not null
    ),

    associations as (select * from {{ ref("stg_hubspot__associations") }}),

    -- Ids count upwards, so the shortest and then smallest is the oldest contact;
    -- labels
    -- are the account's own words and decide nothing.
    main_contacts as (
        select source_id, from_id as deal_id, to_id as contact_id
        from associations
        where from_type = 'deals' and to_type = 'contacts'
        qualify
            row_number() over (
                partition by source_id, from_id
                order by length(to_id) asc nulls last, to_id asc nulls last
            )
            = 1
    ),

    judged as (
        select
            deals.*,
            main_contacts.contact_id,
            -- The stage's chance of winning decides, never its name, which is in the
            -- account's language.
            case
                when stages.stage_id is not null
                then stages.is_closed and coalesce(stages.probability >= 1, false)
                else coalesce(deals.is_closed_won, false)
            end as is_won,
            case
                when stages.stage_id is not null
                then stages.is_closed
                else coalesce(deals.is_closed_won, false)
            end as is_closed
        from deals
        left join
            stages
            on deals.source_id = stages.source_id
            and deals.pipeline = stages.pipeline_id
            and deals.stage = stages.stage_id
        left join
            main_contacts
            on deals.source_id = main_contacts.source_id
            and deals.deal_id = main_contacts.deal_id
        left join
            merged_records
            on deals.source_id = merged_records.source_id
            and deals.deal_id = merged_records.merged_id
        -- A merged deal lives on in the one it was merged into.
        where
            merged_records.surviving_id is null
            and (not deals.is_gone or deals.is_archived)
    ),

    final as (
        select
            brand_id,
            source_id,
            deal_id,
            contact_id,
            pipeline,
            stage,
            currency_code,
            amount,
            created_at,
            case when is_closed then close_at end as closed_at,
            updated_at,
            is_won,
            is_closed,
            is_archived
        from judged
    )

select *
from final
