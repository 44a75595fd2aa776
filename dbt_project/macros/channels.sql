{#- GA4's default channel of a source, medium and campaign (support.google.com/analytics/answer/9756891, manual traffic), in
its order; the words are folded, `category` is the source's row of the seed source_categories. Two rules are ours: nothing
named at all is direct, and a network that only sells display ads shows display ads. What no rule knows is `unassigned`. -#}
{% macro default_channel(source, medium, campaign, category) -%}
    {%- set paid -%} {{ matches("coalesce(" ~ medium ~ ", '')", "^(.*cp.*|ppc|retargeting|paid.*)$") }} {%- endset -%}
    {%- set shopping -%}
        ({{ category }} = 'shopping' or {{ matches("coalesce(" ~ campaign ~ ", '')", "([^a-df-z]|^)shop|shopping") }})
    {%- endset -%}
    case
        when {{ source }} is null and {{ medium }} is null and {{ campaign }} is null
        then 'direct'
        when
            coalesce({{ source }}, '(direct)') = '(direct)'
            and (
                {{ medium }} = '(none)'
                or (
                    {{ source }} = '(direct)'
                    and coalesce({{ medium }}, '(not set)') = '(not set)'
                )
            )
        then 'direct'
        when instr(coalesce({{ campaign }}, ''), 'cross-network') > 0
        then 'cross_network'
        when {{ shopping }} and {{ paid }}
        then 'paid_shopping'
        when {{ category }} = 'search' and {{ paid }}
        then 'paid_search'
        when {{ category }} = 'social' and {{ paid }}
        then 'paid_social'
        when {{ category }} = 'video' and {{ paid }}
        then 'paid_video'
        when
            {{ medium }} in ('display', 'banner', 'expandable', 'interstitial', 'cpm')
            or ({{ category }} = 'ad_network' and ({{ medium }} is null or {{ paid }}))
        then 'display'
        when {{ paid }}
        then 'paid_other'
        when {{ shopping }}
        then 'organic_shopping'
        when
            {{ category }} = 'social'
            or {{ medium }} in (
                'social',
                'social-network',
                'social-media',
                'sm',
                'social network',
                'social media'
            )
        then 'organic_social'
        when {{ category }} = 'video' or instr(coalesce({{ medium }}, ''), 'video') > 0
        then 'organic_video'
        when {{ category }} = 'search' or {{ medium }} = 'organic'
        then 'organic_search'
        when {{ medium }} in ('referral', 'app', 'link')
        then 'referral'
        when
            {{ source }} in ('email', 'e-mail', 'e_mail', 'e mail')
            or {{ medium }} in ('email', 'e-mail', 'e_mail', 'e mail')
        then 'email'
        when {{ medium }} = 'affiliate'
        then 'affiliates'
        when {{ medium }} = 'audio'
        then 'audio'
        when {{ source }} = 'sms' or {{ medium }} = 'sms'
        then 'sms'
        when
            {{ medium }} like '%push'
            or {{ medium }} like '%mobile%'
            or {{ medium }} like '%notification%'
            or {{ source }} = 'firebase'
        then 'push'
        else 'unassigned'
    end
{%- endmacro %}

{#- Common table expressions that give each row of a relation its default channel. In: the relation and the seeds
utm_synonyms, source_categories and click_ids, as import CTEs of the same names; `source`, `medium` and `campaign` are
expressions over the relation, `click_ids` maps ids of the seed to expressions. Out: a relation `name` with all columns and,
after the prefix, `_channel_id`, `_source`, `_medium` (folded, synonyms as one word), `_source_medium` and
`_names_origin` (false where nothing is named at all, which makes the channel `direct`).
A paid click id tells more than UTM words, unless these say that the click was paid for; any other id speaks where they are
silent. -#}
{% macro default_channels(
    relation,
    name,
    source="source",
    medium="medium",
    campaign="campaign",
    click_ids={},
    prefix="default"
) %}
    {%- set known = click_id_names() -%}
    {%- for click_id in click_ids if click_id not in known %}
        {{
            exceptions.raise_compiler_error(
                "default_channels knows no click id " ~ click_id
            )
        }}
    {%- endfor %}

    {{ name }}_folded as (
        select
            {{ relation }}.*,
            nullif({{ fold_text(source) }}, '') as {{ prefix }}_given_source,
            nullif({{ fold_text(medium) }}, '') as {{ prefix }}_given_medium,
            case
                when
                    {{ fold_text(campaign) }} not in (
                        '', '(not set)', '(none)', '(direct)', '(organic)', '(referral)'
                    )
                then {{ fold_text(campaign) }}
            end as {{ prefix }}_given_campaign,
            {% if click_ids %}
                case
                    {% for click_id in known if click_id in click_ids %}
                        when nullif(trim({{ click_ids[click_id] }}), '') is not null
                        then '{{ click_id }}'
                    {% endfor %}
                end
            {% else %} cast(null as {{ dbt.type_string() }})
            {% endif %} as {{ prefix }}_click_id
        from {{ relation }}
    ),

    {{ name }}_worded as (
        select
            folded.*,
            coalesce(
                source_words.canonical_value, folded.{{ prefix }}_given_source
            ) as {{ prefix }}_worded_source,
            coalesce(
                medium_words.canonical_value, folded.{{ prefix }}_given_medium
            ) as {{ prefix }}_worded_medium
        from {{ name }}_folded as folded
        left join
            utm_synonyms as source_words
            on source_words.field = 'source'
            and folded.{{ prefix }}_given_source = source_words.raw_value
        left join
            utm_synonyms as medium_words
            on medium_words.field = 'medium'
            and folded.{{ prefix }}_given_medium = medium_words.raw_value
    ),

    {{ name }}_clicked as (
        select
            worded.*,
            case
                when click_ids.is_paid
                then
                    not
                    {{
                        matches(
                            "coalesce(worded." ~ prefix ~ "_worded_medium, '')",
                            "^(.*cp.*|ppc|retargeting|paid.*|display|banner|expandable|interstitial)$",
                        )
                    }}
                else
                    click_ids.click_id is not null
                    and coalesce(worded.{{ prefix }}_worded_source, '(direct)')
                    = '(direct)'
                    and coalesce(worded.{{ prefix }}_worded_medium, '(none)') = '(none)'
            end as {{ prefix }}_click_decides,
            click_ids.is_paid as {{ prefix }}_click_is_paid,
            click_ids.source as {{ prefix }}_click_source,
            click_ids.medium as {{ prefix }}_click_medium
        from {{ name }}_worded as worded
        left join click_ids on worded.{{ prefix }}_click_id = click_ids.click_id
    ),

    {{ name }}_named as (
        select
            clicked.*,
            case
                when
                    clicked.{{ prefix }}_click_decides
                    or (
                        clicked.{{ prefix }}_click_is_paid
                        and clicked.{{ prefix }}_worded_source is null
                    )
                then clicked.{{ prefix }}_click_source
                else clicked.{{ prefix }}_worded_source
            end as {{ prefix }}_source,
            case
                when clicked.{{ prefix }}_click_decides
                then clicked.{{ prefix }}_click_medium
                else clicked.{{ prefix }}_worded_medium
            end as {{ prefix }}_medium
        from {{ name }}_clicked as clicked
    ),

    {{ name }}_sited as (
        select
            named.*,
            {{ site_name("named." ~ prefix ~ "_source") }} as {{ prefix }}_site_name
        from {{ name }}_named as named
    ),

    {{ name }} as (
        select
            sited.*,
            sited.{{ prefix }}_source is not null
            or sited.{{ prefix }}_medium is not null
            or sited.{{ prefix }}_given_campaign
            is not null as {{ prefix }}_names_origin,
            case
                when
                    sited.{{ prefix }}_source is null
                    and sited.{{ prefix }}_medium is null
                    and sited.{{ prefix }}_given_campaign is null
                then '(direct) / (none)'
                else
                    coalesce(sited.{{ prefix }}_source, '(not set)')
                    || ' / '
                    || coalesce(sited.{{ prefix }}_medium, '(not set)')
            end as {{ prefix }}_source_medium,
            {{
                default_channel(
                    "sited." ~ prefix ~ "_source",
                    "sited." ~ prefix ~ "_medium",
                    "sited." ~ prefix ~ "_given_campaign",
                    "coalesce(whole_sources.category, site_names.category, '(none)')",
                )
            }} as {{ prefix }}_channel_id
        from {{ name }}_sited as sited
        left join
            source_categories as whole_sources
            on sited.{{ prefix }}_source = whole_sources.source_name
        left join
            source_categories as site_names
            on sited.{{ prefix }}_site_name = site_names.source_name
    )

{% endmacro %}

{#- Names of click ids, those of the seed click_ids; of several in one address the first of them decides. -#}
{% macro click_id_names() -%}
    {{
        return(
            [
                "gclid",
                "gbraid",
                "wbraid",
                "dclid",
                "msclkid",
                "ttclid",
                "twclid",
                "li_fat_id",
                "srsltid",
                "fbclid",
            ]
        )
    }}
{%- endmacro %}

{#- The name of a host without subdomains and public suffix (`facebook` for m.facebook.com, `google` for google.co.uk); a
word without dots is itself. -#}
{% macro site_name(host) -%}
    case
        when instr({{ host }}, '.') = 0
        then {{ host }}
        when
            split_part({{ host }}, '.', -2) in ('co', 'com', 'net', 'org', 'ac', 'gov')
            and split_part({{ host }}, '.', -3) <> ''
        then split_part({{ host }}, '.', -3)
        else split_part({{ host }}, '.', -2)
    end
{%- endmacro %}
