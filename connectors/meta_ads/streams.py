"""Meta Ads performance: API answers and Ads Manager exports land in the same stream of campaigns.

Days are those of the ad account. Meta restates a day for 28 days: conversions come in behind their clicks.
"""

from connectors.core.stream import Column, Kind, Stream, Type

_DATE = Column("date", Type.DATE, "Day in the time zone of the ad account", required=True)
_ACCOUNT = Column("account_id", Type.STRING, "Ad account")
_DELIVERY = (
    Column("impressions", Type.INTEGER, "Impressions", required=True),
    Column("clicks", Type.INTEGER, "Link clicks; all clicks are in clicks_all", required=True),
    Column("clicks_all", Type.INTEGER, "All clicks on the ad"),
    Column("reach", Type.INTEGER, "People reached by this row; never summed"),
    Column("attribution_setting", Type.STRING, "Attribution window of the conversions"),
    Column("cost", Type.MONEY, "Spend in the account currency", required=True),
    Column("currency_code", Type.STRING, "Account currency"),
    Column("conversions", Type.DECIMAL, "Conversions that the platform claims; fractional values are valid"),
    Column("conversion_value", Type.MONEY, "Value that the platform claims"),
    Column("conversion_goal", Type.STRING, "Which action or goal the conversions count"),
)

CAMPAIGN_PERFORMANCE = Stream(
    connector="meta_ads",
    name="campaign_performance",
    kind=Kind.REPORT,
    description="Campaign performance per day",
    columns=(
        _DATE,
        _ACCOUNT,
        Column("campaign_id", Type.STRING, "Campaign id"),
        Column("campaign_name", Type.STRING, "Campaign name", required=True),
        *_DELIVERY,
    ),
    key=("date", "account_id", "campaign_id", "campaign_name", "conversion_goal"),
    cursor="date",
    reread_days=29,
    usable_after_days=1,
    final_after_days=28,
)

AD_PERFORMANCE = Stream(
    connector="meta_ads",
    name="ad_performance",
    kind=Kind.REPORT,
    description="Performance of each ad per day",
    columns=(
        _DATE,
        _ACCOUNT,
        Column("campaign_id", Type.STRING, "Campaign id"),
        Column("campaign_name", Type.STRING, "Campaign name"),
        Column("adset_id", Type.STRING, "Ad set id"),
        Column("adset_name", Type.STRING, "Ad set name"),
        Column("ad_id", Type.STRING, "Ad id", required=True),
        Column("ad_name", Type.STRING, "Ad name"),
        *_DELIVERY,
    ),
    key=("date", "account_id", "ad_id"),
    cursor="date",
    reread_days=29,
    usable_after_days=1,
    final_after_days=28,
)

CONVERSIONS = Stream(
    connector="meta_ads",
    name="conversions",
    kind=Kind.REPORT,
    description="Actions that the platform claims, per day, campaign, action type and attribution window",
    columns=(
        _DATE,
        _ACCOUNT,
        Column("campaign_id", Type.STRING, "Campaign id", required=True),
        Column("campaign_name", Type.STRING, "Campaign name"),
        Column(
            "action_type",
            Type.STRING,
            "Meta's word for the action, such as lead; types overlap, so they are never added",
            required=True,
        ),
        Column(
            "attribution_window",
            Type.STRING,
            "7d_click, 1d_view …; total is Meta's own number for its default windows, no sum of the others",
            required=True,
        ),
        Column("conversions", Type.DECIMAL, "Actions that the platform claims"),
        Column("conversion_value", Type.MONEY, "Value that the platform claims"),
        Column("currency_code", Type.STRING, "Account currency"),
    ),
    key=("date", "account_id", "campaign_id", "action_type", "attribution_window"),
    cursor="date",
    reread_days=29,
    usable_after_days=1,
    final_after_days=28,
)

STREAMS = (CAMPAIGN_PERFORMANCE, AD_PERFORMANCE, CONVERSIONS)
