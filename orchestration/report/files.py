"""Which reports are written, and the index over them.

A report whose content is what its file says already is not rendered again; the file itself bears the digest.
A run writes the reports of its cadence and of the shorter ones; a longer one only where its file is missing,
what it says of closed periods has changed, or the program has. ``sanjeh report`` writes whatever changed.
Files are replaced whole, one writer at a time (``reports/.lock``).
"""

from __future__ import annotations

import fcntl
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from connectors.core.errors import RawZoneError
from connectors.core.storage import write_atomically
from orchestration.errors import WorkspaceError
from orchestration.published_reader import published_connection, require_brand
from orchestration.report.cards import summary_of
from orchestration.report.facts import GRAINS, headline, read_brand, read_facts
from orchestration.report.page import index_name, render_index, render_report
from orchestration.report.reading import Published
from orchestration.report.speech import LANGUAGES, Speaker
from orchestration.run_options import Cadence
from orchestration.workspace import Workspace

CONTENT, HEADLINE, SUMMARY = "sanjeh:content", "sanjeh:headline", "sanjeh:summary"
_META = re.compile(r'<meta name="(sanjeh:[a-z]+)" content="([^"]*)">')
_HEAD_BYTES = 4096


@dataclass(kw_only=True)
class ReportsWritten:
    """What :func:`write_reports` did.

    Attributes:
        index: the index in the first language.
        written: reports that were rendered.
        kept: reports whose file says what it should already, or that another cadence writes.
        removed: files of brands and languages that are not written any more.
    """

    index: Path
    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)


def write_reports(
    workspace: Workspace,
    *,
    languages: Sequence[str],
    run_cadence: Cadence | None = None,
    brand: str | None = None,
    cadence: str | None = None,
    lang: str | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> ReportsWritten:
    """Bring the reports up to the published file, and the index with them.

    Args:
        workspace: whose published file is read.
        languages: that reports are written in; the first one has the plain ``index.html``.
        run_cadence: of the run that published, which leaves longer cadences alone unless they must change.
        brand: only this brand id.
        cadence: only ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        lang: only this language.
        step: is told what is written.

    Raises:
        WorkspaceError: nothing is published, the file can't be read, or a report can't be written.
        LookupFailure: no such brand.
    """
    known = list(dict.fromkeys([*languages, *([lang] if lang else [])]))
    cadences = [each for each in GRAINS if cadence in (None, each)]
    done = ReportsWritten(index=workspace.reports / index_name(known[0], known))
    with _writing(workspace), published_connection(workspace) as con:
        require_brand(con, brand)
        published = Published.of(con)
        brands = published.brands()
        [publication] = published.rows("publication", "select * from marts.publication")
        for row in brands:
            if brand not in (None, row["brand_id"]):
                continue
            about = read_brand(published, row)
            for each in cadences:
                _write(
                    workspace,
                    read_facts(published, about, each),
                    publication,
                    done,
                    wanted=[lang] if lang else known,
                    known=known,
                    must=run_cadence is None or each in _covered(run_cadence),
                    step=step,
                )
        for each in known:
            _write_index(workspace, brands, each, known)
        if brand is None and cadence is None and lang is None:
            wanted_files = {workspace.reports / index_name(each, known) for each in known} | {
                report_file(workspace, row["brand_id"], each, tongue)
                for row in brands
                for each in GRAINS
                for tongue in known
            }
            done.removed += _remove_others(workspace, wanted_files)
    return done


def report_file(workspace: Workspace, brand_id: str, cadence: str, lang: str) -> Path:
    """Where a report stands."""
    return workspace.reports / brand_id / f"{cadence}.{lang}.html"


def read_meta(path: Path) -> dict[str, str]:
    """What a report file says about itself; empty where there is none."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return {}
    return {name: html.unescape(content) for name, content in _META.findall(head)}


def _covered(cadence: Cadence) -> list[str]:
    """Cadences up to that of the run."""
    every = [each.value for each in Cadence]
    return every[: every.index(cadence.value) + 1]


def _write(
    workspace: Workspace,
    facts: dict[str, Any],
    publication: Mapping[str, Any],
    done: ReportsWritten,
    *,
    wanted: Sequence[str],
    known: Sequence[str],
    must: bool,
    step: Callable[[str], None],
) -> None:
    content, closed = _digest([facts, list(known)]), _digest([headline(facts), list(known)])
    facts = {**facts, "publication": publication}
    brand_id, cadence = facts["brand"]["brand_id"], facts["cadence"]
    for lang in wanted:
        path = report_file(workspace, brand_id, cadence, lang)
        found = read_meta(path)
        is_same = found.get(CONTENT) == content
        if is_same or (not must and found.get(HEADLINE) == closed):
            done.kept.append(path)
            continue
        step(f"{brand_id} {cadence} {lang}")
        summary = summary_of(facts, Speaker(lang, calendar=facts["brand"]["calendar"]))
        meta = {CONTENT: content, HEADLINE: closed, SUMMARY: json.dumps(summary, ensure_ascii=False)}
        _replace(path, render_report(facts, lang=lang, languages=known, meta=meta))
        done.written.append(path)


def _write_index(
    workspace: Workspace, brands: Sequence[Mapping[str, Any]], lang: str, known: Sequence[str]
) -> None:
    speaker = Speaker(lang)
    views = []
    for brand in brands:
        reports = []
        for cadence in GRAINS:
            found = None
            for each in (lang, *(other for other in LANGUAGES if other != lang)):
                path = report_file(workspace, brand["brand_id"], cadence, each)
                meta = read_meta(path)
                if SUMMARY in meta:
                    href = path.relative_to(workspace.reports).as_posix()
                    found = {**json.loads(meta[SUMMARY]), "href": href, "lang": each}
                    break
            reports.append(found)
        views.append({"name": speaker.name(brand), "reports": reports})
    path = workspace.reports / index_name(lang, known)
    meta = {CONTENT: _digest([views, lang, list(known)])}
    text = render_index(views, lang=lang, languages=known, meta=meta)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        _replace(path, text)


def _remove_others(workspace: Workspace, wanted: Set[Path]) -> list[Path]:
    """Remove the pages that this program wrote and doesn't write any more; other files stay."""
    found = [*workspace.reports.glob("*.html"), *workspace.reports.glob("*/*.html")]
    left = sorted(path for path in found if path not in wanted and CONTENT in read_meta(path))
    try:
        for path in left:
            path.unlink()
            if path.parent != workspace.reports and not any(path.parent.iterdir()):
                path.parent.rmdir()
    except OSError as error:
        raise WorkspaceError(
            f"Reports that are not written any more can't be removed from {workspace.reports}: "
            f"{error.strerror}. Delete them, or correct owner or mode of that folder."
        ) from error
    return left


def _replace(path: Path, text: str) -> None:
    try:
        write_atomically(path, text.encode())
    except RawZoneError as error:
        raise WorkspaceError(f"The report {path} is not written. {error}") from error


@contextmanager
def _writing(workspace: Workspace) -> Iterator[None]:
    """One writer at a time; a second one waits and then reads what is published by then."""
    path = workspace.reports / ".lock"
    try:
        workspace.reports.mkdir(parents=True, exist_ok=True)
        handle = path.open("w", encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"Reports can't be written to {workspace.reports}: {error.strerror}. Correct owner or mode of "
            "that folder and run `sanjeh report`."
        ) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _digest(content: object) -> str:
    text = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{_program()}{text}".encode()).hexdigest()


@cache
def _program() -> str:
    """Hash of what renders a report, so that a new version of it writes every file anew."""
    package = files("orchestration.report")
    parts = [*package.iterdir(), *package.joinpath("templates").iterdir()]
    sources = sorted((part.name, part.read_bytes()) for part in parts if part.is_file())
    return hashlib.sha256(repr(sources).encode()).hexdigest()
