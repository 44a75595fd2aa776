-- Interactions and reach of a post count together or not at all.
select
    brand_id,
    source_id,
    published_date as metric_date,
    platform,
    account,
    likes as social_likes,
    case when reach is not null then interactions end as social_interactions,
    case when interactions is not null then reach end as social_reach
from {{ source("kpi", "fct_social_posts") }}
