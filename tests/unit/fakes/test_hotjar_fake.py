"""The Hotjar server: tokens, surveys, responses, and its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.fakes.faults import Fault
from tests.fakes.hotjar import CLIENT_ID, CLIENT_KEY, HotjarApi, Site
from tests.fakes.hotjar_rows import answer, question, response, survey
from tests.unit.fakes.hubspot_calls import refused_request

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = "/v1/sites/7"
QUESTIONS = [
    question("q1", "nps", "چقدر ما را به دوستان‌تان پیشنهاد می‌کنید؟"),
    question("q2", "single-option", "چرا؟", choices=["قیمت", "کیفیت", "چیز دیگر"], required=False),
    question("q3", "a-kind-of-next-year", "و؟"),
]
NPS = survey(1, "رضایت‌سنجی پس از خرید", at=NOON, questions=QUESTIONS)
RESPONSES = f"{SITE}/surveys/{NPS['id']}/responses"


@pytest.fixture
def api() -> Iterator[HotjarApi]:
    """Site 7 with one survey and responses 1 to 5, an hour apart; site 8 is another's."""
    with HotjarApi() as server:
        site = server.sites[7] = Site("فروشگاه", surveys=[NPS])
        server.forbidden_sites = {8}
        site.responses[NPS["id"]] = [
            response(number, at=NOON + number * HOUR, answers=[answer("q1", str(number + 4))])
            for number in range(1, 6)
        ]
        yield server
        assert server.violations == []


@pytest.fixture
def session(api: HotjarApi) -> Iterator[requests.Session]:
    """A client with a fresh token."""
    with requests.Session() as client:
        _log_in(api, client)
        yield client


def _log_in(api: HotjarApi, client: requests.Session, **changes: str) -> requests.Response:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_KEY}
    found = client.post(f"{api.base_url}/v1/oauth/token", data=form | changes, timeout=30)
    if found.status_code == 200:
        client.headers["Authorization"] = f"Bearer {found.json()['access_token']}"
    return found


def _get(api: HotjarApi, client: requests.Session, path: str, **query: Any) -> requests.Response:
    return client.get(api.base_url + path, params=query, timeout=30)


def _numbers(page: dict[str, Any]) -> list[int]:
    return [int(row["id"][-2:]) for row in page["results"]]


def test_credentials_give_a_token(api: HotjarApi, session: requests.Session) -> None:
    token = _log_in(api, session).json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    assert _log_in(api, session, client_secret="wrong").status_code == 401  # noqa: S106 - a wrong one
    assert _log_in(api, session, grant_type="password").status_code == 400
    assert refused_request(api)


def test_surveys_with_and_without_questions(api: HotjarApi, session: requests.Session) -> None:
    without = _get(api, session, f"{SITE}/surveys").json()
    assert without["next_cursor"] is None
    assert "questions" not in without["results"][0]
    (found,) = _get(api, session, f"{SITE}/surveys", with_questions="true", limit=100).json()["results"]
    assert found["id"].startswith("survey_")
    assert found["name"] == "رضایت‌سنجی پس از خرید"
    assert [each["type"] for each in found["questions"]] == ["nps", "single-option", "a-kind-of-next-year"]
    assert found["questions"][0]["choices"] is None
    assert found["questions"][1]["choices"][2] == {"text": "چیز دیگر", "allow_comment": True}
    assert _get(api, session, "/v1/sites").json()["results"][0]["id"] == 7


def test_responses_come_newest_first_by_cursor(api: HotjarApi, session: requests.Session) -> None:
    first = _get(api, session, RESPONSES, limit=3).json()
    last = _get(api, session, RESPONSES, limit=3, cursor=first["next_cursor"]).json()
    assert (_numbers(first), _numbers(last), last["next_cursor"]) == ([5, 4, 3], [2, 1], None)
    assert first["results"][0]["created_time"] == "2026-11-01T17:00:00Z"
    empty = survey(2, "تازه", at=NOON, questions=[])
    api.sites[7].surveys.append(empty)
    assert _get(api, session, f"{SITE}/surveys/{empty['id']}/responses").json() == {
        "results": [],
        "next_cursor": None,
    }


def test_answers_are_text_or_null(api: HotjarApi, session: requests.Session) -> None:
    answers = [
        answer("q1", "۱۰", tags=["قیمت", "تحویل"], sentiment="positive"),
        answer("q2", "چیز دیگر", comment="بسته‌بندی"),
        answer("q3", None),
    ]
    row = response(9, at=NOON + 9 * HOUR, answers=answers, complete=False, device="smart-glasses")
    api.sites[7].responses[NPS["id"]].append(row)
    found = _get(api, session, RESPONSES, limit=1).json()["results"][0]
    assert (found["is_complete"], found["device"]) == (False, "smart-glasses")
    assert [each["answer"] for each in found["answers"]] == ["۱۰", "چیز دیگر", None]
    assert found["answers"][0]["tags"] == [{"name": "قیمت"}, {"name": "تحویل"}]
    assert found["answers"][1]["comment"] == "بسته‌بندی"


def test_a_response_between_pages_repeats_another(api: HotjarApi, session: requests.Session) -> None:
    def arrive() -> None:
        api.sites[7].responses[NPS["id"]].append(response(6, at=NOON + 6 * HOUR, answers=[]))

    api.on_request(2, arrive)
    first = _get(api, session, RESPONSES, limit=3).json()
    second = _get(api, session, RESPONSES, limit=3, cursor=first["next_cursor"]).json()
    assert (_numbers(first), _numbers(second)) == ([5, 4, 3], [3, 2, 1])


def test_repeated_cursor(api: HotjarApi, session: requests.Session) -> None:
    api.repeats_cursor = True
    first = _get(api, session, RESPONSES).json()["next_cursor"]
    assert _get(api, session, RESPONSES, cursor=first).json()["next_cursor"] == first


def test_an_expired_token_is_refused_until_there_is_a_new_one(
    api: HotjarApi, session: requests.Session
) -> None:
    api.order(Fault.EXPIRED_TOKEN)
    assert [_get(api, session, RESPONSES).status_code for _ in range(2)] == [401, 401]
    _log_in(api, session)
    assert _get(api, session, RESPONSES).status_code == 200
    seconds = api.clock() + 3600
    api.clock = lambda: seconds
    assert _get(api, session, RESPONSES).status_code == 401


def test_throttling_with_an_empty_body_or_json(api: HotjarApi, session: requests.Session) -> None:
    api.order(Fault.THROTTLED, times=2)
    empty = _get(api, session, RESPONSES)
    api.throttles_in_json = True
    spoken = _get(api, session, RESPONSES)
    assert (empty.status_code, empty.content) == (429, b"")
    assert (spoken.status_code, set(spoken.json())) == (429, {"error", "message"})
    assert "Retry-After" not in empty.headers
    api.order(Fault.QUOTA_EXHAUSTED)
    assert _get(api, session, RESPONSES).status_code == 429


def test_refusals(api: HotjarApi, session: requests.Session) -> None:
    assert _get(api, session, f"{SITE}/surveys/none/responses").status_code == 404
    assert _get(api, session, "/v1/sites/9/surveys").status_code == 404
    assert _get(api, session, "/v1/sites/8/surveys").status_code == 403
    assert _get(api, session, RESPONSES, cursor="*").status_code == 400
    assert _get(api, session, RESPONSES, limit=101).status_code == 400
    assert refused_request(api)
    for fault in (Fault.FORBIDDEN, Fault.SERVER_ERROR, Fault.ERROR_WITH_200):
        api.order(fault)
    assert [_get(api, session, RESPONSES).status_code for _ in range(3)] == [403, 500, 200]


def test_an_unknown_route_or_verb_breaks_the_contract(api: HotjarApi, session: requests.Session) -> None:
    assert _get(api, session, "/v2/sites").status_code == 404
    assert session.post(api.base_url + RESPONSES, timeout=30).status_code == 405
    found, api.violations = api.violations, []
    assert len(found) == 4


def test_the_contentsquare_host_is_the_same_server(api: HotjarApi, session: requests.Session) -> None:
    session.headers["Host"] = "api.contentsquare.com"
    assert _numbers(_get(api, session, RESPONSES, limit=1).json()) == [5]
