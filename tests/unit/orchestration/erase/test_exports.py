"""Export files of the user: which records are theirs, by column and by byte, and taking them out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from connectors.core.identity import IdKind
from orchestration.control import open_raw_zone
from orchestration.erase.exports import Export, find_exports, purge_export
from orchestration.erase.needles import Needles
from orchestration.erase.subject import Subject
from orchestration.erase.tokens import Token, namespaces_of
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace
from tests.unit.orchestration.erase.people import KEY, hashed, plan_of

SETTINGS = """
project: {name: Shop, timezone: UTC, currency: EUR}
brands: {shop: {name: Shop}, plain: {name: Plain}}
sources:
  till: {connector: order_lines_file, brand: shop, path: "exports/till*.csv*", expect: none}
  events: {connector: ga4_events, brand: shop, path: "exports/events/*.jsonl", expect: none}
  kiosk: {connector: order_lines_file, brand: plain, path: "exports/kiosk*.csv", expect: none}
"""
TILL = """order_id,ordered_at,customer_id,customer_email,sku,quantity,unit_price,note
t1,2026-03-11 09:00:00,17,,17,1,7,"a ""gift"",
of two lines"
t2,2026-03-11 10:00:00,18,,17,17,17,"17
17"
t3,2026-03-11 10:00:00,,Ann@Example.com,A1,1,7,
"""
KEPT = """order_id,ordered_at,customer_id,customer_email,sku,quantity,unit_price,note
t2,2026-03-11 10:00:00,18,,17,17,17,"17
17"
"""


@pytest.fixture
def settings(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SANJEH_PII_KEY", KEY)
    workspace.settings_file.write_text(SETTINGS, encoding="utf-8")
    return load_settings(workspace)


def _subject(settings: Settings) -> Subject:
    names = namespaces_of(settings)
    plan = plan_of(
        Token(IdKind.ADDRESS, "", hashed("ann@example.com")),
        Token(IdKind.PERSON, "till", "17"),
        Token(IdKind.ORDER, "", "t1"),
        Token(IdKind.BROWSER, "events", "b1"),
    )
    return Subject.of(plan, names, salt="salt")


def _found(workspace: Workspace, settings: Settings) -> dict[str, Export]:
    exports = find_exports(workspace, settings, open_raw_zone(workspace, settings), _subject(settings))
    return {str(each.path.relative_to(workspace.root)): each for each in exports}


@pytest.mark.parametrize("packed", [False, True])
def test_records_are_taken_out_by_column_and_address(
    workspace: Workspace, settings: Settings, packed: bool
) -> None:
    path = workspace.exports / ("till.csv.gz" if packed else "till.csv")
    path.write_bytes(gzip.compress(TILL.encode()) if packed else TILL.encode())
    path.chmod(0o640)
    [export] = _found(workspace, settings).values()
    assert export.lines == {3, 6}
    assert purge_export(export, _subject(settings).needles) == 2
    content = path.read_bytes()
    assert (gzip.decompress(content) if packed else content).decode() == KEPT
    assert path.stat().st_mode & 0o777 == 0o640
    assert _found(workspace, settings) == {}


def test_events_are_told_by_browser_login_and_order(workspace: Workspace, settings: Settings) -> None:
    events = [
        {"user_pseudo_id": "b1", "event_name": "a"},
        {"user_pseudo_id": "b1", "event_name": "b", "user_id": "bob@example.com"},
        {"user_pseudo_id": "b2", "event_name": "c", "user_id": " ANN@example.com"},
        {"user_pseudo_id": "b2", "event_name": "d", "ecommerce": {"transaction_id": "t1"}},
        {"user_pseudo_id": "b2", "event_name": "e", "ecommerce": {"transaction_id": "t11"}},
    ]
    path = workspace.exports / "events" / "events_20260301.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(each) + "\n" for each in events), encoding="utf-8")
    [export] = _found(workspace, settings).values()
    assert purge_export(export, _subject(settings).needles) == 3
    left = [json.loads(line)["event_name"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert left == ["b", "e"]


def test_what_cannot_be_cut_is_left_to_a_person(workspace: Workspace, settings: Settings) -> None:
    text = "ann@example.com"
    files = {
        "exports/list.json": json.dumps([text]).encode(),
        "exports/wide.csv": text.encode("utf-16"),
        "exports/letter.docx": text.encode(),
        "exports/lines.jsonl": json.dumps({"to": text}).encode(),
        "exports/notes.txt": text.encode(),
    }
    for name, content in files.items():
        (workspace.root / name).write_bytes(content)
    reasons = {name: export.by_hand for name, export in _found(workspace, settings).items()}
    assert reasons == {
        "exports/list.json": "JSON that is not one object a line",
        "exports/letter.docx": "no text file of lines",
        "exports/wide.csv": "no UTF-8 text",
        "exports/lines.jsonl": None,
        "exports/notes.txt": None,
    }


def test_files_of_other_brands_are_told_apart(workspace: Workspace, settings: Settings) -> None:
    (workspace.exports / "kiosk.csv").write_text(TILL, encoding="utf-8")
    [export] = _found(workspace, settings).values()
    assert (export.lines, export.others) == (frozenset(), ("plain",))


def test_a_file_that_cannot_be_read_is_still_searched(workspace: Workspace, settings: Settings) -> None:
    (workspace.exports / "till.csv").write_text("no,header\nann@example.com,1\n", encoding="utf-8")
    assert list(_found(workspace, settings)) == ["exports/till.csv"]


def test_exports_may_lie_elsewhere(
    workspace: Workspace, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("volume")
    (elsewhere / "till.csv").write_text(TILL, encoding="utf-8")
    (elsewhere / "round").symlink_to(elsewhere)
    workspace.exports.rmdir()
    workspace.exports.symlink_to(elsewhere)
    [export] = _found(workspace, settings).values()
    assert (export.path, export.lines) == (workspace.exports / "till.csv", {3, 6})


def test_nothing_to_take_out_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x\r\ny")
    before = path.stat().st_ino
    nothing = Needles(hashes=frozenset(), ids=frozenset(), addresses=frozenset())
    assert purge_export(Export(path=path, lines=frozenset()), nothing) == 0
    assert path.stat().st_ino == before
