"""Invoices: amounts as they came, and late changes of old ones."""

from __future__ import annotations

from tests.contract.landed import Workbench
from tests.contract.stripe.billing import DAY, HOUR, NOON
from tests.fakes.stripe import StripeApi
from tests.fakes.stripe_rows import Record, invoice, seconds


def _paid(bill: Record, at: int | None) -> Record:
    transitions = {**bill["status_transitions"], "paid_at": at}
    return bill | {
        "status": "paid",
        "amount_paid": bill["total"],
        "amount_remaining": 0,
        "status_transitions": transitions,
    }


def test_amounts_and_the_subscription_land(api: StripeApi, bench: Workbench) -> None:
    discounts = [{"amount": 150, "discount": "di_0001"}, {"amount": 50, "discount": "di_0002"}]
    api.bill(
        invoice(
            1,
            1999,
            at=NOON - DAY,
            customer="cus_0001",
            subscription="sub_0001",
            total_discount_amounts=discounts,
            total_taxes=[{"amount": 319, "tax_behavior": "inclusive"}],
        ),
        at=NOON - DAY,
    )
    api.bill(invoice(2, -5, at=NOON - 2 * DAY, customer="cus_0002", currency="jpy"), at=NOON - 2 * DAY)
    bench.landed(NOON)
    told = "invoice_id, subscription_id, currency, total, discount_amount, tax_amount, status, paid_at is not null"
    assert bench.rows(f"select {told} from raw.stripe__invoices order by 1") == [
        ("in_00001", "sub_0001", "eur", 1999, 200, 319, "paid", True),
        ("in_00002", None, "jpy", -5, 0, None, "paid", True),
    ]


def test_an_old_invoice_that_is_paid_late_is_asked_for_alone(api: StripeApi, bench: Workbench) -> None:
    old = invoice(1, 1000, at=NOON - 50 * DAY, customer="cus_0001", status="open")
    api.bill(old, at=NOON - 50 * DAY, kind="finalized")
    for number in range(2, 6):
        api.bill(invoice(number, 1000, at=NOON - number * DAY, customer="cus_0001"), at=NOON - number * DAY)
    bench.landed(NOON)
    api.now = NOON + DAY
    api.bill(_paid(old, seconds(NOON + HOUR)), at=NOON + HOUR)
    api.seen.clear()
    assert bench.landed(NOON + DAY)["invoices"].rows == 1
    assert [seen.path for seen in api.seen if seen.path.startswith("/v1/invoices/")] == [
        "/v1/invoices/in_00001"
    ]
    newest = (
        "select status, amount_paid from raw.stripe__invoices where invoice_id = 'in_00001' order by _load_id"
    )
    assert bench.rows(newest) == [("open", 0), ("paid", 1000)]


def test_a_deleted_draft_is_not_asked_for_and_the_whole_list_buries_it(
    api: StripeApi, bench: Workbench
) -> None:
    draft = invoice(1, 1000, at=NOON - 20 * DAY, customer="cus_0001", status="draft")
    api.bill(draft, at=NOON - 20 * DAY, kind="created")
    api.bill(invoice(2, 1000, at=NOON - DAY, customer="cus_0001"), at=NOON - DAY)
    bench.landed(NOON)
    api.now = NOON + DAY
    api.bill(draft, at=NOON + HOUR, kind="deleted")
    api.invoices.pop("in_00001")
    assert bench.landed(NOON + DAY)["invoices"].rows == 0
    api.now = NOON + 30 * DAY
    bench.landed(NOON + 30 * DAY)
    assert bench.rows("select invoice_id from raw.stripe__invoices where _is_deleted") == [("in_00001",)]
