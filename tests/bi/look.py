"""Take a picture of the imported dashboard: ``python look.py URL USER PICTURE``, the password on standard input.

Runs in an environment with playwright; exits 1 when a chart shows an error or has no content.
"""

import shutil
import sys

from playwright.sync_api import sync_playwright

ERRORS = ("unexpected error", "data error", "duckdb error", "error:")
url, user, picture = sys.argv[1:4]
password = sys.stdin.readline().strip()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    page = browser.new_page(viewport={"width": 1500, "height": 2300}, bypass_csp=True)
    page.set_default_timeout(180_000)
    page.goto(f"{url}/login/")
    page.locator("input[type=text], #username").first.fill(user)
    page.locator("input[type=password]").first.fill(password)
    page.locator("button[type=submit], input[type=submit], button:has-text('Sign in')").first.click()
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto(f"{url}/superset/dashboard/marketing-kpis/?standalone=0")
    page.wait_for_selector("[data-test='chart-container'], .dashboard-component-chart-holder")
    page.wait_for_timeout(3_000)
    page.wait_for_function(
        "document.querySelectorAll('.loading, [data-test=loading-indicator]').length === 0"
    )
    page.wait_for_timeout(3_000)
    page.screenshot(path=picture)
    charts = page.locator(".dashboard-component-chart-holder")
    texts = [charts.nth(number).inner_text() for number in range(charts.count())]
    browser.close()
wrong = [text for text in texts if any(sign in text.lower() for sign in ERRORS)]
sys.stdout.write(f"{len(texts)} charts drawn, {len(wrong)} with an error\n")
if wrong or not texts:
    raise SystemExit("\n".join(wrong) or "no chart was drawn")
