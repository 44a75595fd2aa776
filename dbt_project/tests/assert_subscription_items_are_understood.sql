-- Each row is a word or a price of a billing history that nobody can tell; recurring
-- revenue of its source is null on the days on which it holds.
{{ config(severity="warn") }}

select
    brand_id,
    source_id,
    problem,
    count(*) as states,
    min(item_id) as first_item_id,
    min(first_day) as first_day,
    case when count(*) = count(last_day) then max(last_day) end as last_day
from {{ ref("int_subscription_item_problems") }}
group by brand_id, source_id, problem
