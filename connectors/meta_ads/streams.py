"""Meta Ads campaign performance: API answers and Ads Manager exports land in the same stream."""

from connectors.core.stream import Column, Kind, Stream, Type

CAMPAIGN_PERFORMANCE = Stream(
    connector="meta_ads",
    name="campaign_performance",
    kind=Kind.REPORT,
    description="Campaign performance per day",
    columns=(
        Column("date", Type.DATE, "Day in the time zone of the ad account", required=True),
        Column("account_id", Type.STRING, "Ad account"),
        Column("campaign_id", Type.STRING, "Campaign id"),
        Column("campaign_name", Type.STRING, "Campaign name", required=True),
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("clicks", Type.INTEGER, "Link clicks; all clicks are in clicks_all", required=True),
        Column("clicks_all", Type.INTEGER, "All clicks on the ad"),
        Column("reach", Type.INTEGER, "People reached by this row; never summed"),
        Column("attribution_setting", Type.STRING, "Attribution window of the conversions"),
        Column("cost", Type.MONEY, "Spend in the account currency", required=True),
        Column("currency_code", Type.STRING, "Account currency"),
        Column(
            "conversions", Type.DECIMAL, "Conversions that the platform claims; fractional values are valid"
        ),
        Column("conversion_value", Type.MONEY, "Value that the platform claims"),
        Column("conversion_goal", Type.STRING, "Which action or goal the conversions count"),
    ),
    key=("date", "account_id", "campaign_id", "campaign_name", "conversion_goal"),
    cursor="date",
    reread_days=28,
    usable_after_days=1,
    final_after_days=28,
)

STREAMS = (CAMPAIGN_PERFORMANCE,)
