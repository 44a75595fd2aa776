"""Forms and submissions: newest first, known by an id or by what they hold, the address alone taken."""

from __future__ import annotations

from datetime import timedelta

from werkzeug import Request, Response

from tests.contract.hubspot.contacts import DAY, HOUR, NOON, stored
from tests.contract.landed import Workbench, errors_of
from tests.fakes.hubspot import HubSpotApi
from tests.fakes.server import json_response

FORMS = {
    "without": [
        *("contacts", "companies", "deals", "merges", "pipelines", "associations", "emails"),
        *("email_statistics", "feedback_submissions"),
    ]
}
_SUBMISSIONS = "raw.hubspot__form_submissions"


def _paths(api: HubSpotApi) -> list[str]:
    return [seen.path for seen in api.seen if "/submissions/" in seen.path]


def test_forms_of_every_kind_are_listed(api: HubSpotApi, bench: Workbench) -> None:
    api.forms.add("f-1", "Contact", at=NOON - DAY)
    api.forms.add("f-2", "Pop-up", at=NOON - DAY, form_type="captured")
    api.forms.add("f-3", "Old", at=NOON - DAY, archived=True)
    bench.landed(NOON, page_size=1, **FORMS)
    assert bench.rows("select id, name, form_type, archived from raw.hubspot__forms order by id") == [
        ("f-1", "Contact", "hubspot", False),
        ("f-2", "Pop-up", "captured", False),
        ("f-3", "Old", "hubspot", True),
    ]
    assert {seen.path for seen in api.seen if "/forms" in seen.path and "submissions" not in seen.path} == {
        "/marketing/forms/2026-09-beta"
    }


def test_submissions_of_all_forms_land_archived_ones_too(api: HubSpotApi, bench: Workbench) -> None:
    api.forms.add("f-1", "Contact", at=NOON - DAY)
    api.forms.add("f-3", "Old", at=NOON - DAY, archived=True)
    values = {"email": "visitor@people.example", "firstname": "مینا"}
    api.forms.submit("f-1", at=NOON - HOUR, values=values, conversion=1, page_url="https://a.example/x?e=1#2")
    api.forms.submit("f-3", at=NOON - 9 * DAY, values={"note": "no address"}, conversion=2)
    bench.landed(NOON, **FORMS)
    found = bench.rows(f"select form_id, submitted_at, page_url, email_domain from {_SUBMISSIONS} order by 1")
    assert found == [
        ("f-1", stored(NOON - HOUR), "https://a.example/x", "people.example"),
        ("f-3", stored(NOON - 9 * DAY), "https://www.example.com/contact", None),
    ]


def test_without_an_id_moment_and_values_make_it(api: HubSpotApi, bench: Workbench) -> None:
    api.forms.add("f-1", "Contact", at=NOON - DAY)
    same = {"email": "visitor@people.example", "size": "L"}
    for values in (same, dict(reversed(same.items())), same | {"size": "M"}):
        api.forms.submit("f-1", at=NOON - HOUR, values=values)
    api.forms.submit("f-1", at=NOON - 2 * HOUR, values=same)
    bench.landed(NOON, **FORMS)
    bench.landed(NOON + DAY, **FORMS)
    assert bench.rows(f"select count(*), count(distinct submission_id) from {_SUBMISSIONS}") == [(3, 3)]


def test_a_later_run_stops_at_what_is_known(api: HubSpotApi, bench: Workbench) -> None:
    api.forms.add("f-1", "Contact", at=NOON - DAY)
    for number in range(40):
        api.forms.submit("f-1", at=NOON - number * DAY, values={}, conversion=number + 1)
    bench.landed(NOON, submissions_page_size=5, **FORMS)
    assert len(_paths(api)) == 8
    api.seen.clear()
    api.forms.submit("f-1", at=NOON + HOUR, values={}, conversion=99)

    landed = bench.landed(NOON + DAY, submissions_page_size=5, **FORMS)

    assert landed["form_submissions"].rows == 1
    assert len(_paths(api)) == 2


def test_one_that_comes_while_pages_are_read_lands_once_or_next_time(
    api: HubSpotApi, bench: Workbench
) -> None:
    api.forms.add("f-1", "Contact", at=NOON - DAY)
    for number in range(6):
        api.forms.submit("f-1", at=NOON - number * HOUR, values={}, conversion=number + 1)
    api.on_request(
        2,
        lambda: api.forms.submit("f-1", at=NOON + HOUR, values={}, conversion=77),
        matches=lambda r: "/submissions/" in r.path,
    )
    bench.landed(NOON, submissions_page_size=2, **FORMS)
    count = f"select count(*), count(distinct submission_id) from {_SUBMISSIONS}"
    assert bench.rows(count) == [(6, 6)]
    bench.landed(NOON + DAY, submissions_page_size=2, **FORMS)
    assert bench.rows(count) == [(7, 7)]


def test_a_deleted_form_takes_no_submission_with_it(api: HubSpotApi, bench: Workbench) -> None:
    api.forms.add("f-1", "Contact", at=NOON - DAY)
    api.forms.submit("f-1", at=NOON - HOUR, values={}, conversion=1)
    bench.landed(NOON, **FORMS)
    api.forms.rows.clear()
    api.forms.submissions.clear()
    bench.landed(NOON + 31 * DAY, **FORMS)
    assert bench.rows(f"select count(*) from {_SUBMISSIONS} where _is_deleted") == [(0,)]
    assert bench.rows("select count(*) from raw.hubspot__forms where _is_deleted") == [(1,)]


def test_a_form_that_is_named_must_be_there_an_archived_one_may_be_gone(
    api: HubSpotApi, bench: Workbench
) -> None:
    api.forms.add("f-1", "Contact", at=NOON - DAY)
    api.forms.add("f-2", "Old", at=NOON - DAY, archived=True)
    api.forms.submit("f-1", at=NOON - HOUR, values={}, conversion=1)
    del api.forms.submissions["f-2"]
    assert bench.landed(NOON, **FORMS)["form_submissions"].rows == 1

    landed = bench.land(NOON + DAY, forms=["f-1", "f-9"], **FORMS)

    assert list(errors_of(landed)) == ["form_submissions"]
    assert "form f-9: HubSpot doesn't know this form" in errors_of(landed)["form_submissions"]


class _OldestFirst(HubSpotApi):
    """Its submissions come in the other order."""

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if "/submissions/" not in request.path:
            return response
        body = response.get_json()
        return json_response(body | {"results": body["results"][::-1]})


def test_another_order_is_an_error(bench: Workbench) -> None:
    with _OldestFirst() as api:
        api.forms.add("f-1", "Contact", at=NOON - DAY)
        for number in range(3):
            api.forms.submit("f-1", at=NOON - timedelta(hours=number), values={}, conversion=number + 1)
        said = errors_of(bench.land(NOON, base_url=api.base_url, **FORMS))["form_submissions"]
    assert "don't come newest first" in said
