{#- By what two spellings are one campaign: folded as by fold_text, with every run of blanks as one; null for no name. -#}
{% macro normalise_campaign(campaign) -%}
    nullif({{ squeeze_blanks(fold_text(campaign)) }}, '')
{%- endmacro %}
