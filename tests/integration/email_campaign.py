"""The worked example as files: 25 % open, 8 % click, 15 % of the form's viewers send it, 200 leads in October.

Every rate is exactly on its target, so that one changed number takes it below and back.
"""

from __future__ import annotations

from pathlib import Path

CONFIGURATION = """
project: {name: Orion group, currency: EUR}
brands:
  orion: {name: Orion, name_fa: اوریون}
sources:
  mails: {connector: email_campaigns_file, brand: orion, path: exports/mails.csv, expect: none}
  forms: {connector: form_days_file, brand: orion, path: exports/forms.csv, expect: none}
  people: {connector: crm_contacts_file, brand: orion, path: exports/people.csv, expect: none}
alerts:
  notifiers:
    team: {url_env: TEAM_URL, brands: [orion]}
    board: {url_env: BOARD_URL, kinds: [final, early], language: fa}
    desk: {url_env: DESK_URL, kinds: [data, run]}
"""
SCORECARDS = """
scorecards:
  - id: b2b_mail
    brand: orion
    name: B2B e-mail
    name_fa: ایمیل سازمانی
    goal: leads
    grain: month
    owner: m.karimi
    team: growth
    kpis:
      - {kpi: email_open_rate, target: 0.25, valid_from: 2026-01-01}
      - {kpi: email_click_rate, target: 0.08, valid_from: 2026-01-01}
      - {kpi: form_conversion_rate, target: 0.15, valid_from: 2026-01-01}
      - {kpi: leads, target: 200, valid_from: 2026-01-01}
"""
MAIL_HEADER = "campaign_id,subject,sent_at,sent,delivered,unique_opens,unique_clicks\n"
FORMS = "form_date,form_id,viewers,submitters\n2026-10-20,contact,800,120\n"


def write(home: Path) -> None:
    """The workspace with everything on target."""
    (home / "exports").mkdir(parents=True)
    (home / "sanjeh.yml").write_text(CONFIGURATION, encoding="utf-8")
    (home / "scorecards.yml").write_text(SCORECARDS, encoding="utf-8")
    (home / "exports" / "forms.csv").write_text(FORMS, encoding="utf-8")
    people = "".join(f"{number},2026-10-{1 + number % 28:02d} 09:00:00\n" for number in range(200))
    header = "contact_id,created_at\n"
    (home / "exports" / "people.csv").write_text(header + people, encoding="utf-8")
    write_mails(home, clicks=500)


def write_mails(home: Path, *, clicks: int | str) -> None:
    """Two sends of 10,000 delivered together; the second has ``clicks`` clickers, 500 is 8 % in all."""
    rows = (
        "m1,Autumn,2026-10-05 08:00:00,4100,4000,1000,300\n"
        f"m2,Pipeline,2026-10-19 08:00:00,6150,6000,1500,{clicks}\n"
    )
    (home / "exports" / "mails.csv").write_text(MAIL_HEADER + rows, encoding="utf-8")
