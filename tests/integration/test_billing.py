"""Recurring revenue from item histories, from dropped file to published KPIs, against numbers worked by hand.

On 31 December 2025 pay: A 100, B 1,200 a year = 100, D 50 dollars at 0.80 = 40, H 20, K 70. Together 330, 5 payers.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.integration.billing import build, correct
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow

MOVEMENTS = (
    "select month::varchar, mrr_start, mrr_new, mrr_expansion, mrr_reactivation, mrr_contraction, mrr_churn, mrr_fx, "
    "mrr_end, subscribers_start, subscribers_end, subscribers_retained from marts.fct_mrr_movements_monthly "
    "where brand_id = '{brand}' order by 1"
)


@pytest.fixture(scope="module")
def billing(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return build(tmp_path_factory.mktemp("billing") / "workspace")


def kpis(workspace: Workspace, grain: str, start: str, brand: str = "saas") -> dict[str, float]:
    """Value by KPI of one period."""
    return dict(
        workspace.rows(
            f"select kpi_id, value from marts.fct_kpi_{grain} where brand_id = '{brand}' and segment_type = 'overall' "
            f"and period_start = date '{start}' and value is not null"
        )
    )


def amounts(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def test_months_move_as_reckoned(billing: Workspace) -> None:
    """January: C 12 x 52/12 less half = 26, E 30 after its trial, F 10 x 5 + 2 x 4 + 10 = 68, G 100 - 30 = 70.

    February: E and H (paused) leave with 50, A adds 200, the dollar rises: 50 x 0.10. March: C's discount is over (26),
    K is deleted (70). April: E comes back with 40, the dollar falls: 50 x -0.15. June: B's year, cancelled in March, is over.
    """
    assert billing.rows(MOVEMENTS.format(brand="saas")) == [
        ("2026-01-01", *amounts("330", "194", "0", "0", "0", "0", "0", "524"), 5, 9, 5),
        ("2026-02-01", *amounts("524", "0", "200", "0", "0", "50", "5", "679"), 9, 7, 7),
        ("2026-03-01", *amounts("679", "0", "26", "0", "0", "70", "0", "635"), 7, 6, 6),
        ("2026-04-01", *amounts("635", "0", "0", "40", "0", "0", "-7.5", "667.5"), 6, 7, 6),
        ("2026-05-01", *amounts("667.5", "0", "0", "0", "0", "0", "0", "667.5"), 7, 7, 7),
        ("2026-06-01", *amounts("667.5", "0", "0", "0", "0", "100", "0", "567.5"), 7, 6, 6),
    ]


@pytest.mark.parametrize(
    ("grain", "start", "expected"),
    [
        # 15 March: K leaves with 70 of 705.
        ("daily", "2026-03-15", (635, 635 / 705, 635 / 705, 1 / 7)),
        # 9 to 15 February: of 509 (H is gone, D is 45) E leaves with 30, A adds 200.
        ("weekly", "2026-02-09", (679, 679 / 509, 479 / 509, 1 / 8)),
        # The start is valued at the end's rate: 524 + 5.
        ("monthly", "2026-02-01", (679, 679 / 529, 479 / 529, 2 / 9)),
        ("monthly", "2026-06-01", (567.5, 567.5 / 667.5, 567.5 / 667.5, 1 / 7)),
        # 330 is 335 at the end's rate: H 20 and K 70 leave, A adds 200. E came and went in between.
        ("quarterly", "2026-01-01", (635, 445 / 335, 245 / 335, 2 / 5)),
        ("quarterly", "2026-04-01", (567.5, 527.5 / 627.5, 527.5 / 627.5, 1 / 6)),
    ],
)
def test_retention_at_every_grain(
    billing: Workspace, grain: str, start: str, expected: tuple[float, ...]
) -> None:
    mrr, net, gross, churn = expected
    assert kpis(billing, grain, start) == pytest.approx(
        {
            "mrr": mrr,
            "arr": 12 * mrr,
            "net_revenue_retention": net,
            "gross_revenue_retention": gross,
            "customer_churn_rate": churn,
            "subscription_retention_rate": 1 - churn,
        },
        rel=1e-12,
    )


def test_a_brand_that_reports_in_another_currency_moves_by_the_rates(billing: Workspace) -> None:
    """A euro is 1.25, then 1.111111111111, from April 1.333333333333 dollars. P pays 100 euros, Q 50 in February.

    From 10 June on R pays francs, which have no rate: June is unknown, not less.
    """
    rows = billing.rows(MOVEMENTS.format(brand="dollar"))
    assert rows[:4] == [
        ("2026-01-01", *amounts("0", "125", "0", "0", "0", "0", "0", "125"), 0, 1, 0),
        ("2026-02-01", *amounts("125", "55.555556", "0", "0", "0", "0", "-13.888889", "166.666667"), 1, 2, 1),
        ("2026-03-01", *amounts("166.666667", "0", "0", "0", "0", "55.555556", "0", "111.111111"), 2, 1, 1),
        ("2026-04-01", *amounts("111.111111", "0", "0", "0", "0", "0", "22.222222", "133.333333"), 1, 1, 1),
    ]
    assert rows[5] == ("2026-06-01", *(8 * [None]), 1, 2, 1)
    assert "mrr" not in kpis(billing, "monthly", "2026-06-01", "dollar")
    assert kpis(billing, "daily", "2026-06-09", "dollar")["mrr"] == pytest.approx(400 / 3)


def test_a_missing_rate_is_named_with_its_days(billing: Workspace) -> None:
    assert (
        "test assert_exchange_rates_are_known failed (warn): brand_id dollar, source_id dollar_billing, "
        "from_currency CHF, to_currency USD, first_day 2026-06-10, last_day 2026-06-30, days 21"
    ) in " ".join((billing.home / "run.txt").read_text(encoding="utf-8").split())


def test_movements_add_up_to_the_cent_in_every_published_month(billing: Workspace) -> None:
    assert (
        billing.value(
            "select count(*) from marts.fct_mrr_movements_monthly where mrr_start + mrr_new + mrr_expansion + "
            "mrr_reactivation - mrr_contraction - mrr_churn + mrr_fx <> mrr_end"
        )
        == 0
    )


def test_no_address_reaches_the_published_file(billing: Workspace) -> None:
    tables = billing.rows("select table_name, column_name from duckdb_columns() where schema_name = 'marts'")
    assert not [column for _, column in tables if "hmac" in column or "email_domain" in column]


def test_a_correction_and_the_other_switch_change_exactly_what_they_touch(billing: Workspace) -> None:
    """A has 2 seats and not 3 from 15 February on; B stops counting on 10 March, when it is set to cancel."""
    correct(billing)
    rows = {row[0]: row for row in billing.rows(MOVEMENTS.format(brand="saas"))}
    assert rows["2026-01-01"] == (
        "2026-01-01",
        *amounts("330", "194", "0", "0", "0", "0", "0", "524"),
        5,
        9,
        5,
    )
    assert rows["2026-02-01"] == (
        "2026-02-01",
        *amounts("524", "0", "100", "0", "0", "50", "5", "579"),
        9,
        7,
        7,
    )
    assert rows["2026-03-01"] == (
        "2026-03-01",
        *amounts("579", "0", "26", "0", "0", "170", "0", "435"),
        7,
        5,
        5,
    )
    assert rows["2026-06-01"] == (
        "2026-06-01",
        *amounts("467.5", "0", "0", "0", "0", "0", "0", "467.5"),
        6,
        6,
        6,
    )
