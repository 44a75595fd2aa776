"""Deals and what goes with them: pipelines, contacts, companies; answers to surveys and who gave them."""

from __future__ import annotations

from decimal import Decimal

from tests.contract.hubspot.contacts import DAY, HOUR, NOON, contact
from tests.contract.landed import Workbench
from tests.fakes.hubspot import HubSpotApi
from tests.fakes.hubspot_associations import Label
from tests.fakes.hubspot_crm import pipeline, stage

_PAIRS = "select from_id, to_id, type_ids, labels from raw.hubspot__associations where not _is_deleted order by all"


def test_deals_keep_their_amounts_and_stages_their_meaning(api: HubSpotApi, bench: Workbench) -> None:
    api.crm.create(
        "deals",
        at=NOON - DAY,
        dealname="سندان",
        amount="1500000.25",
        deal_currency_code="IRR",
        dealstage="w",
        pipeline="default",
        closedate="2026-10-30T09:00:00Z",
    )
    stages = [
        stage("o", "پیشنهاد", probability="0.4"),
        stage("w", "Lost", probability="1.0", closed=True),
        stage("l", "Won", probability="0.0", closed=True),
    ]
    api.crm.pipelines["deals"] = [pipeline("default", "Sales", at=NOON, stages=stages)]

    bench.landed(NOON)

    deals = bench.rows(
        "select dealname, amount, deal_currency_code, dealstage, closedate from raw.hubspot__deals"
    )
    assert [deal[:4] for deal in deals] == [("سندان", Decimal("1500000.250000"), "IRR", "w")]
    told = "select stage_id, stage_label, display_order, probability, is_closed from raw.hubspot__pipelines"
    assert bench.rows(f"{told} order by 3") == [
        ("o", "پیشنهاد", 0, 0.4, False),
        ("w", "Lost", 1, 1.0, True),
        ("l", "Won", 2, 0.0, True),
    ]


def test_a_stage_that_is_gone_gets_a_tombstone_at_once(api: HubSpotApi, bench: Workbench) -> None:
    both = [stage(name, name, probability="0.4") for name in ("a", "b")]
    api.crm.pipelines["deals"] = [pipeline("p", "Sales", at=NOON, stages=both)]
    bench.landed(NOON)
    api.crm.pipelines["deals"] = [pipeline("p", "Sales", at=NOON, stages=both[:1])]
    bench.landed(NOON + DAY)
    gone = "select stage_id from raw.hubspot__pipelines where _is_deleted"
    assert bench.rows(gone) == [("b",)]


def test_contacts_of_deals_are_those_of_now(api: HubSpotApi, bench: Workbench) -> None:
    for number in range(1, 8):
        contact(api, number)
    first, second, _ = (api.crm.create("deals", at=NOON - 40 * DAY) for _ in range(3))
    for number in range(1, 6):
        api.crm.associations.add("deals", first, "contacts", number)
    api.crm.associations.add("deals", second, "contacts", 6, label=Label(31, "Decision maker"))
    api.crm.associations.page = 2
    api.crm.associations.ids_as_numbers = True

    bench.landed(NOON)
    assert bench.rows(_PAIRS) == [
        *((str(first), str(number), "3", None) for number in range(1, 6)),
        (str(second), "6", "3;31", "Decision maker"),
    ]

    api.crm.associations.remove("deals", first, "contacts", 2)
    api.crm.associations.add("deals", second, "contacts", 7)
    bench.landed(NOON + DAY)
    gone = "select from_id, to_id from raw.hubspot__associations where _is_deleted"
    assert bench.rows(gone) == [(str(first), "2")]
    assert (str(second), "7", "3", None) in bench.rows(_PAIRS)


def test_answers_to_surveys_name_who_gave_them(api: HubSpotApi, bench: Workbench) -> None:
    for number in (1, 2):
        contact(api, number)
    known = api.crm.create(
        "feedback_submissions",
        at=NOON - DAY,
        hs_value="9",
        hs_survey_type="NPS",
        hs_content="Mina was kind",
        hs_submission_timestamp="2026-10-31T08:00:00Z",
    )
    api.crm.create("feedback_submissions", at=NOON - DAY, hs_value="۱۰", hs_survey_type="NPS")
    for number in (2, 1):
        api.crm.associations.add("feedback_submissions", known, "contacts", number)
    bench.landed(NOON)
    api.crm.archive("feedback_submissions", known, at=NOON + HOUR)
    bench.landed(NOON + DAY)

    told = "select hs_value, hs_survey_type, contact_id, archived from raw.hubspot__feedback_submissions"
    assert bench.rows(f"{told} order by _load_id, cast(id as int)") == [
        ("9", "NPS", "1", False),
        ("۱۰", "NPS", None, False),
        ("9", "NPS", "1", True),
    ]
    assert "Mina" not in bench.everything_stored()
