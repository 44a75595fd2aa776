"""TikTok Ads: performance and claimed conversions of campaigns per day, in the zone of the advertiser."""

from connectors.core.stream import Column, Kind, Stream, Type

_CAMPAIGN = (
    Column("date", Type.DATE, "Day in the time zone of the advertiser", required=True),
    Column("account_id", Type.STRING, "Advertiser"),
    Column("campaign_id", Type.STRING, "Campaign id", required=True),
    Column("campaign_name", Type.STRING, "Campaign name of today"),
)
_CURRENCY = Column("currency_code", Type.STRING, "Currency of the advertiser")

CAMPAIGN_PERFORMANCE = Stream(
    connector="tiktok_ads",
    name="campaign_performance",
    kind=Kind.REPORT,
    description="Campaign performance per day",
    columns=(
        *_CAMPAIGN,
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("clicks", Type.INTEGER, "Clicks as TikTok counts them", required=True),
        Column("campaign_type", Type.STRING, "Objective of the campaign, such as TRAFFIC"),
        Column("cost", Type.MONEY, "Spend in the currency of the advertiser", required=True),
        _CURRENCY,
        Column("conversions", Type.DECIMAL, "Conversions that the platform claims of conversion_goal"),
        Column(
            "conversion_value",
            Type.MONEY,
            "Value that the platform claims, in the currency of the advertiser",
        ),
        Column("conversion_goal", Type.STRING, "Which metric the conversions are"),
    ),
    key=("date", "account_id", "campaign_id", "campaign_name", "conversion_goal"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
)

CONVERSIONS = Stream(
    connector="tiktok_ads",
    name="conversions",
    kind=Kind.REPORT,
    description="Conversions that the platform claims, per day, campaign, goal and attribution window",
    columns=(
        *_CAMPAIGN,
        Column("conversion_goal", Type.STRING, "Which metric is counted", required=True),
        Column(
            "attribution_window",
            Type.STRING,
            "Window as configured; total where none is told apart",
            required=True,
        ),
        Column("conversions", Type.DECIMAL, "Conversions that the platform claims", required=True),
        Column(
            "conversion_value",
            Type.MONEY,
            "Value that the platform claims, in the currency of the advertiser",
        ),
        _CURRENCY,
    ),
    key=("date", "account_id", "campaign_id", "campaign_name", "conversion_goal", "attribution_window"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
)

STREAMS = (CAMPAIGN_PERFORMANCE, CONVERSIONS)
