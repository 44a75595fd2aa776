"""When a report is written anew: what changed, whose cadence it is, what is missing; and the command."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import LookupFailure, WorkspaceError
from orchestration.report.files import ReportsWritten, read_meta, report_file, write_reports
from orchestration.run_options import Cadence
from orchestration.workspace import Workspace
from tests.report.published_story import publish_story

DECEMBER_LEADS = "kpi_id = 'leads' and brand_id = 'orion' and period_start = date '2025-12-01'"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = publish_story(tmp_path_factory.mktemp("rendered"))
    write_reports(workspace, languages=("en",), brand="orion")
    return workspace


@pytest.fixture
def written(rendered: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with orion's reports, to change at will."""
    shutil.copytree(rendered.root, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


def change(workspace: Workspace, *statements: str) -> None:
    with duckdb.connect(str(workspace.published_file)) as con:
        for statement in statements:
            con.execute(statement)


def again(workspace: Workspace, cadence: Cadence | None = None) -> set[str]:
    """Cadences of orion that a run of a cadence writes anew."""
    done = write_reports(workspace, languages=("en",), run_cadence=cadence, brand="orion")
    return {path.name.split(".")[0] for path in done.written}


def test_equal_data_are_not_rendered_again(written: Workspace) -> None:
    path = report_file(written, "orion", "monthly", "en")
    before = path.stat()
    assert again(written) == set()
    # A new version, run and clock that bring no other number don't count.
    change(written, "update marts.publication set version = 8, run_id = 'x', published_at = now()::timestamp")
    change(written, "update marts.fct_source_freshness set last_loaded_at = now()::timestamp")
    assert again(written) == set()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_only_reports_whose_numbers_changed_are_written(written: Workspace) -> None:
    change(
        written,
        "update marts.fct_kpi_weekly set value = value + 1 where kpi_id = 'leads' and brand_id = 'orion'",
    )
    assert again(written) == {"weekly"}


def test_a_daily_run_leaves_the_trend_of_longer_cadences_to_them(written: Workspace) -> None:
    old = "period_start = date '2025-03-01' and kpi_id = 'leads' and brand_id = 'orion'"
    change(written, f"update marts.fct_kpi_monthly set value = value + 1 where {old}")
    assert again(written, Cadence.DAILY) == set()
    assert again(written, Cadence.WEEKLY) == set()
    assert again(written, Cadence.MONTHLY) == {"monthly"}


def test_a_daily_run_mends_what_a_longer_report_says_of_a_closed_period(written: Workspace) -> None:
    change(
        written,
        f"update marts.fct_kpi_monthly set value = 199 where {DECEMBER_LEADS}",
        f"update marts.fct_scorecard set actual = 199, verdict = 'below_target' where {DECEMBER_LEADS}",
    )
    assert again(written, Cadence.DAILY) == {"daily", "weekly", "monthly", "quarterly"}
    assert "Below target" in report_file(written, "orion", "monthly", "en").read_text(encoding="utf-8")


def test_a_daily_run_mends_open_alerts_everywhere(written: Workspace) -> None:
    change(written, "update marts.fct_kpi_alerts set condition = 'clear' where kpi_id = 'leads'")
    assert again(written, Cadence.DAILY) == {"daily", "weekly", "monthly", "quarterly"}


def test_a_missing_report_is_written_by_any_run(written: Workspace) -> None:
    report_file(written, "orion", "quarterly", "en").unlink()
    assert again(written, Cadence.DAILY) == {"quarterly"}


def test_a_damaged_report_is_written_anew(written: Workspace) -> None:
    report_file(written, "orion", "weekly", "en").write_bytes(b"\xff\x00 torn")
    assert again(written, Cadence.DAILY) == {"weekly"}


def test_a_language_more_writes_it_and_the_links_to_it(written: Workspace) -> None:
    done = write_reports(written, languages=("en", "fa"), brand="orion", cadence="monthly")
    assert {path.name for path in done.written} == {"monthly.en.html", "monthly.fa.html"}
    assert 'href="monthly.fa.html"' in report_file(written, "orion", "monthly", "en").read_text(
        encoding="utf-8"
    )
    assert (written.reports / "index.fa.html").is_file()


def test_what_is_written_and_nothing_else_stays(written: Workspace) -> None:
    assert not list(written.reports.rglob("*.aside"))
    names = {path.relative_to(written.reports).as_posix() for path in written.reports.rglob("*.*")}
    assert names == {".lock", "index.html", *(f"orion/{each.value}.en.html" for each in Cadence)}
    assert set(read_meta(report_file(written, "orion", "daily", "en"))) == {
        "sanjeh:content",
        "sanjeh:headline",
        "sanjeh:summary",
    }


def test_pages_of_dropped_languages_and_brands_go_and_nothing_else(tmp_path: Path) -> None:
    workspace = publish_story(tmp_path)
    write_reports(workspace, languages=("en", "fa"), cadence="monthly")
    own = workspace.reports / "orion" / "own.html"
    own.write_text("<p>my notes</p>", encoding="utf-8")
    change(workspace, "delete from marts.dim_brand where brand_id <> 'orion'")
    # Only part of the reports is looked at: nothing goes.
    done = write_reports(workspace, languages=("en",), cadence="monthly")
    assert done.removed == []
    done = write_reports(workspace, languages=("en",))
    names = {path.relative_to(workspace.reports).as_posix() for path in workspace.reports.rglob("*.html")}
    assert names == {"index.html", "orion/own.html", *(f"orion/{each.value}.en.html" for each in Cadence)}
    assert [path.name for path in workspace.reports.iterdir() if path.is_dir()] == ["orion"]
    assert workspace.reports / "index.fa.html" in done.removed


def test_an_unknown_brand_is_told_those_there_are(written: Workspace) -> None:
    with pytest.raises(LookupFailure, match=r"no brand acme .* bare, hostile, nava, orion, plain"):
        write_reports(written, languages=("en",), brand="acme")


def test_a_folder_that_is_in_the_way_is_one_paragraph(written: Workspace) -> None:
    folder = report_file(written, "orion", "daily", "en").parent
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("in the way", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"daily\.en\.html is not written"):
        again(written)


def sanjeh(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("sanjeh")), "--workspace", str(home), "report", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_the_command_writes_and_says_where(tmp_path: Path) -> None:
    workspace = publish_story(tmp_path)
    done = sanjeh(tmp_path, "--brand", "orion", "--cadence", "monthly")
    assert done.returncode == 0, done.stderr
    # The brand has a Persian name, so both languages are written.
    assert f"{workspace.reports}/orion/monthly.fa.html" in done.stdout
    assert f"2 reports written, 0 up to date. Index: {workspace.reports}/index.html" in done.stdout
    again = sanjeh(tmp_path, "--brand", "orion", "--cadence", "monthly", "--lang", "en")
    assert "0 reports written, 1 up to date." in again.stdout


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["--brand", "acme"], "There is no brand acme", 1),
        (["--cadence", "hourly"], "daily", 2),
        (["--lang", "de"], "en", 2),
    ],
)
def test_wrong_words_are_explained(tmp_path: Path, words: list[str], said: str, code: int) -> None:
    publish_story(tmp_path)
    done = sanjeh(tmp_path, *words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_published_is_one_paragraph(tmp_path: Path) -> None:
    publish_story(tmp_path).published_file.unlink()
    done = sanjeh(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Nothing is published yet")
    assert "sanjeh run" in done.stderr
    assert done.stderr.count("\n") == 1


def test_two_writers_take_turns(tmp_path: Path) -> None:
    workspace = publish_story(tmp_path)
    command = [
        str(Path(sys.executable).with_name("sanjeh")),
        "-w",
        str(tmp_path),
        "report",
        "--brand",
        "nava",
    ]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(
        process.communicate(timeout=300)[0].splitlines()[-1].split(" written")[0] for process in both
    )
    assert [process.returncode for process in both] == [0, 0]
    assert said == ["0 reports", "8 reports"]
    assert workspace.reports.joinpath("index.html").is_file()


def test_nothing_to_do_is_nothing_written(written: Workspace) -> None:
    done = write_reports(written, languages=("en",), brand="orion", cadence="daily")
    assert isinstance(done, ReportsWritten)
    assert (done.written, len(done.kept)) == ([], 1)
