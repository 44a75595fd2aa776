{%- set carried_days = 7 -%}
with

    followers as (select * from {{ ref("int_social_followers_daily") }}),

    brands as (select * from {{ source("control", "brands") }}),

    periods as (select * from {{ ref("dim_period") }}),

    accounts as (
        select
            brand_id,
            source_id,
            platform,
            account,
            min(follower_date) as first_date,
            max(follower_date) as last_date,
            min_by(followers, follower_date) as first_followers
        from followers
        group by brand_id, source_id, platform, account
    ),

    -- A running period ends, for now, with the brand's today.
    account_periods as (
        select
            accounts.*,
            periods.grain,
            periods.period_start,
            least(
                periods.period_end, {{ add_days("brands.as_of_date", 1) }}
            ) as ends_before
        from accounts
        inner join brands on accounts.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and periods.period_start <= brands.as_of_date
            and periods.period_end > accounts.first_date
            and periods.period_start
            <= {{ add_days("accounts.last_date", carried_days) }}
    ),

    counts as (
        select
            account_periods.brand_id,
            account_periods.source_id,
            account_periods.platform,
            account_periods.account,
            account_periods.grain,
            account_periods.period_start,
            max(
                case
                    when
                        followers.follower_date
                        >= {{ add_days("account_periods.period_start", -carried_days) }}
                    then followers.follower_date
                end
            ) as newest_date,
            max_by(followers.followers, followers.follower_date) as newest_followers,
            max(
                case
                    when followers.follower_date < account_periods.period_start
                    then followers.follower_date
                end
            ) as date_before,
            max_by(
                case
                    when followers.follower_date < account_periods.period_start
                    then followers.followers
                end,
                case
                    when followers.follower_date < account_periods.period_start
                    then followers.follower_date
                end
            ) as followers_before
        from account_periods
        inner join
            followers
            on account_periods.brand_id = followers.brand_id
            and account_periods.source_id = followers.source_id
            and account_periods.platform = followers.platform
            and account_periods.account = followers.account
            -- Carried to the day before the period, as to the end of the one before.
            and followers.follower_date
            >= {{ add_days("account_periods.period_start", -carried_days - 1) }}
            and followers.follower_date < account_periods.ends_before
        group by
            account_periods.brand_id,
            account_periods.source_id,
            account_periods.platform,
            account_periods.account,
            account_periods.grain,
            account_periods.period_start
    ),

    final as (
        select
            account_periods.brand_id,
            account_periods.source_id,
            account_periods.platform,
            account_periods.account,
            account_periods.grain,
            account_periods.period_start,
            counts.newest_date,
            case
                when
                    {{ add_days("counts.newest_date", carried_days + 1) }}
                    >= account_periods.ends_before
                then counts.newest_followers
            end as followers_at_end,
            -- The first count of an account is where its growth starts.
            case
                when account_periods.first_date >= account_periods.period_start
                then account_periods.first_followers
                else counts.followers_before
            end as followers_at_start
        from account_periods
        left join
            counts
            on account_periods.brand_id = counts.brand_id
            and account_periods.source_id = counts.source_id
            and account_periods.platform = counts.platform
            and account_periods.account = counts.account
            and account_periods.grain = counts.grain
            and account_periods.period_start = counts.period_start
    )

select *
from final
