"""What holds of every page: sound HTML, nothing fetched, nothing injected, a table behind every chart."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from orchestration.workspace import Workspace
from tests.report.conftest import every_page, page_text
from tests.report.parsed import Element, read_page
from tests.report.published_story import HOSTILE

FETCHING = ("src", "srcset", "data", "poster", "background", "action", "xlink:href")
BRANDS = ("bare", "hostile", "nava", "orion", "plain")


def test_there_is_a_page_per_brand_cadence_and_language_and_an_index_per_language(story: Workspace) -> None:
    names = {path.relative_to(story.reports).as_posix() for path in every_page(story)}
    cadences = ("daily", "weekly", "monthly", "quarterly")
    pages = {f"{brand}/{each}.{lang}.html" for brand in BRANDS for each in cadences for lang in ("en", "fa")}
    assert names == pages | {"index.html", "index.fa.html"}


def test_every_page_is_well_formed_and_says_its_language(story: Workspace) -> None:
    for path in every_page(story):
        root, faults = read_page(path.read_text(encoding="utf-8"))
        assert faults == [], path
        [page] = root.all("html")
        persian = path.name.endswith(".fa.html")
        assert (page.attributes["lang"], page.attributes["dir"]) == (
            ("fa", "rtl") if persian else ("en", "ltr")
        )
        assert [element.text for element in root.all("title")] != [""]
        assert len(root.all("main")) == 1
        assert len(root.all("h1")) == 1
        ids = re.findall(r' id="([^"]+)"', path.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids)), path


def test_no_page_fetches_anything_or_runs_a_script(story: Workspace) -> None:
    for path in every_page(story):
        source = path.read_text(encoding="utf-8")
        root, _ = read_page(source)
        elements = _every(root)
        assert {element.tag for element in elements} & {
            "script",
            "iframe",
            "img",
            "link",
            "object",
            "base",
        } == set()
        for element in elements:
            assert not set(FETCHING) & set(element.attributes), element
            assert not any(name.startswith("on") for name in element.attributes), element
        assert "@import" not in source
        assert "url(" not in source
        addresses = set(re.findall(r"[a-z]+://[^\s\"'<]+", source))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}, path


def test_every_link_leads_somewhere(story: Workspace) -> None:
    for path in every_page(story):
        source = path.read_text(encoding="utf-8")
        for link in read_page(source)[0].all("a"):
            target = link.attributes["href"]
            if target.startswith("#"):
                assert f' id="{target[1:]}"' in source, f"{path}: {target}"
            else:
                assert (path.parent / target).resolve().is_file(), f"{path}: {target}"


def test_a_table_stands_behind_every_chart(story: Workspace) -> None:
    charts = 0
    for path in every_page(story):
        for article in read_page(path.read_text(encoding="utf-8"))[0].of_class("kpi"):
            drawings = article.all("svg")
            if drawings:
                charts += 1
                [details] = article.all("details")
                rows = details.all("tbody")[0].all("tr")
                assert len(rows) >= 2
                [drawing] = drawings
                assert drawing.attributes["role"] == "img"
                assert len(drawing.attributes["aria-label"]) > 20
                assert "[[" not in drawing.attributes["aria-label"] + drawing.text
    assert charts > 50


def test_headings_go_down_one_level_at_a_time(story: Workspace) -> None:
    for path in every_page(story):
        levels = [int(found) for found in re.findall(r"<h([1-6])", path.read_text(encoding="utf-8"))]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_hostile_names_are_text(story: Workspace, lang: str) -> None:
    source = page_text(story, f"hostile/monthly.{lang}")
    root, faults = read_page(source)
    assert faults == []
    assert root.all("script") == []
    assert root.all("h1")[0].text == HOSTILE
    assert HOSTILE in root.of_class("card")[0].text
    assert "49" not in root.all("h1")[0].text
    assert HOSTILE in read_page(page_text(story, f"orion/monthly.{lang}"))[0].of_class("explained")[0].text
    assert HOSTILE in read_page(page_text(story, "index" if lang == "en" else "index.fa"))[0].text


def test_no_path_and_no_error_text_of_the_warehouse_is_shown(story: Workspace) -> None:
    for path in every_page(story):
        assert "secret path" not in path.read_text(encoding="utf-8")
        assert str(Path(story.root)) not in path.read_text(encoding="utf-8")


def _every(element: Element) -> list[Element]:
    return [each for child in element.children for each in [child, *_every(child)]]
