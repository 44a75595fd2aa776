"""Google Ads of ``nava`` by API: an account in dollars and, since an account keeps its currency, another one in euros.

What Google's API can't tell as the export told it: a campaign whose claims are not known claims nothing, a day on which
nothing was shown has no rows, and a day that an export lacks is a day without ads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.fakes.google_ads import DEVELOPER_TOKEN, GoogleAdsApi
from tests.fakes.google_ads_data import Action, AdAccount, AdFact, Campaign, Claim
from tests.fakes.google_auth import service_account_info
from tests.known_company.clock import RUNS, START
from tests.known_company.nava import ads, rates
from tests.known_company.nava.answers import AD_DAYS, BRAND
from tests.known_company.nava.exports import Drop, tehran_day
from tests.known_company.nava_apis.reasons import Reason, after_exports, of_source, on, since
from tests.known_company.nava_apis.served import Opened, every_day
from tests.known_company.oracle import ads as ads_oracle
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers
from tests.known_company.records import AdDay

INSTEAD_OF = TELLS = (ads.GOOGLE,)
EURO = "nava_google_euro"
"""The source of the account in euros."""
_ACCOUNTS = {ads.GOOGLE: ("1234567890", "USD"), EURO: ("1234567891", "EUR")}
_TYPES = {"Search": "SEARCH", "Video": "VIDEO", "Performance Max": "PERFORMANCE_MAX"}
_PURCHASE = 7001
_ADS = frozenset(ads_oracle.MEASURES)
REASONS = (
    Reason(
        text="an account of Google Ads keeps its currency, so there are two sources",
        measures=_ADS,
        is_day=since(ads.EURO_SINCE),
        is_row=of_source(ads.GOOGLE, EURO),
    ),
    Reason(
        text="claims of a campaign that an ad platform's export doesn't tell are nought in its API",
        measures=frozenset({"platform_conversions", "platform_spend_with_conversions"}),
    ),
    Reason(text="a day that Google's export lacks is one without ads", measures=_ADS, is_day=on(ads.MISSING)),
    Reason(
        text="campaigns have no rows of a day on which Google showed nothing",
        measures=_ADS,
        is_day=on(ads.SILENT),
        is_row=lambda key: key.segment_type != "overall",
    ),
    after_exports(_ADS),
)


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The account in euros is read from the run on that finds it opened."""
    shared = {
        "connector": "google_ads", "developer_token_env": "KNOWN_NAVA_ADS_TOKEN",
        "credentials_file_env": "KNOWN_NAVA_GOOGLE_KEY", "base_url": addresses["google_ads"],
    }  # fmt: skip
    found = {ads.GOOGLE: {**shared, "customer_id": _ACCOUNTS[ads.GOOGLE][0], "start": START}}
    if tehran_day(RUNS[run]) > ads.EURO_SINCE:
        found[EURO] = {**shared, "customer_id": _ACCOUNTS[EURO][0], "start": ads.EURO_SINCE}
    return found


def open_server(run: int, home: Path, servers: ExitStack) -> Opened:
    """Both accounts; days that are younger than thirty days as they were known then."""
    api = servers.enter_context(
        GoogleAdsApi([account(source, run) for source in _ACCOUNTS], today=tehran_day(RUNS[run]))
    )
    # The connectors' own tests hold requests and answers to the contract.
    api.checks_contract = False
    key = home / "nava-apis-google-key.json"
    key.write_text(json.dumps(service_account_info(api.token_uri)), encoding="utf-8")
    return Opened(
        {"google_ads": api.base_url},
        {"KNOWN_NAVA_GOOGLE_KEY": str(key.absolute()), "KNOWN_NAVA_ADS_TOKEN": DEVELOPER_TOKEN},
    )


def drops(run: int) -> tuple[Drop, ...]:
    """None."""
    del run
    return ()


def records() -> list[AdDay]:
    """What the API tells of ``nava``'s days after the last run."""
    return [
        replace(
            each,
            source=EURO if each.day >= ads.EURO_SINCE else ads.GOOGLE,
            conversions=each.conversions or Decimal(0),
        )
        for each in ads.records()
        if each.source == ads.GOOGLE and (each.impressions or each.cost)
    ]


def answers() -> Answers:
    """Reckoned as of the exports."""
    found = ads_oracle.answers(BRAND, records(), (), rates.rates())
    for source, first in ((ads.GOOGLE, START), (EURO, ads.EURO_SINCE)):
        found.feeds += feeds(
            source, ads_oracle.MEASURES, every_day(first), usable_after_days=1, final_after_days=AD_DAYS[ads.GOOGLE]
        )  # fmt: skip
    return found


def account(source: str, run: int) -> AdAccount:
    """The account of a source as it is told at a run."""
    number, currency = _ACCOUNTS[source]
    found = AdAccount(
        id=number,
        name=source,
        currency_code=currency,
        time_zone="Asia/Tehran",
        campaigns={
            ads.hash_of(name): Campaign(name=name, type=_TYPES[kind])
            for name, (kind, _) in ads.CAMPAIGNS.items()
        },
        actions={_PURCHASE: Action(name="Purchase")},
    )
    days = [day for day in ads.google_days() if (day.day >= ads.EURO_SINCE) == (source == EURO)]
    _fill(found, days, run)
    return found


def _fill(account: AdAccount, days: Iterable[ads.Day], run: int) -> None:
    today = RUNS[run].date()
    settled = today - timedelta(days=AD_DAYS[ads.GOOGLE])
    for day in days:
        if day.day >= today:
            continue
        is_early = day.day > settled and run < len(RUNS) - 1
        clicks, claims = day.first if is_early else (day.clicks, day.conversions)
        campaign = ads.hash_of(day.campaign)
        account.facts.append(
            AdFact(
                day=day.day,
                campaign=campaign,
                impressions=day.impressions,
                clicks=clicks,
                cost_micros=int(day.cost * 1_000_000),
            )
        )
        if claims:
            account.claims.append(Claim(day=day.day, campaign=campaign, action=_PURCHASE, conversions=claims))
