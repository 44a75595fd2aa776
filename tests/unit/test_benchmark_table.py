"""The table that benchmarks print: verdicts, Markdown, JSON, and its place in a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks import table
from benchmarks.rows import Row

MET = Row(what="landing", beside="COPY", measured=1.4, target=1.5, details="2 s; 1 s")
MISSED = Row(what="query | warm", beside="", measured=250, target=100, unit="ms")
FASTER = Row(what="other tool", beside="ours", measured=12, target=5, at_least=True)


def test_cells_say_measured_target_and_verdict() -> None:
    assert table.cells(MET) == ("landing", "COPY", "1.40×", "≤ 1.50×", "pass", "2 s; 1 s")
    assert table.cells(MISSED)[1:5] == ("–", "250 ms", "≤ 100 ms", "FAIL")
    assert table.cells(FASTER)[2:5] == ("12.0×", "≥ 5.00×", "pass")


def test_markdown_keeps_one_row_a_line_and_names_the_machine() -> None:
    lines = table.markdown([MET, MISSED], {"machine": "two cores"}).splitlines()
    assert lines[3] == "| query \\| warm | – | 250 ms | ≤ 100 ms | FAIL |  |"
    assert lines[-1] == "- machine: two cores"


def test_table_replaces_what_stands_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- bench -->\nold\n<!-- /bench -->\nbelow\n", encoding="utf-8")
    table.replace_between(page, "bench", "new\n")
    assert page.read_text(encoding="utf-8") == "above\n<!-- bench -->\nnew\n<!-- /bench -->\nbelow\n"


def test_document_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="needs the marks"):
        table.replace_between(page, "bench", "new")
    assert page.read_text(encoding="utf-8") == "no marks"


@pytest.mark.parametrize(("rows", "code"), [([MET, FASTER], 0), ([MET, MISSED], 1)])
def test_program_ends_with_one_when_a_target_is_missed(
    rows: list[Row], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Module:
        @staticmethod
        def rows(folder: Path) -> Iterator[Row]:
            assert folder.is_dir()
            yield from rows

    monkeypatch.setattr(program, "import_module", lambda _: Module)
    assert program.main(["--only", "any", "--results", str(tmp_path), "--folder", str(tmp_path)]) == code
    kept = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert [row["is_met"] for row in kept["rows"]] == [row.is_met for row in rows]


def test_module_that_breaks_off_fails_the_run_but_not_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        @staticmethod
        def rows(folder: Path) -> Iterator[Row]:
            raise RuntimeError(f"no disk for {folder.parent.name}")

    class Sound:
        @staticmethod
        def rows(folder: Path) -> Iterator[Row]:
            assert folder.is_dir()
            yield MET

    modules = {"benchmarks.broken": Broken, "benchmarks.sound": Sound}
    monkeypatch.setattr(program, "import_module", modules.__getitem__)
    assert (
        program.main(["--only", "broken", "sound", "--results", str(tmp_path), "--folder", str(tmp_path)])
        == 1
    )
    told = capsys.readouterr()
    assert f"benchmarks.broken broke off: no disk for {tmp_path.name}" in told.err
    assert "1 of 1 targets met" in told.out


def test_every_listed_module_is_there() -> None:
    folder = Path(program.__file__).parent
    assert [name for name in (*program.BENCH, *program.LARGE) if not (folder / f"{name}.py").is_file()] == []
