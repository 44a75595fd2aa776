"""A whole source: feeds land side by side, each to its own end, and what stops one may stop all."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from werkzeug import Request

from connectors.core.api_source import ApiSource
from connectors.core.errors import AuthError, SchemaError, TransientError
from tests.fakes.faults import Fault
from tests.unit.core.toy_api import KEY, days
from tests.unit.core.toy_connector import BRAND, CONNECTOR, CONTACTS, KEY_VARIABLE, VISITS, feeds
from tests.unit.core.toy_workspace import EVERY_STREAM, Toy, noon, november

STOPPED = "not asked any further, since another stream of this source met an error that holds for all"


def asks(path: str, **params: str) -> Callable[[Request], bool]:
    """Whether a request is for ``path`` with these parameters."""
    return lambda request: (
        request.path == path
        and all(request.args.get(name.rstrip("_")) == value for name, value in params.items())
    )


@pytest.fixture
def full(toy: Toy) -> Toy:
    """Six days of visits, a period and three contacts."""
    toy.api.visits = days("2026-11-01", [1, 2, 3, 4, 5, 6])
    toy.api.users = {"month/2026-11-01": 5}
    for number in range(3):
        toy.api.contact(f"c{number}", "2026-11-02T00:00:00", points=number)
    return toy


def test_every_stream_lands_and_tells_what_it_took(full: Toy) -> None:
    said: list[str] = []
    full.api.order(Fault.THROTTLED_WITH_RETRY_AFTER, matches=asks("/contacts"))
    landed = full.try_land(noon(7), has_notes=True, how={"progress": said.append})
    assert list(landed) == ["visits", "users", "contacts", "notes"]
    numbers = {
        name: (each.windows, each.rows, each.requests, each.waited_seconds) for name, each in landed.items()
    }
    assert numbers == {
        "visits": (2, 6, 4, 0),
        "users": (1, 1, 1, 0),
        "contacts": (1, 3, 3, 2),
        "notes": (1, 0, 0, 0),
    }
    assert sorted(said) == [
        "toy/contacts 3 rows, 3 requests, waited 2 s",
        "toy/users 1 rows, 1 requests",
        "toy/visits 6 rows, 4 requests",
    ]


def test_a_feed_that_fails_leaves_the_others_to_their_end(full: Toy) -> None:
    full.api.order(Fault.SERVER_ERROR, times=3, matches=asks("/users"))
    landed = full.try_land(noon(7))
    assert [name for name, each in landed.items() if each.error] == ["users"]
    assert len(full.visits()) == 6
    assert len(full.contacts()) == 3


def land_beside_contacts(toy: Toy, fault: Fault) -> dict[str, str | None]:
    """Errors of a run in which contacts fail while the first window of visits is being answered."""
    contacts_ended = threading.Event()

    def progress(said: str) -> None:
        if said.startswith(CONTACTS.id):
            contacts_ended.set()

    toy.api.order(fault, times=3, matches=asks("/contacts"))
    toy.api.on_request(1, lambda: contacts_ended.wait(timeout=30), matches=asks("/visits"))
    landed = toy.try_land(noon(7), streams=("visits", "contacts"), how={"progress": progress})
    toy.api.forgive()
    return {name: each.error for name, each in landed.items()}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.QUOTA_EXHAUSTED, "the allowance of the day is used up"),
        (Fault.EXPIRED_TOKEN, "the credentials are refused"),
    ],
)
def test_a_wall_for_all_stops_the_others_at_their_next_window(full: Toy, fault: Fault, said: str) -> None:
    errors = land_beside_contacts(full, fault)
    assert said in str(errors["contacts"])
    assert STOPPED in str(errors["visits"])
    assert sorted(full.visits()) == ["2026-11-01", "2026-11-02", "2026-11-03"], "what landed so far stays"
    full.land(noon(7))
    assert len(full.visits()) == 6


@pytest.mark.parametrize(
    ("fault", "said"),
    [(Fault.FORBIDDEN, "have no right to this"), (Fault.SERVER_ERROR, "still failing after 3 tries")],
)
def test_an_error_of_one_stream_alone_stops_no_other(full: Toy, fault: Fault, said: str) -> None:
    errors = land_beside_contacts(full, fault)
    assert said in str(errors["contacts"])
    assert errors["visits"] is None
    assert len(full.visits()) == 6


def test_streams_are_asked_at_the_same_time(full: Toy) -> None:
    both_asked = threading.Barrier(2, timeout=30)
    full.api.on_request(1, both_asked.wait, matches=asks("/visits"))
    full.api.on_request(1, both_asked.wait, matches=asks("/contacts"))
    full.land(noon(7), streams=("visits", "contacts"), parallel=2)
    assert (len(full.visits()), len(full.contacts())) == (6, 3)


def test_a_stream_waits_for_a_slot_of_the_run(full: Toy) -> None:
    how = {"slots": threading.Semaphore(1)}
    full.try_land(noon(7), streams=("visits", "contacts"), parallel=2, window_days=1, how=how)
    paths = [seen.path for seen in full.api.seen if seen.path != "/account"]
    assert paths in (["/visits"] * 6 + ["/contacts"] * 2, ["/contacts"] * 2 + ["/visits"] * 6)


def test_a_run_that_is_broken_off_ends_at_the_next_batch(full: Toy) -> None:
    stopped = threading.Event()
    full.api.on_request(2, stopped.set, matches=asks("/visits"))
    landed = full.try_land(noon(7), streams=("visits",), how={"stopped": stopped})
    assert "broken off with the run" in str(landed["visits"].error)
    assert full.visits() == {}


def test_a_plan_calls_nothing_and_stores_nothing(full: Toy) -> None:
    full.land(noon(5))
    asked, stored = len(full.api.seen), sorted(full.zone.root.rglob("*"))
    assert full.plan(noon(7)) == [
        "toy/visits: days 2026-11-04 to 2026-11-06, in 1 windows",
        "toy/users: 2 periods",
        "toy/contacts: changes since 2026-11-01 00:00 UTC",
    ]
    assert full.plan(noon(7), window=november(1, 2)) == [
        "toy/visits: days 2026-11-01 to 2026-11-02, in 1 windows",
        "toy/users: 3 periods",
        "toy/contacts: changes since 2026-11-01 00:00 UTC",
    ]
    assert full.plan(noon(1), streams=("visits",)) == ["toy/visits: no days"]
    assert (len(full.api.seen), sorted(full.zone.root.rglob("*"))) == (asked, stored)


def test_a_window_for_reports_is_noted_where_it_does_not_apply(full: Toy) -> None:
    landed = full.land(noon(7), window=november(1, 1), streams=("visits", "contacts"))
    assert landed["visits"].notes == ()
    assert landed["contacts"].notes == ("asked by change, not by day: --from and --to don't apply",)


def test_days_are_those_of_the_accounts_zone_unless_another_is_configured(full: Toy) -> None:
    """21:00 UTC of the 6th is the 7th in Tehran, where the toy's account is, so that the 6th is over."""
    evening = datetime(2026, 11, 6, 21, tzinfo=UTC)
    full.land(evening, streams=("visits",), timezone="UTC")
    assert max(full.visits()) == "2026-11-05"
    assert full.api.paths("account") == []
    full.land(evening, streams=("visits",))
    assert max(full.visits()) == "2026-11-06"
    assert full.api.paths("account") == [""]


def test_a_feed_that_does_not_apply_to_the_brand_is_left_out(full: Toy) -> None:
    connector = replace(
        CONNECTOR,
        feeds=lambda config: [
            replace(feed, applies=lambda brand: brand.currency == "EUR") for feed in feeds(config)
        ],
    )
    of_toy = ApiSource("shop", full.config(), connector, brand=BRAND)
    of_euro = ApiSource("shop", full.config(), connector, brand=replace(BRAND, currency="EUR"))
    assert of_toy.streams() == ()
    assert {stream.id for stream in of_euro.streams()} < {stream.id for stream in EVERY_STREAM}


def test_a_check_tells_account_zone_and_what_would_be_hashed(full: Toy) -> None:
    check = full.source().check(now=noon(7))
    assert (check.ok, check.summary) == (True, "toy shop; reads; zone Asia/Tehran")
    assert check.personal_columns == ("email",)
    assert full.source(pii="keep").check(now=noon(7)).personal_columns == ()
    assert [seen.path for seen in full.api.seen] == ["/account", "/account"]


def test_a_check_that_fails_says_why(full: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    full.api.refuses_keys = True
    check = full.source().check(now=noon(7))
    assert not check.ok
    assert "Source shop, GET /account: the credentials are refused (HTTP 401" in check.problems[0]
    monkeypatch.delenv(KEY_VARIABLE)
    assert "the variable TOY_KEY is not set" in full.source().check(now=noon(7)).problems[0]


def test_an_account_of_an_unknown_shape_is_a_problem_and_no_traceback(full: Toy) -> None:
    full.api.hidden = {"timezone"}
    (problem,) = full.source().check(now=noon(7)).problems
    assert problem.startswith(
        "Source shop, the account: an answer of the API isn't of the shape that is known ('timezone' is "
        "missing)."
    )


def test_a_landing_that_needs_the_zone_of_an_unknown_account_says_so(full: Toy) -> None:
    full.api.hidden = {"timezone"}
    with pytest.raises(SchemaError, match=r"the account: .* \('timezone' is missing"):
        full.land(noon(7))
    assert not full.zone.root.exists()


@pytest.mark.parametrize("zone", ["UTC+03:30", "Asia", "../zone"])
def test_a_zone_that_is_none_is_a_problem_until_the_source_says_which_it_is(full: Toy, zone: str) -> None:
    full.api.extra = {"timezone": zone}
    (problem,) = full.source().check(now=noon(7)).problems
    assert f"the API tells {zone!r} as the zone of its days, which is no IANA name" in problem
    with pytest.raises(SchemaError, match="Write the zone as `timezone` of the source"):
        full.land(noon(7))
    assert full.source(timezone="Asia/Tehran").check(now=noon(7)).ok


def test_a_source_that_cannot_be_reached_at_all_raises(full: Toy) -> None:
    full.api.order(Fault.SERVER_ERROR, times=3)
    with pytest.raises(TransientError, match=r"Source shop, GET /account: still failing"):
        full.land(noon(7))
    full.api.refuses_keys = True
    with pytest.raises(AuthError, match="refused"):
        full.land(noon(7))
    assert not full.zone.root.exists()


def test_no_error_of_a_stream_shows_the_key(full: Toy) -> None:
    full.api.order(Fault.ECHOED_CREDENTIALS, times=99, matches=lambda request: request.path != "/account")
    landed = full.try_land(noon(7))
    assert all("Bearer ***" in str(each.error) for each in landed.values())
    assert all(KEY not in str(each.error) for each in landed.values())


_RUN = """
import sys
from pathlib import Path
from types import SimpleNamespace
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from tests.unit.core.toy_workspace import Toy, noon
sys.stdin.read()
zone = RawZone(Path(sys.argv[2]), temp=Path(sys.argv[3]), pii=Pseudonymiser(key=b"test key"))
toy = Toy(api=SimpleNamespace(base_url=sys.argv[1]), zone=zone, loads=1)
toy.land(noon(8), streams=("visits", "contacts"), parallel=2, events="new", window_days=3)
"""


def test_a_process_killed_while_it_lands_leaves_whole_windows_and_the_next_run_completes_them(
    full: Toy,
) -> None:
    """The kill comes while the second page of the second window and that of the contacts are being answered."""
    full.land(noon(8), streams=("visits", "contacts"))
    full.api.visits = days("2026-11-01", [91, 92, 93, 94, 95, 96, 97])
    for contact in full.api.contacts.values():
        contact["points"] = 9
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, full.api.base_url, str(full.zone.root), str(full.zone.temp)],
        stdin=subprocess.PIPE,
    )
    both_asked = threading.Barrier(2, action=process.kill, timeout=60)
    full.api.on_request(1, both_asked.wait, matches=asks("/visits", from_="2026-11-04", after="2"))
    full.api.on_request(1, both_asked.wait, matches=asks("/contacts", after="2"))
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=60) == -signal.SIGKILL
    old, new = [1, 2, 3, 4, 5, 6, -1], [91, 92, 93, 94, 95, 96, 97]
    stored = [pages.get("a", -1) for _, pages in sorted(full.visits().items())]
    assert stored == new[:3] + old[3:]
    assert set(full.contacts().values()) == {0, 1, 2}
    assert list(full.zone.temp.iterdir()) != []
    full.zone.collect_garbage()
    assert list(full.zone.temp.iterdir()) == []
    full.loads = 2
    full.land(noon(8), streams=("visits", "contacts"), events="new")
    assert [pages["a"] for _, pages in sorted(full.visits().items())] == new
    assert set(full.contacts().values()) == {9}
    assert len(full.rows(VISITS, "1")) == 7
