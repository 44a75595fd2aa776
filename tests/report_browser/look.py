"""Opens reports in a headless Chromium and fails on what a client would notice.

    python -m tests.report_browser.look REPORTS_DIR [--shots DIR] [--pages GLOB ...]

Every page is opened from disk at phone and desktop width, in light and dark, and printed. Each time: no request
but for the page itself, no message in the console, no sideways scrolling, every text inside its chart, and no
axe-core violation that is serious or critical. With ``--shots`` the screens and the printed pages are kept, to
be looked at by a person.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"phone": 390, "desktop": 1280}
SCHEMES = ("light", "dark")
SERIOUS = {"serious", "critical"}
PDF_START = b"%PDF-"
OUTSIDE = """() => [...document.querySelectorAll("svg.trend text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width > 0 && (box.left < -1 || box.right > window.innerWidth + 1);
}).map(text => text.textContent)"""


def main() -> None:
    """Look at every page and say what is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--pages", nargs="+", metavar="GLOB", default=["**/*.html"])
    wanted = parser.parse_args()
    pages = sorted({path for glob in wanted.pages for path in wanted.reports.resolve().glob(glob)})
    if not pages:
        sys.exit(
            f"There is no {' or '.join(wanted.pages)} in {wanted.reports}. Write the reports first: `sanjeh report`."
        )
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for path in pages:
            name = path.relative_to(wanted.reports.resolve()).with_suffix("").as_posix()
            found = list(_faults(browser, path, name.replace("/", "-"), wanted.shots))
            print(f"{name}: {'; '.join(found) or 'sound'}", flush=True)
            faults += found
        browser.close()
    print(f"{len(pages)} pages, {len(WIDTHS) * len(SCHEMES)} views each and printed: {len(faults)} faults")
    sys.exit(1 if faults else 0)


def _faults(browser: Browser, path: Path, name: str, shots: Path | None) -> Iterator[str]:
    for device, width in WIDTHS.items():
        for scheme in SCHEMES:
            view = f"{device} {scheme}"
            with browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme
            ) as context:
                page = context.new_page()
                said: list[str] = []
                page.on("request", lambda request, said=said: said.append(f"requests {request.url}"))
                page.on("console", lambda message, said=said: said.append(f"console: {message.text}"))
                page.on("pageerror", lambda error, said=said: said.append(f"error: {error}"))
                page.goto(path.as_uri())
                yield from (f"{view}: {each}" for each in said if each != f"requests {path.as_uri()}")
                yield from (f"{view}: {each}" for each in _layout(page))
                if shots is not None:
                    shots.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=shots / f"{name}-{device}-{scheme}.png", full_page=True)
                # Closed tables are read too; axe brings its own script, so nothing is measured after it.
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                yield from (f"{view}: {each}" for each in _violations(page))
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        if not printed.startswith(PDF_START):
            yield "print: no PDF"
        if shots is not None:
            (shots / f"{name}.pdf").write_bytes(printed)


def _layout(page: Page) -> Iterator[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        yield f"scrolls {wide} px sideways"
    for text in page.evaluate(OUTSIDE):
        yield f"chart text {text!r} is outside the page"


def _violations(page: Page) -> Iterator[str]:
    for rule in Axe().run(page).response["violations"]:
        if rule["impact"] in SERIOUS:
            places = ", ".join(str(node["target"][0]) for node in rule["nodes"][:3])
            yield f"axe {rule['id']} ({rule['impact']}) at {len(rule['nodes'])} places: {places}"


def _chromium() -> str:
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if named is None:
        sys.exit(
            "No Chromium is installed here. Install it (Debian: apt install chromium), or name it: CHROMIUM=/path."
        )
    return named


if __name__ == "__main__":
    main()
