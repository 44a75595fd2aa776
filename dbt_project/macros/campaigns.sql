{#- By what two spellings are one campaign: folded as by fold_text, with every run of blanks as one; null for no name. -#}
{% macro normalise_campaign(campaign) -%}
    nullif({{ squeeze_blanks(fold_text(campaign)) }}, '')
{%- endmacro %}

{#- Names that say that no campaign is named; of GA4, of the house, and the blank one. -#}
{% macro names_no_campaign(campaign) -%}
    coalesce({{ normalise_campaign(campaign) }}, '') in (
        '',
        '(all)',
        '(not set)',
        '(none)',
        '(direct)',
        '(organic)',
        '(referral)',
        '(unreconciled)'
    )
{%- endmacro %}

{#- The name under which a campaign is shown, from a joined row of int_campaign_names; null where no campaign is named. -#}
{% macro campaign_shown(campaign, names="campaign_names") -%}
    coalesce({{ names }}.campaign, nullif({{ squeeze_blanks(campaign) }}, ''))
{%- endmacro %}

{#- Left join of int_campaign_names (import CTE campaign_names) to a relation with brand_id. -#}
{% macro join_campaign_names(relation, campaign) -%}
    left join
        campaign_names
        on {{ relation }}.brand_id = campaign_names.brand_id
        and {{ normalise_campaign(campaign) }} = campaign_names.campaign_match
{%- endmacro %}
