"""Dated exchange rates."""

from connectors.exchange_rates.streams import RATES
from connectors.files.config import Covers
from connectors.files.preset import FilePreset

PRESET = FilePreset(
    connector="exchange_rates_file",
    streams=(RATES,),
    covers=Covers.KEYS,
    headers={
        RATES.id: {
            "date": ("Day", "تاریخ"),
            "from_currency": ("From", "Base", "Currency", "از ارز", "ارز"),
            "to_currency": ("To", "Quote", "به ارز"),
            "rate": ("Rate", "Price", "نرخ"),
        }
    },
)
