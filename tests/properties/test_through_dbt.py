"""A handful of interleavings through ``sanjeh run`` itself: two refreshes of what changed, then a full one."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.integration.warehouse import Workspace, differing_tables
from tests.properties.drawn import examples

pytestmark = pytest.mark.slow

PROVED = 200
"""Examples of a property in ``make prove``."""

SETTINGS = """
project: {name: Small shop, timezone: Europe/Berlin, currency: EUR, customer_salt: one}
brands:
  shop: {name: Shop, calendar: jalali, week_start: saturday}
publish: {detail: true}
sources:
  lines: {connector: order_lines_file, brand: shop, path: "exports/lines/*.csv", covers: dates, timezone: UTC}
  orders: {connector: orders_file, brand: shop, path: "exports/orders/*.csv", timezone: UTC}
  contacts: {connector: crm_contacts_file, brand: shop, path: "exports/contacts/*.csv", timezone: UTC}
  rates: {connector: exchange_rates_file, brand: shop, path: "exports/rates/*.csv", expect: none}
"""


def _drop_some(home: Path, drawn: random.Random) -> None:
    """New, corrected and overlapping files; a customer may turn out to be another one."""
    pick = drawn.choice
    people = [
        ("c1", ""),
        ("c2", "ann@example.com"),
        ("", "ann@example.com"),
        ("c1", "ann@example.com"),
        ("", ""),
    ]

    def moment() -> str:
        return f"2026-0{drawn.randint(5, 9)}-{drawn.randint(1, 28):02} {pick(['10:00:00', '21:59:59', '22:00:00'])}"

    lines = ["order_id,sku,quantity,ordered_at,unit_price,customer_id,customer_email"]
    lines += [
        f"L{drawn.randint(1, 6)},{pick(['A-1', 'POST'])},{pick([1, 2, -1])},{moment()},{pick(['4.50', '10'])},{','.join(pick(people))}"
        for _ in range(6)
    ]
    orders = [
        "order_id,ordered_at,goods_amount,refunded_amount,refunded_at,currency_code,utm_campaign,customer_id,customer_email"
    ]
    orders += [
        f"{number},{moment()},{pick(['20', '99.99'])},{pick(['', '5'])},{moment()},{pick(['EUR', 'USD'])},{pick(['', 'spring'])},{','.join(pick(people))}"
        for number in drawn.sample(range(1, 7), 4)
    ]
    contacts = ["contact_id,created_at,became_lead_at,became_customer_at,merged_into,email"]
    contacts += [
        f"p{n},{moment()},{moment()},{moment()},{pick(['', 'p0'])},{pick(['', 'ann@example.com'])}"
        for n in range(1, 4)
    ]
    rates = [
        "date,from_currency,to_currency,rate",
        *[f"2026-0{month}-01,USD,EUR,0.9{drawn.randint(0, 9)}" for month in range(5, 10)],
    ]
    for kind, rows in {"lines": lines, "orders": orders, "contacts": contacts, "rates": rates}.items():
        folder = home / "exports" / kind
        folder.mkdir(parents=True, exist_ok=True)
        if len(rows) > 1:
            (folder / f"{pick('ab')}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.skipif(examples() < PROVED, reason="four pipeline runs a seed: part of make prove")
@pytest.mark.parametrize("seed", range(2))
def test_refreshes_of_what_changed_equal_a_full_one(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_OF_THE_TEST", "k" * 32)
    home = tmp_path / "workspace"
    home.mkdir()
    text = SETTINGS.replace("customer_salt: one", "customer_salt: one, pii_key_env: KEY_OF_THE_TEST")
    (home / "sanjeh.yml").write_text(text, encoding="utf-8")
    workspace = Workspace(home)
    drawn = random.Random(seed)
    for _ in range(3):
        _drop_some(home, drawn)
        workspace.run()
    before = Path(shutil.copy(workspace.published, home / "before.duckdb"))
    workspace.run("--full-refresh")
    assert differing_tables(before, workspace.published) == {}
    assert workspace.value("select count(*) from marts.fct_kpi_monthly where value is not null") > 0
