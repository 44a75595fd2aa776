"""Plan, steps and proof over a real raw zone; only the build between them is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from connectors.core.identity import IdKind
from connectors.core.raw_zone import Replaces
from connectors.core.sql import literal
from connectors.core.stream import Personal
from connectors.registry import STREAMS
from orchestration.control import open_raw_zone
from orchestration.erase.addresses import Address
from orchestration.erase.flow import Erasure, Result
from orchestration.erase.pending import read_pending
from orchestration.errors import WorkspaceError
from orchestration.run_state import Outcome, RunRecord, finish_run, read_state, run_lock, start_run
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace
from tests.unit.orchestration.erase.people import KEY, hashed

SETTINGS = """
project: {name: Shop, timezone: UTC, currency: EUR}
brands: {shop: {name: Shop}, plain: {name: Plain}}
sources:
  crm: {connector: crm_contacts_file, brand: shop, path: "exports/crm*.csv", expect: none}
  deals: {connector: crm_deals_file, brand: shop, path: "exports/deals*.csv", expect: none}
  club: {connector: crm_contacts_file, brand: plain, path: "exports/club*.csv", expect: none}
"""
NOW = datetime(2026, 11, 1, tzinfo=UTC)
RUN = "run-1"


@pytest.fixture
def settings(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SANJEH_PII_KEY", KEY)
    workspace.settings_file.write_text(SETTINGS, encoding="utf-8")
    return load_settings(workspace)


def _land(workspace: Workspace, settings: Settings, source: str, brand: str, *rows: dict[str, str]) -> None:
    stream = STREAMS["crm/deals" if source == "deals" else "crm/contacts"]
    zone = open_raw_zone(workspace, settings)
    with zone.landing(stream, source=source, brand=brand, load_id=1, loaded_at=NOW) as landing:
        for row in rows:
            body = ", ".join(f"{literal(value)}::varchar as {name}" for name, value in row.items())
            landing.stage(
                f"select {body}, timestamp '2026-01-01' as created_at, 'a' as _slice, 1::bigint as _line"
            )
        landing.commit(replaces=Replaces.nothing(), window=None)


@pytest.fixture
def landed(workspace: Workspace, settings: Settings) -> Settings:
    """Ann and Bob share a phone; brand plain knows Ann, too."""
    _land(
        workspace,
        settings,
        "crm",
        "shop",
        {"contact_id": "90000000071", "email": "ann@x.example", "phone": "030 1", "full_name": "Ann X"},
        {"contact_id": "90000000073", "email": "bob@x.example", "phone": "030 1", "full_name": "Bob X"},
    )
    _land(
        workspace, settings, "deals", "shop", {"deal_id": "w1", "contact_id": "90000000071", "deal_name": "x"}
    )
    _land(
        workspace,
        settings,
        "club",
        "plain",
        {"contact_id": "m1", "email": "ann@x.example", "phone": "", "full_name": ""},
    )
    return settings


class Case:
    """An erasure of some addresses from brand shop, and what it said."""

    def __init__(self, workspace: Workspace, settings: Settings, *addresses: str) -> None:
        self.workspace = workspace
        self.said: list[str] = []
        self.erasure = Erasure(
            workspace,
            settings,
            brand="shop",
            addresses=[Address(line, text) for line, text in enumerate(addresses, start=1)],
            say=self.said.append,
        )

    def run(self, *, outcome: Outcome = Outcome.SUCCEEDED, run_id: str = RUN, purge: bool = False) -> Result:
        def rebuild() -> RunRecord:
            error = "dbt says: a test failed." if outcome is Outcome.FAILED else None
            finish_run(self.workspace, run_id=run_id, finished_at=NOW, outcome=outcome, error=error)
            return read_state(self.workspace).run(run_id)

        with run_lock(self.workspace, run_id=run_id, started_at=NOW):
            outlook = self.erasure.look()
            return self.erasure.erase(outlook, run_id=run_id, now=NOW, purge_exports=purge, rebuild=rebuild)


def test_the_plan_says_who_what_and_who_else(workspace: Workspace, landed: Settings) -> None:
    outlook = Case(workspace, landed, "ann@x.example", "nobody@x.example").erasure.look()
    plan = outlook.plan
    assert plan.known == {1}
    assert {(token.kind, token.value) for token in plan.tokens if token.kind is not IdKind.ADDRESS} == {
        (IdKind.PERSON, "90000000071"),
        (IdKind.DEAL, "w1"),
    }
    assert plan.rows == {("crm", "crm/contacts"): 1, ("deals", "crm/deals"): 1}
    assert plan.holders == ("plain",)
    assert plan.shared == {hashed("ann@x.example"), hashed("030 1", Personal.PHONE)}
    assert hashed("Ann X", Personal.NAME) in outlook.subject.needles.hashes
    assert hashed("nobody@x.example") in outlook.subject.needles.hashes
    assert not plan.shared & outlook.subject.needles.hashes


def test_everything_is_done_proven_and_noted(workspace: Workspace, landed: Settings) -> None:
    result = Case(workspace, landed, "ann@x.example").run()
    assert result.is_closed
    assert result.proof.findings == []
    assert result.proof.streams == 1  # of the deals nothing is left to look through
    assert read_pending(workspace) is None
    [note] = (workspace.ledger / "erasures").glob("*.parquet")
    assert [
        (row["source_id"], row["row_count"], row["persons"]) for row in pq.read_table(note).to_pylist()
    ] == [
        ("crm", 1, 1),
        ("deals", 1, 1),
    ]
    # Once more: nobody is known, and that is proven too.
    again = Case(workspace, landed, "ann@x.example")
    assert again.erasure.look().plan.known == frozenset()
    assert again.run(run_id="run-2").is_closed
    assert len(list((workspace.ledger / "erasures").iterdir())) == 1


def test_a_failed_build_says_so_and_the_same_command_goes_on(workspace: Workspace, landed: Settings) -> None:
    case = Case(workspace, landed, "ann@x.example")
    with pytest.raises(WorkspaceError, match=r"gone from the raw zone.*a test failed.*goes on from here"):
        case.run(outcome=Outcome.FAILED)
    pending = read_pending(workspace)
    assert pending is not None
    assert not pending.is_published
    outlook = case.erasure.look()
    assert outlook.plan.rows == {}
    assert outlook.plan.known == {1}
    assert case.run(run_id="run-2").is_closed
    [note] = (workspace.ledger / "erasures").glob("*.parquet")
    assert sum(row["row_count"] for row in pq.read_table(note).to_pylist()) == 2


def test_export_files_keep_it_open_and_nothing_is_built_twice(workspace: Workspace, landed: Settings) -> None:
    export = workspace.exports / "crm.csv"
    export.write_text(
        "contact_id,email,created_at\n90000000071,,2026-01-01\n90000000073,bob@x.example,2026-01-01\n",
        encoding="utf-8",
    )
    letter = workspace.exports / "letter.docx"
    letter.write_bytes(b"Dear ANN@x.example")
    case = Case(workspace, landed, "ann@x.example")
    result = case.run()
    assert not result.is_closed
    assert {each.path for each in result.exports} == {export, letter}
    pending = read_pending(workspace)
    assert pending is not None
    assert pending.is_published
    # With leave the text file is cut; the letter is for a person.
    result = case.run(run_id="run-2", purge=True, outcome=Outcome.FAILED)
    assert {each.path for each in result.exports} == {letter}
    assert "90000000071" not in export.read_text(encoding="utf-8")
    letter.unlink()
    assert case.run(run_id="run-3").is_closed
    assert read_state(workspace).run("run-2").outcome is Outcome.SUCCEEDED


def test_another_brand_s_unfinished_erasure_comes_first(workspace: Workspace, landed: Settings) -> None:
    case = Case(workspace, landed, "ann@x.example")
    with pytest.raises(WorkspaceError):
        case.run(outcome=Outcome.FAILED)
    other = Erasure(
        workspace, landed, brand="plain", addresses=[Address(1, "ann@x.example")], say=case.said.append
    )
    with pytest.raises(WorkspaceError, match=r"An erasure from brand shop.*isn't finished"):
        other.look()


def test_going_on_wants_all_the_addresses_of_the_beginning(workspace: Workspace, landed: Settings) -> None:
    case = Case(workspace, landed, "ann@x.example")
    with pytest.raises(WorkspaceError):
        case.run(outcome=Outcome.FAILED)
    with pytest.raises(WorkspaceError, match=r"--email-file lacks addresses that it was asked for"):
        Case(workspace, landed, "bob@x.example").erasure.look()
    assert Case(workspace, landed, "bob@x.example", "ann@x.example").erasure.look().pending is not None


def test_traces_in_files_of_sanjeh_keep_it_open(workspace: Workspace, landed: Settings) -> None:
    name = hashed("Ann X", Personal.NAME)
    odd = workspace.raw / "crm" / "contacts" / "source=crm" / "rejects" / "1.parquet"
    odd.parent.mkdir()
    odd.write_bytes(f"PAR1 {name}".encode())
    result = Case(workspace, landed, "ann@x.example").run()
    assert not result.is_closed
    in_raw = [each for each in result.proof.findings if each.path.is_relative_to(workspace.raw)]
    assert {(each.path, each.what) for each in in_raw} == {
        (odd, "hash"),
        (odd, "unread"),
    }


def test_an_unlocked_workspace_is_refused(workspace: Workspace, landed: Settings) -> None:
    case = Case(workspace, landed, "ann@x.example")
    outlook = case.erasure.look()
    with pytest.raises(WorkspaceError, match="lock"):
        case.erasure.erase(
            outlook,
            run_id=RUN,
            now=NOW,
            purge_exports=False,
            rebuild=lambda: start_run(workspace, run_id=RUN, started_at=NOW),
        )
