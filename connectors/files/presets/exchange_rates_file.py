"""Dated exchange rates: a row per pair of currencies, or a column per currency as central banks do it."""

from connectors.exchange_rates.streams import RATES
from connectors.files.config import Covers
from connectors.files.preset import FilePreset, RowCheck
from connectors.files.wide import Wide

PRESET = FilePreset(
    connector="exchange_rates_file",
    streams=(RATES,),
    covers=Covers.KEYS,
    na_values=("N/A",),
    wide=Wide(codes="[A-Z]{3}", names=("to_currency", "from_currency"), value="rate"),
    row_checks=(RowCheck(column="rate", holds="rate > 0", reason="a rate is above 0"),),
    headers={
        RATES.id: {
            "date": ("Day", "Rate date", "TIME_PERIOD", "تاریخ"),
            "from_currency": (
                "From",
                "Base",
                "Base currency",
                "Source currency",
                "Currency",
                "از ارز",
                "ارز",
            ),
            "to_currency": (
                "To",
                "Quote",
                "Quote currency",
                "Target currency",
                "Symbol",
                "به ارز",
            ),
            "rate": ("Exchange rate", "Value", "Price", "OBS_VALUE", "نرخ"),
        }
    },
)
