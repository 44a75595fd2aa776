"""A workspace of billing histories small enough to reckon by hand; see the test for the arithmetic.

``saas`` reports in euros (one subscriber pays dollars), ``dollar`` in dollars (all pay euros, one later francs). A
dollar is worth 0.80 euros until 27 January 2026, 0.90 from 4 February, 0.75 from 1 April: a rate holds until the next
of the weekly file.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.integration.warehouse import Workspace

AS_OF = "2026-07-01"
SETTINGS = """
project: {{name: Billing, timezone: Europe/Berlin, currency: EUR}}
brands:
  saas: {{name: Saas}}
  dollar: {{name: Dollar, currency: USD}}
sources:
  billing:
    connector: subscription_items_file
    brand: saas
    path: exports/saas*.csv
    coverage: {{from: 2025-12-31, to: 2026-06-30}}
    expect: until 2026-06-30
    rules: {{{rules}}}
  dollar_billing:
    connector: subscription_items_file
    brand: dollar
    path: exports/dollar.csv
    currency: EUR
    coverage: {{from: 2025-12-31, to: 2026-06-30}}
    expect: until 2026-06-30
  rates: {{connector: exchange_rates_file, brand: saas, path: exports/rates.csv, expect: none}}
"""
HEADER = (
    "Item ID,Subscription ID,Customer ID,Customer email,Effective from,Status,Quantity,Unit amount,Currency,Interval,"
    "Usage type,Pricing tiers,Tiers mode,Percent off,Amount off,Discount duration,Discount end,Cancel at period end,"
    "Current period end,Paused,Deleted\n"
)
_TIERS = (
    '"[{""up_to"":10,""unit_amount"":""5.00""},{""up_to"":null,""unit_amount"":4,""flat_amount"":""10""}]"'
)
SAAS = f"""\
a1,sa,A,a@customer.example,2025-11-10 10:00,active,1,100,EUR,month,,,,,,,,,,,
a1,sa,A,a@customer.example,2026-02-15 10:00,active,3,100,EUR,month,,,,,,,,,,,
b1,sb,B,info@customer.example,2025-06-01 00:00,active,1,1200,EUR,year,,,,,,,,,,,
b1,sb,B,info@customer.example,2026-03-10 09:00,active,1,1200,EUR,year,,,,,,,,yes,2026-06-01 00:00,,
c1,sc,C,,2026-01-20 12:00,active,1,12,EUR,week,,,,50,,repeating,2026-03-01 00:00,,,,
d1,sd,D,,2025-12-01 12:00,active,1,50,USD,month,,,,,,,,,,,
e1,se,E,,2026-01-05 12:00,trialing,1,30,EUR,month,,,,,,,,,,,
e1,se,E,,2026-01-19 12:00,active,1,30,EUR,month,,,,,,,,,,,
e1,se,E,,2026-02-10 12:00,canceled,1,30,EUR,month,,,,,,,,,,,
e1,se,E,,2026-04-04 12:00,active,1,40,EUR,month,,,,,,,,,,,
f1,sf,F,,2026-01-10 12:00,past_due,12,,EUR,month,,{_TIERS},graduated,,,,,,,,
g1,sg,G,,2026-01-10 12:00,active,1,60,EUR,month,,,,,30,forever,,,,,
g2,sg,G,,2026-01-10 12:00,active,1,40,EUR,month,,,,,30,forever,,,,,
h1,sh,H,,2025-12-10 12:00,active,1,20,EUR,month,,,,,,,,,,,
h1,sh,H,,2026-02-01 00:00,active,1,20,EUR,month,,,,,,,,,,yes,
i1,si,I,,2025-12-10 12:00,active,1,99,EUR,month,metered,,,,,,,,,,
j1,sj,J,,2025-12-10 12:00,unpaid,1,99,EUR,month,,,,,,,,,,,
k1,sk,K,,2025-12-10 12:00,active,1,70,EUR,month,,,,,,,,,,,
k1,sk,K,,2026-03-15 12:00,active,1,70,EUR,month,,,,,,,,,,,yes
"""
CORRECTION = "a1,sa,A,a@customer.example,2026-02-15 10:00,active,2,100,EUR,month,,,,,,,,,,,\n"
DOLLAR = """\
p1,,P,,2026-01-01 00:00,active,1,100,,month,,,,,,,,,,,
q1,,Q,,2026-02-10 00:00,active,1,50,,month,,,,,,,,,,,
q1,,Q,,2026-03-05 00:00,canceled,1,50,,month,,,,,,,,,,,
r1,,R,,2026-06-10 00:00,active,1,10,CHF,month,,,,,,,,,,,
"""


def _rates() -> str:
    days = [date(2025, 12, 31) + timedelta(weeks=week) for week in range(27)]
    worth = [0.8 if day < date(2026, 1, 31) else 0.9 if day < date(2026, 3, 31) else 0.75 for day in days]
    return "Date,From,To,Rate\n" + "".join(
        f"{day},USD,EUR,{rate}\n" for day, rate in zip(days, worth, strict=True)
    )


def build(home: Path) -> Workspace:
    """Write the workspace into ``home`` and run it."""
    (home / "exports").mkdir(parents=True)
    (home / "sanjeh.yml").write_text(SETTINGS.format(rules=""), encoding="utf-8")
    (home / ".env").write_text("SANJEH_PII_KEY=a key of the tests\n", encoding="utf-8")
    for name, text in (("saas", HEADER + SAAS), ("dollar", HEADER + DOLLAR), ("rates", _rates())):
        (home / "exports" / f"{name}.csv").write_text(text, encoding="utf-8")
    workspace = Workspace(home)
    done = workspace.sanjeh("run", "--as-of", AS_OF)
    (home / "run.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return workspace


def correct(workspace: Workspace) -> None:
    """Land a corrected state of A in a file of its own, let cancellations count at once, and run again."""
    (workspace.home / "exports" / "saas_late.csv").write_text(HEADER + CORRECTION, encoding="utf-8")
    settings = SETTINGS.format(rules="churn_at_period_end: false")
    (workspace.home / "sanjeh.yml").write_text(settings, encoding="utf-8")
    workspace.sanjeh("run", "--as-of", AS_OF)
