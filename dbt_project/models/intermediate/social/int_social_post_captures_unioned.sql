{%- set networks = [
    "stg_social__post_captures",
    "stg_instagram__post_captures",
    "stg_facebook_page__post_captures",
    "stg_linkedin_page__post_captures",
    "stg_x__post_captures",
    "stg_youtube__post_captures",
] -%}

with

    {% for network in networks %}

        {{ network }} as (select * from {{ ref(network) }}),

    {% endfor %}

    final as (
        {% for network in networks %}
            select
                brand_id,
                source_id,
                platform,
                account,
                post_id,
                reach,
                impressions,
                likes,
                comments,
                shares,
                saves,
                clicks,
                published_at,
                counters_at
            from {{ network }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
