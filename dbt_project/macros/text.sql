{#- Text for matching names: lower case, without Latin accents, Arabic letters and digits as Persian and ASCII ones,
and without joiners, direction marks, vowel signs and tatweel. -#}
{% macro fold_text(x) -%}
    {%- set letters = "áàâäãåāçćčéèêëēíìîïīñńóòôöõøōšśúùûüūýÿžźż" -%}
    {%- set plain = "aaaaaaaccceeeeeiiiiinnooooooossuuuuuyyzzz" -%}
    {%- set arabic = "\u064a\u0649\u0643\u0629\u0623\u0625\u0622\u0624\u00a0" -%}
    {%- set persian = "\u06cc\u06cc\u06a9\u0647\u0627\u0627\u0627\u0648 " -%}
    {%- set digits = "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669" -%}
    {%- set dropped = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670" -%}
    trim(
        case
            -- Most texts hold none of the letters below, and looking for them is slow.
            when {{ is_ascii(x) }}
            then lower({{ x }})
            else
                translate(
                    lower({{ x }}),
                    '{{ letters }}{{ arabic }}{{ digits }}{{ dropped }}',
                    '{{ plain }}{{ persian }}01234567890123456789'
                )
        end
    )
{%- endmacro %}

{#- The text has ASCII characters only: as many bytes as characters. -#}
{% macro is_ascii(x) -%}
    {{ return(adapter.dispatch("is_ascii", "sanjeh")(x)) }}
{%- endmacro %}

{% macro default__is_ascii(x) -%} strlen({{ x }}) = length({{ x }}) {%- endmacro %}

{% macro spark__is_ascii(x) -%} octet_length({{ x }}) = length({{ x }}) {%- endmacro %}

{#- The text holds a match of the regular expression (the syntax that RE2 and Java share). -#}
{% macro matches(x, pattern) -%}
    {{ return(adapter.dispatch("matches", "sanjeh")(x, pattern)) }}
{%- endmacro %}

{% macro default__matches(x, pattern) -%}
    regexp_matches({{ x }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches(x, pattern) -%} {{ x }} rlike '{{ pattern }}' {%- endmacro %}

{#- The text with every run of white space as one blank, and none at the ends. -#}
{% macro squeeze_blanks(x) -%}
    {{ return(adapter.dispatch("squeeze_blanks", "sanjeh")(x)) }}
{%- endmacro %}

{% macro default__squeeze_blanks(x) -%}
    trim(regexp_replace({{ x }}, '\s+', ' ', 'g'))
{%- endmacro %}

{% macro spark__squeeze_blanks(x) -%}
    trim(regexp_replace({{ x }}, '\\s+', ' '))
{%- endmacro %}

{#- Aggregate: the distinct texts in order, separated by commas; null where all are null. -#}
{% macro distinct_list(x) -%}
    {{ return(adapter.dispatch("distinct_list", "sanjeh")(x)) }}
{%- endmacro %}

{% macro default__distinct_list(x) -%}
    string_agg(distinct {{ x }}, ',' order by {{ x }})
{%- endmacro %}

{% macro spark__distinct_list(x) -%}
    nullif(array_join(sort_array(collect_set({{ x }})), ','), '')
{%- endmacro %}
