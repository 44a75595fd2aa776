-- The rules of default_channels, each with the seeds as they are: one line per rule
-- with
-- what it takes in (source, medium, campaign, click ids) and what must come out.
{{ config(meta={"dagster": {"ref": {"name": "source_categories"}}}) }}

{% set cases = [
    ("", "", "", "", "direct", "(direct) / (none)"),
    (" ", " ", "(not set)", "", "direct", "(direct) / (none)"),
    ("(direct)", "(none)", "", "", "direct", "(direct) / (none)"),
    ("Direct", "", "", "", "direct", "(direct) / (not set)"),
    ("(direct)", "(not set)", "", "", "direct", "(direct) / (not set)"),
    ("", "(none)", "", "", "direct", "(not set) / (none)"),
    ("(direct)", "(none)", "spring", "", "direct", "(direct) / (none)"),
    ("(not set)", "(not set)", "", "", "unassigned", "(not set) / (not set)"),
    ("", "", "spring", "", "unassigned", "(not set) / (not set)"),
    ("gazette", "leaflet", "", "", "unassigned", "gazette / leaflet"),
    ("gazette", "", "", "", "unassigned", "gazette / (not set)"),
    (
        "google",
        "cpc",
        "PMax Cross-Network 1",
        "",
        "cross_network",
        "google / cpc",
    ),
    ("torob.com", "cpc", "", "", "paid_shopping", "torob.com / cpc"),
    ("google", "cpc", "Shopping DE", "", "paid_shopping", "google / cpc"),
    ("gazette", "ppc", "eshop", "", "paid_shopping", "gazette / ppc"),
    ("google", "cpc", "bishop", "", "paid_search", "google / cpc"),
    (
        "www.google.co.uk",
        "PPC",
        "",
        "",
        "paid_search",
        "www.google.co.uk / ppc",
    ),
    ("bing", "retargeting", "", "", "paid_search", "bing / retargeting"),
    ("yahoo", "cpm", "", "", "paid_search", "yahoo / cpm"),
    ("zarebin.ir", "cpc", "", "", "paid_search", "zarebin.ir / cpc"),
    (
        "Google Ads",
        "Paid Search",
        "",
        "",
        "paid_search",
        "google / paid_search",
    ),
    ("LinkedIn", "CPC", "", "", "paid_social", "linkedin / cpc"),
    ("linkedin", "cpc", "", "", "paid_social", "linkedin / cpc"),
    ("FB", "paid-social", "", "", "paid_social", "facebook / paid_social"),
    (
        "m.facebook.com",
        "paid",
        "",
        "",
        "paid_social",
        "m.facebook.com / paid",
    ),
    ("web.eitaa.com", "cpc", "", "", "paid_social", "web.eitaa.com / cpc"),
    ("YT", "cpv", "", "", "paid_video", "youtube / cpv"),
    ("aparat.com", "cpc", "", "", "paid_video", "aparat.com / cpc"),
    ("gazette", "CPM", "", "", "display", "gazette / cpm"),
    ("gazette", "banner", "", "", "display", "gazette / banner"),
    ("gazette", "interstitial", "", "", "display", "gazette / interstitial"),
    ("gazette", "بنری", "", "", "display", "gazette / banner"),
    ("یکتانت", "cpc", "", "", "display", "yektanet / cpc"),
    ("tapsell", "", "", "", "display", "tapsell / (not set)"),
    ("tapsell", "referral", "", "", "referral", "tapsell / referral"),
    (
        "gazette",
        "paid-placement",
        "",
        "",
        "paid_other",
        "gazette / paid-placement",
    ),
    ("", "cpc", "", "", "paid_other", "(not set) / cpc"),
    (
        "digikala.com",
        "referral",
        "",
        "",
        "organic_shopping",
        "digikala.com / referral",
    ),
    ("", "link", "shop-window", "", "organic_shopping", "(not set) / link"),
    ("IG", "story", "", "", "organic_social", "instagram / story"),
    (
        "l.instagram.com",
        "referral",
        "",
        "",
        "organic_social",
        "l.instagram.com / referral",
    ),
    ("t.co", "referral", "", "", "organic_social", "t.co / referral"),
    ("blog", "Social-Media", "", "", "organic_social", "blog / social"),
    ("ایتا", "", "", "", "organic_social", "eitaa / (not set)"),
    (
        "rubika.ir",
        "referral",
        "",
        "",
        "organic_social",
        "rubika.ir / referral",
    ),
    ("splus.ir", "post", "", "", "organic_social", "splus.ir / post"),
    ("ble.ir", "post", "", "", "organic_social", "ble.ir / post"),
    (
        "vimeo.com",
        "referral",
        "",
        "",
        "organic_video",
        "vimeo.com / referral",
    ),
    (
        "gazette",
        "video-post",
        "",
        "",
        "organic_video",
        "gazette / video-post",
    ),
    ("آپارات", "post", "", "", "organic_video", "aparat / post"),
    ("google", "", "", "", "organic_search", "google / (not set)"),
    ("gazette", "organic", "", "", "organic_search", "gazette / organic"),
    (
        "search.example",
        "SEO",
        "",
        "",
        "organic_search",
        "search.example / organic",
    ),
    (
        "mail.google.com",
        "referral",
        "",
        "",
        "referral",
        "mail.google.com / referral",
    ),
    ("gazette", "app", "", "", "referral", "gazette / app"),
    ("gazette", "link", "", "", "referral", "gazette / link"),
    ("crm", "E-Mail", "", "", "email", "crm / email"),
    ("Newsletter", "", "", "", "email", "email / (not set)"),
    ("خبرنامه", "ایمیل", "", "", "email", "email / email"),
    ("gazette", "affiliates", "", "", "affiliates", "gazette / affiliate"),
    ("gazette", "audio", "", "", "audio", "gazette / audio"),
    ("پیامک", "", "", "", "sms", "sms / (not set)"),
    ("gazette", "SMS", "", "", "sms", "gazette / sms"),
    ("gazette", "webpush", "", "", "push", "gazette / push"),
    ("gazette", "mobile-app", "", "", "push", "gazette / mobile-app"),
    ("gazette", "notification", "", "", "push", "gazette / notification"),
    ("firebase", "x", "", "", "push", "firebase / x"),
    ("", "", "", "gclid", "paid_search", "google / cpc"),
    ("(direct)", "(none)", "", "gclid", "paid_search", "google / cpc"),
    ("crm", "email", "", "gclid", "paid_search", "google / cpc"),
    ("", "", "Shopping DE", "gclid", "paid_shopping", "google / cpc"),
    ("youtube", "cpv", "", "gclid", "paid_video", "youtube / cpv"),
    ("", "cpc", "", "gbraid", "paid_search", "google / cpc"),
    ("", "", "", "wbraid", "paid_search", "google / cpc"),
    ("", "", "", "dclid", "display", "doubleclick / display"),
    ("", "", "", "msclkid", "paid_search", "bing / cpc"),
    ("", "", "", "ttclid", "paid_social", "tiktok / cpc"),
    ("", "", "", "twclid", "paid_social", "twitter / cpc"),
    ("", "", "", "li_fat_id", "paid_social", "linkedin / cpc"),
    ("", "", "", "fbclid", "organic_social", "facebook / social"),
    (
        "(direct)",
        "(none)",
        "",
        "fbclid",
        "organic_social",
        "facebook / social",
    ),
    ("crm", "email", "", "fbclid", "email", "crm / email"),
    ("facebook", "cpc", "", "fbclid", "paid_social", "facebook / cpc"),
    (
        "",
        "",
        "",
        "srsltid",
        "organic_shopping",
        "shopping.google.com / organic",
    ),
    ("", "", "", "fbclid gclid", "paid_search", "google / cpc"),
] %}

{% set known_click_ids = click_id_names() %}

with

    utm_synonyms as (select * from {{ ref("utm_synonyms") }}),

    source_categories as (select * from {{ ref("source_categories") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    cases as (
        {% for source, medium, campaign, ids, channel_id, source_medium in cases %}
            select
                '{{ source }}' as source,
                '{{ medium }}' as medium,
                '{{ campaign }}' as campaign,
                ' {{ ids }} ' as ids,
                '{{ channel_id }}' as expected_channel_id,
                '{{ source_medium }}' as expected_source_medium
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),

    links as (
        select
            *,
            {% for click_id in known_click_ids %}
                case
                    when instr(ids, ' {{ click_id }} ') > 0 then 'abc'
                end as {{ click_id }}{{ "," if not loop.last }}
            {% endfor %}
        from cases
    ),

    {{
        default_channels(
            "links",
            "placed",
            click_ids=dict(zip(known_click_ids, known_click_ids)),
        )
    }}

select
    source,
    medium,
    campaign,
    ids,
    expected_channel_id,
    default_channel_id,
    expected_source_medium,
    default_source_medium
from placed
where
    expected_channel_id <> default_channel_id
    or expected_source_medium <> default_source_medium
    or default_channel_id is null
