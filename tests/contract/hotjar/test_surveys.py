"""Surveys, responses and answers: what lands, what never does, changes and deletions, limits and keys."""

from __future__ import annotations

import pytest
from werkzeug import Request, Response

from tests.contract.hotjar.surveys import DAY, HOUR, NOON, SITE, SURVEY, respond
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.hotjar import CLIENT_ID, CLIENT_KEY, HotjarApi
from tests.fakes.hotjar_rows import answer, survey
from tests.fakes.server import json_response


def _response_calls(api: HotjarApi) -> int:
    return sum(seen.path.endswith("/responses") for seen in api.seen)


def test_surveys_and_questions_come_from_one_list(api: HotjarApi, bench: Workbench) -> None:
    api.sites[SITE].surveys.append(survey(2, "Exit", at=NOON, questions=[], kind="full_screen"))
    bench.landed(NOON, page_size=1)
    assert bench.rows(
        "select name, type, is_enabled, site_id from raw.hotjar__surveys order by survey_id"
    ) == [
        ("رضایت مشتری", "popover", True, "31337"),
        ("Exit", "full_screen", True, "31337"),
    ]
    kinds = bench.rows("select question_id, type, position from raw.hotjar__questions order by position")
    assert kinds == [
        ("q-nps", "nps", 1),
        ("q-many", "multiple-option", 2),
        ("q-text", "long-text", 3),
        ("q-mail", "email", 4),
        ("q-new", "voice-note", 5),
    ]


def test_scores_and_choices_land_and_what_people_wrote_does_not(api: HotjarApi, bench: Workbench) -> None:
    respond(api, 1, at=NOON - HOUR, score="۹", response_origin_url="https://a.example/x?mail=me@b.example#z")
    bench.landed(NOON)

    told = "question_id, position, answer, answer_email_domain, is_answered, sentiment, tags"
    assert bench.rows(f"select {told} from raw.hotjar__answers order by question_id desc, position") == [
        ("q-text", 1, None, None, True, "negative", None),
        ("q-nps", 1, "۹", None, True, None, None),
        ("q-new", 1, None, None, True, None, None),
        ("q-many", 1, "قیمت", None, True, None, "price;خدمات"),
        ("q-many", 2, "Other", None, True, None, None),
        ("q-mail", 1, None, "people.example", True, None, None),
    ]
    pages = bench.rows("select response_origin_url, device, country, is_complete from raw.hotjar__responses")
    assert pages == [("https://a.example/x", "mobile", "IR", True)]
    stored = bench.everything_stored()
    for clear in ("Mina", "Ahmadi", "person1", "me@b.example"):
        assert clear not in stored


def test_responses_and_answers_take_one_reading(api: HotjarApi, bench: Workbench) -> None:
    for number in range(1, 8):
        respond(api, number, at=NOON - number * HOUR)
    landed = bench.landed(NOON, page_size=2)
    assert _response_calls(api) == 4
    assert (landed["responses"].rows, landed["answers"].rows) == (7, 42)
    covered = {(row.stream, row.window_start) for row in bench.zone.slices() if row.slice == "covered"}
    assert {stream for stream, _ in covered} >= {"responses", "answers"}


def test_a_later_run_stops_at_what_is_known(api: HotjarApi, bench: Workbench) -> None:
    for number in range(1, 40):
        respond(api, number, at=NOON - number * DAY)
    bench.landed(NOON, page_size=5)
    api.seen.clear()
    respond(api, 99, at=NOON + HOUR)

    landed = bench.landed(NOON + DAY, page_size=5)

    assert (landed["responses"].rows, landed["answers"].rows) == (1, 6)
    assert _response_calls(api) == 2


def test_a_response_that_is_finished_within_a_day_is_a_new_version(api: HotjarApi, bench: Workbench) -> None:
    row = respond(api, 1, at=NOON - HOUR, complete=False)
    score = row["answers"].pop(0)
    bench.landed(NOON)
    row["answers"].insert(0, score)
    row["is_complete"] = True

    landed = bench.landed(NOON + 6 * HOUR)

    assert bench.rows("select is_complete, _load_id from raw.hotjar__responses order by 2") == [
        (False, 1),
        (True, 2),
    ]
    assert landed["answers"].rows == 1
    assert bench.rows("select answer from raw.hotjar__answers where question_id = 'q-nps'") == [("9",)]


def test_a_deleted_response_gets_a_tombstone_at_the_next_whole_list(api: HotjarApi, bench: Workbench) -> None:
    gone = respond(api, 1, at=NOON - 3 * DAY)
    respond(api, 2, at=NOON - HOUR)
    bench.landed(NOON)
    api.sites[SITE].responses[SURVEY["id"]].remove(gone)
    tombstones = "select response_id from raw.hotjar__responses where _is_deleted"
    bench.landed(NOON + DAY)
    assert bench.rows(tombstones) == []
    bench.landed(NOON + 30 * DAY)
    assert bench.rows(tombstones) == [(gone["id"],)]


def test_scores_stay_though_their_question_was_deleted(api: HotjarApi, bench: Workbench) -> None:
    row = respond(api, 1, at=NOON - HOUR, score="۱۰")
    row["answers"].append(answer("q-mail", "not an address: Mina"))
    bench.landed(NOON)
    api.sites[SITE].surveys[0]["questions"] = []
    landed = bench.landed(NOON + 31 * DAY)
    newest = bench.rows(
        "select answer from raw.hotjar__answers where question_id = 'q-nps' order by _load_id"
    )
    assert newest == [("۱۰",)]
    assert landed["surveys"].error is None
    assert "Mina" not in bench.everything_stored()


def test_one_that_comes_while_pages_are_read_is_not_doubled(api: HotjarApi, bench: Workbench) -> None:
    for number in range(1, 6):
        respond(api, number, at=NOON - number * HOUR)
    api.on_request(2, lambda: respond(api, 50, at=NOON), matches=lambda r: r.path.endswith("/responses"))
    bench.landed(NOON, page_size=2)
    counts = "select count(*), count(distinct response_id) from raw.hotjar__responses"
    assert bench.rows(counts) == [(5, 5)]
    bench.landed(NOON + DAY, page_size=2)
    assert bench.rows(counts) == [(6, 6)]


@pytest.mark.parametrize("in_json", [False, True])
def test_a_limit_is_waited_for_whatever_its_body(api: HotjarApi, bench: Workbench, in_json: bool) -> None:
    api.throttles_in_json = in_json
    respond(api, 1, at=NOON - HOUR)
    api.order(Fault.THROTTLED, times=2)
    assert bench.landed(NOON)["responses"].rows == 1
    assert len(bench.seconds.waits) >= 2


def test_a_token_that_expired_is_fetched_anew(api: HotjarApi, bench: Workbench) -> None:
    respond(api, 1, at=NOON - HOUR)
    api.order(Fault.EXPIRED_TOKEN, after=1)
    assert bench.landed(NOON, parallel=1)["responses"].rows == 1
    assert sum(seen.path == "/v1/oauth/token" for seen in api.seen) == 2


def test_a_refused_key_is_told_without_showing_it(
    api: HotjarApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("SURVEY_KEY", "a key that was revoked")
    landed = bench.land(NOON)
    said = errors_of(landed)
    assert "the credentials are refused" in said["surveys"]
    everything = f"{said} {caplog.text} {bench.check(now=NOON)}"
    for secret in ("a key that was revoked", CLIENT_KEY, CLIENT_ID, "token-1-of-the-local-server"):
        assert secret not in everything


def test_a_key_without_the_site_says_what_it_needs(api: HotjarApi, bench: Workbench) -> None:
    api.forbidden_sites = {SITE}
    said = errors_of(bench.land(NOON))["surveys"]
    assert "the plan Ask Scale" in said


def test_check_tells_the_site(api: HotjarApi, bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == "Hotjar site 31337; reads surveys; has surveys"
    assert [seen.query for seen in api.seen if seen.path.endswith("/surveys")] == [{"limit": "1"}]


class _OldestFirst(HotjarApi):
    """Its responses come in the other order."""

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if not request.path.endswith("/responses"):
            return response
        body = response.get_json()
        return json_response(body | {"results": body["results"][::-1]})


def test_another_order_is_an_error(bench: Workbench, api: HotjarApi) -> None:
    with _OldestFirst() as other:
        other.sites = api.sites
        for number in range(1, 4):
            respond(other, number, at=NOON - number * HOUR)
        said = errors_of(bench.land(NOON, base_url=other.base_url))
    assert list(said) == ["responses", "answers"]
    assert "don't come newest first" in said["responses"]
