"""Neither people nor keys show where they shouldn't."""

from __future__ import annotations

import pytest

from tests.contract.hubspot.contacts import CONTACTS, HOUR, NOON, contact
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.hubspot import HubSpotApi


def test_no_clear_personal_data_is_stored(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1, phone="+98 21 5555 0101", firstname="Mina", lastname="Ahmadi")
    api.crm.archive("contacts", contact(api, 2), at=NOON)
    api.forms.add("f-1", "Contact", at=NOON)
    api.forms.submit(
        "f-1",
        at=NOON - HOUR,
        values={"email": "person9@people.example", "message": "Call Mina"},
        page_url="https://www.acme.example/contact?email=person9@people.example#x",
    )
    bench.landed(NOON)
    everything = bench.everything_stored()
    assert "people.example" in everything
    for clear in ("person1", "person2", "person9", "5555", "Mina", "Ahmadi"):
        assert clear not in everything
    assert list(bench.zone.temp.glob("*")) == []


def test_the_key_shows_nowhere(
    api: HubSpotApi, bench: Workbench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("DEBUG")
    wrong = "pat-na1-wrong-key-of-the-test"
    api.order(Fault.CUT_CONNECTION)
    bench.landed(NOON, **CONTACTS)
    monkeypatch.setenv("CRM_KEY", wrong)
    landed = bench.land(NOON)
    said = f"{caplog.text} {errors_of(landed)} {bench.everything_stored()}"
    assert "refused" in said
    for secret in (api.service_key, wrong):
        assert secret not in said
