{%- set networks = [
    "stg_social__followers",
    "stg_instagram__followers",
    "stg_facebook_page__followers",
    "stg_linkedin_page__followers",
    "stg_x__followers",
    "stg_youtube__followers",
    "stg_telegram__followers",
] -%}

with

    {% for network in networks %}

        {{ network }} as (select * from {{ ref(network) }}),

    {% endfor %}

    final as (
        {% for network in networks %}
            select brand_id, source_id, platform, account, follower_date, followers
            from {{ network }}
            where followers is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
