"""Google Ads: what campaigns, ad groups, ads and conversion actions did per day, and the account itself.

API answers and UI downloads land in the same ``campaign_performance``. Days are those of the account's zone,
money is in its currency; conversions are restated for as long as a click may still convert.
"""

from connectors.core.stream import Column, Kind, Stream, Type

_DAY = Column("date", Type.DATE, "Day in the time zone of the ad account", required=True)
_ACCOUNT = Column("account_id", Type.STRING, "Ad account")
_CAMPAIGN = (
    Column("campaign_id", Type.STRING, "Campaign id"),
    Column("campaign_name", Type.STRING, "Campaign name", required=True),
)
_COUNTS = (
    Column("impressions", Type.INTEGER, "Impressions", required=True),
    Column("clicks", Type.INTEGER, "Clicks", required=True),
)
_COST = Column("cost", Type.MONEY, "Spend in the account currency", required=True)
_CURRENCY = Column("currency_code", Type.STRING, "Account currency")
_CLAIMS = (
    Column("conversions", Type.DECIMAL, "Conversions that the platform claims; fractional values are valid"),
    Column("conversion_value", Type.MONEY, "Value that the platform claims"),
)
_AD_GROUP = (
    Column("ad_group_id", Type.STRING, "Ad group id", required=True),
    Column("ad_group_name", Type.STRING, "Ad group name"),
    Column("ad_group_type", Type.STRING, "SEARCH_STANDARD, DISPLAY_STANDARD …"),
)

CAMPAIGN_PERFORMANCE = Stream(
    connector="google_ads",
    name="campaign_performance",
    kind=Kind.REPORT,
    description="Campaign performance per day",
    columns=(
        _DAY,
        _ACCOUNT,
        *_CAMPAIGN,
        *_COUNTS,
        Column("campaign_type", Type.STRING, "Campaign type"),
        _COST,
        _CURRENCY,
        *_CLAIMS,
        Column("conversion_goal", Type.STRING, "Which action or goal the conversions count"),
    ),
    key=("date", "account_id", "campaign_id", "campaign_name", "conversion_goal"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
)

AD_GROUP_PERFORMANCE = Stream(
    connector="google_ads",
    name="ad_group_performance",
    kind=Kind.REPORT,
    description="Ad group performance per day; campaigns without ad groups, as Performance Max, have no rows",
    columns=(_DAY, _ACCOUNT, *_CAMPAIGN, *_AD_GROUP, *_COUNTS, _COST, _CURRENCY, *_CLAIMS),
    key=("date", "account_id", "campaign_id", "ad_group_id"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
)

AD_PERFORMANCE = Stream(
    connector="google_ads",
    name="ad_performance",
    kind=Kind.REPORT,
    description="Ad performance per day; campaigns without ads, as Performance Max, have no rows",
    columns=(
        _DAY,
        _ACCOUNT,
        *_CAMPAIGN,
        *_AD_GROUP[:2],
        Column("ad_id", Type.STRING, "Ad id; one ad may stand in several ad groups", required=True),
        Column("ad_name", Type.STRING, "Ad name; most ads have none"),
        Column("ad_type", Type.STRING, "RESPONSIVE_SEARCH_AD, VIDEO_AD …"),
        *_COUNTS,
        _COST,
        _CURRENCY,
        *_CLAIMS,
    ),
    key=("date", "account_id", "ad_group_id", "ad_id"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
)

CONVERSIONS = Stream(
    connector="google_ads",
    name="conversions",
    kind=Kind.REPORT,
    description="Conversions that the platform claims per day of the click, campaign and conversion action",
    columns=(
        _DAY,
        _ACCOUNT,
        *_CAMPAIGN,
        Column("conversion_action", Type.STRING, "Id of the conversion action", required=True),
        Column("conversion_action_name", Type.STRING, "Name of the conversion action"),
        *_CLAIMS,
        _CURRENCY,
    ),
    key=("date", "account_id", "campaign_id", "conversion_action"),
    cursor="date",
    reread_days=91,
    usable_after_days=1,
    final_after_days=90,
)

CONVERSION_ACTIONS = Stream(
    connector="google_ads",
    name="conversion_actions",
    kind=Kind.ENTITY,
    description="Conversion actions of the account: what is counted, and how long after a click",
    columns=(
        Column("account_id", Type.STRING, "Ad account", required=True),
        Column("conversion_action", Type.STRING, "Id of the conversion action", required=True),
        Column("name", Type.STRING, "Name"),
        Column("status", Type.STRING, "ENABLED, HIDDEN or REMOVED"),
        Column("type", Type.STRING, "Where it is measured: WEBPAGE, UPLOAD_CLICKS …"),
        Column("category", Type.STRING, "PURCHASE, SUBMIT_LEAD_FORM …"),
        Column("counting_type", Type.STRING, "ONE_PER_CLICK or MANY_PER_CLICK"),
        Column("is_primary", Type.BOOLEAN, "Counts as conversion where its goal is used"),
        Column("is_in_conversions", Type.BOOLEAN, "Is part of the column conversions"),
        Column("click_window_days", Type.INTEGER, "Days after a click in which it counts"),
        Column("view_window_days", Type.INTEGER, "Days after a view in which it counts"),
        Column("attribution_model", Type.STRING, "How a conversion is shared among clicks"),
    ),
    key=("account_id", "conversion_action"),
    day_zone="UTC",
)

CUSTOMERS = Stream(
    connector="google_ads",
    name="customers",
    kind=Kind.ENTITY,
    description="The ad account",
    columns=(
        Column("account_id", Type.STRING, "Ad account", required=True),
        Column("name", Type.STRING, "Name"),
        Column("currency_code", Type.STRING, "Currency of its money", required=True),
        Column("time_zone", Type.STRING, "Zone of its days", required=True),
        Column("status", Type.STRING, "ENABLED, CANCELED, SUSPENDED or CLOSED"),
        Column("is_test_account", Type.BOOLEAN, "Serves no ads"),
        Column("is_auto_tagging", Type.BOOLEAN, "Clicks bear a gclid"),
    ),
    key=("account_id",),
    day_zone="UTC",
)

STREAMS = (
    CAMPAIGN_PERFORMANCE,
    AD_GROUP_PERFORMANCE,
    AD_PERFORMANCE,
    CONVERSIONS,
    CONVERSION_ACTIONS,
    CUSTOMERS,
)
