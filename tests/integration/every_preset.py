"""A workspace that feeds every kind of export file, with numbers small enough to reckon by hand.

``coverage`` says that a file is about the whole of October 2026, so that a day without rows counts as loaded and
zero; where a kind of file has one slice a day, ``expect: none`` says that a day without rows is no gap.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from tests.integration.warehouse import Workspace

SETTINGS = """
project: {name: Every preset, timezone: UTC, currency: EUR, gross_margin: 0.5}
brands:
  acme: {name: Acme, name_fa: اکمی, search_terms: [acme]}
  corner: {name: Corner shop, name_fa: دکان}
  b2b: {name: Trade, name_fa: بازرگانی}
  sib: {name: Sib, name_fa: سیب, timezone: Asia/Tehran, currency: IRR, calendar: jalali, week_start: saturday}
publish: {detail: true}
sources:
  acme_orders: {connector: orders_file, brand: acme, path: exports/orders.csv, currency: EUR, <<OCTOBER>>}
  acme_rates: {connector: exchange_rates_file, brand: acme, path: exports/rates.csv, expect: none}
  acme_web: {connector: ga4_report_file, brand: acme, path: exports/ga4.csv, expect: none}
  acme_search: {connector: search_console_file, brand: acme, path: exports/search.zip, expect: none}
  acme_google: {connector: google_ads_file, brand: acme, path: exports/google.csv, expect: none}
  acme_meta: {connector: meta_ads_file, brand: acme, path: exports/meta.csv, expect: none}
  acme_ad_log: {connector: ad_events_file, brand: acme, path: exports/ad_log.csv, <<OCTOBER>>}
  acme_costs: {connector: costs_file, brand: acme, path: exports/costs.csv, <<OCTOBER>>}
  acme_email: {connector: email_campaigns_file, brand: acme, path: exports/email.csv, <<OCTOBER>>}
  acme_links:
    {connector: email_campaigns_file, stream: email/links, brand: acme, path: exports/links.csv, expect: none}
  acme_survey: {connector: survey_file, brand: acme, path: exports/survey.csv, <<OCTOBER>>}
  acme_forms: {connector: form_days_file, brand: acme, path: exports/forms.csv, expect: none}
  acme_billing: {connector: subscription_snapshots_file, brand: acme, path: exports/billing.csv, expect: none}
  acme_contacts:
    connector: crm_contacts_file
    brand: acme
    path: exports/contacts.csv
    address_flags: {staff: ["*@acme.example"]}
    expect: until 2026-10-31
    coverage: {from: 2026-10-01, to: 2026-10-31}
  acme_followers: {connector: social_followers_file, brand: acme, path: exports/followers.csv, expect: none}
  acme_posts: {connector: social_posts_file, brand: acme, path: exports/posts.csv, <<OCTOBER>>}
  corner_lines:
    connector: order_lines_file
    brand: corner
    path: exports/lines.csv
    rules: {count_letter_coded_lines: false}
    expect: until 2026-10-31
    coverage: {from: 2026-10-01, to: 2026-10-31}
  b2b_contacts: {connector: crm_contacts_file, brand: b2b, path: exports/b2b_contacts.csv, <<OCTOBER>>}
  b2b_deals: {connector: crm_deals_file, brand: b2b, path: exports/b2b_deals.csv, <<OCTOBER>>}
  b2b_costs: {connector: costs_file, brand: b2b, path: exports/b2b_costs.csv, <<OCTOBER>>}
  sib_ravand: {connector: ravand_file, brand: sib, path: exports/ravand.csv, money_unit: toman, expect: none}
  sib_novin: {connector: novin_file, brand: sib, path: exports/novin.csv, expect: none}
  sib_novin_followers:
    {connector: novin_file, stream: social/followers, brand: sib, path: exports/novin_followers.csv, expect: none}
  sib_items:
    connector: subscription_items_file
    brand: sib
    path: exports/sib_items.csv
    money_unit: toman
    coverage: {from: 2026-09-22, to: 2026-10-31}
    expect: none
  sib_orders:
    connector: orders_file
    brand: sib
    path: exports/sib_orders.csv
    delimiter: semicolon
    decimal: "٫"
    calendar: jalali
    money_unit: toman
    expect: none
""".replace("<<OCTOBER>>", "expect: until 2026-10-31, coverage: {from: 2026-10-01, to: 2026-10-31}")

FILES = {
    "orders.csv": """Order ID,Date,Customer ID,Subtotal,Discount,Shipping,Total,Refunded,Refund date,Currency
1,2026-10-01 09:00,c1,100,10,5,95,,,EUR
2,2026-10-01 10:00,c2,60,0,5,65,,,EUR
3,2026-10-02 10:00,c1,50,0,0,50,20,2026-10-20 10:00,EUR
4,2026-10-03 10:00,c3,30,0,3,33,,,USD
""",
    "rates.csv": "Date,From,To,Rate\n2026-10-01,USD,EUR,0.8\n2026-10-03,USD,EUR,0.5\n",
    "ga4.csv": """# ----------------------------------------
# Days
# Start date: 20261001
# End date: 20261031
# ----------------------------------------

Date,Sessions,Engaged sessions,User engagement,Views
20261001,100,60,3000,300
20261002,100,40,2000,200

# ----------------------------------------
# Devices
# Start date: 20261001
# End date: 20261031
# ----------------------------------------

Date,Device category,Sessions
20261001,mobile,70
20261001,desktop,35

# ----------------------------------------
# Events
# Start date: 20261001
# End date: 20261031
# ----------------------------------------

Date,Event name,Event count
20261001,sign_up,7
20261002,share,3
""",
    "meta.csv": "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Impressions,Link clicks,Results,"
    "Result indicator\nLeads,2026-10-02,2026-10-02,40,1000,30,5,actions:lead\n",
    "ad_log.csv": "timestamp,click\n2026-10-03T08:00:00Z,1\n2026-10-03T09:00:00Z,0\n",
    "costs.csv": "Date,End date,Category,Amount\n2026-10-01,2026-10-30,tools,300\n",
    "email.csv": "Campaign ID,Subject,Send date,Recipients,Delivered,Unique opens,Unique clicks,Unsubscribed\n"
    "m1,October,2026-10-05 08:00,1100,1000,300,80,5\n",
    "links.csv": "Campaign ID,Link ID,URL,Unique clicks\nm1,1,https://acme.example/,80\n",
    "survey.csv": "Date,Score\n" + 20 * "2026-10-10,10\n" + 10 * "2026-10-11,8\n" + 10 * "2026-10-12,3\n",
    "forms.csv": """Date,Form,Unique views,Unique submissions,Total submissions
2026-10-01,Contact,100,10,12
2026-10-01,Newsletter,20,5,5
2026-10-02,Contact,30,9,9
""",
    "billing.csv": """Snapshot,Customer,Amount,Interval
2026-09-30T12:00:00Z,a,100,month
2026-09-30T12:00:00Z,b,1200,year
2026-09-30T12:00:00Z,c,12,week
2026-10-31T12:00:00Z,a,150,month
2026-10-31T12:00:00Z,b,1200,year
2026-10-31T12:00:00Z,d,12,day
""",
    "contacts.csv": """Record ID,Email,Create date,Became a lead date,Became a sales qualified lead date,Became a customer date,\
Merged into,Test
1,one@customer.example,2026-10-01,2026-10-01,2026-10-02,2026-10-10,,no
2,two@customer.example,2026-09-20,2026-10-04,,,1,no
3,three@customer.example,2026-10-05,2026-10-05,,,,no
4,four@customer.example,2026-10-06,2026-10-06,,,,yes
5,five@acme.example,2026-10-07,2026-10-07,,,,no
""",
    "followers.csv": "Date,Network,Account,Followers\n2026-09-30,telegram,acme,100\n2026-10-15,telegram,acme,120\n"
    "2026-10-31,telegram,acme,130\n",
    "posts.csv": "Network,Account,Post ID,Publish time,Captured at,Reach,Likes,Comments,Shares,Saves\n"
    "telegram,acme,p1,2026-10-05 08:00,2026-10-31 08:00,1000,50,10,5,5\n",
    "lines.csv": """order_id,sku,quantity,ordered_at,unit_price,customer_id
1,A-1,2,2026-10-01 10:00:00,10.00,c1
1,POST,1,2026-10-01 10:00:00,5.00,c1
2,A-1,1,2026-10-02 10:00:00,30.00,c2
""",
    "b2b_contacts.csv": "Record ID,Create date,Became a lead date,Merged into\n7,2026-09-01,2026-09-01,\n"
    "8,2026-10-01,2026-10-01,\n9,2026-10-02,2026-10-02,8\n",
    "b2b_deals.csv": """Deal ID,Contact ID,Create date,Close date,Amount,Won,Closed
d1,7,2026-09-01,2026-10-05,1000,yes,yes
d2,7,2026-09-01,2026-10-20,500,yes,yes
d3,8,2026-10-01,2026-10-06,200,yes,yes
d4,9,2026-10-01,2026-10-07,300,yes,yes
d5,8,2026-10-01,2026-10-08,900,no,yes
""",
    "b2b_costs.csv": "Date,Category,Amount\n2026-10-02,fees,600\n",
    "ravand.csv": "تاریخ,نشست‌ها,بازدید صفحه,کانال\n۱۴۰۵/۰۷/۱۵,۱٬۰۰۰,۳٬۰۰۰,ارگانیک\n۱۴۰۵/۰۸/۰۱,۵۰,۱۰۰,مستقیم\n"
    "جمع,۱٬۰۵۰,۳٬۱۰۰,\n",
    "novin.csv": "شبکه,حساب,شناسه پست,تاریخ انتشار,دسترسی,لایک,کامنت,بازنشر,ذخیره\n"
    "instagram,sib,پ۱,۱۴۰۵/۰۷/۲۰,۲٬۰۰۰,۱۰۰,۲۰,۱۰,۱۰\n",
    "novin_followers.csv": "تاريخ,شبكه,حساب,دنبال کنندگان\n31 شهریور 1405,instagram,sib,۵۰۰\n"
    "30 مهر 1405,instagram,sib,۵۶۰\n",
    "sib_items.csv": "شناسه قلم,کد مشتری,از تاریخ,وضعیت,تعداد,قیمت واحد (تومان),دوره,پله‌ها,نوع پله\n"
    "ق۱,م۱,۱۴۰۵/۰۶/۲۰,فعال,۲,۱٬۰۰۰,ماهانه,,\n"
    'ق۲,م۲,۱۴۰۵/۰۷/۱۰,فعال,۱۵,,سالانه,"[{""up_to"":10,""unit_amount"":1200},{""unit_amount"":600}]",پلکانی\n',
    "sib_orders.csv": "شماره سفارش;تاریخ;کد مشتری;مبلغ (تومان)\n۱;1405/07/15;م۱;۱۲٬۵۰۰٫۵\n۲;1405/08/01;م۱;۲۰٬۰۰۰\n",
}
GOOGLE = (
    "Campaign report\nOctober 1, 2026 - October 31, 2026\n"
    "Day\tCampaign\tCampaign ID\tCurrency code\tCost\tImpr.\tClicks\tConversions\n"
    "2026-10-01\tBrand\t22\tUSD\t100.00\t1000\t50\t4\n"
    "Total: account\t\t\tUSD\t100.00\t1000\t50\t4\n"
)
SEARCH = {
    "Chart": "Date,Clicks,Impressions,CTR,Position\n2026-10-01,3,100,3%,1.5\n",
    "Queries": "Top queries,Clicks,Impressions,CTR,Position\nAcme shoes,2,40,5%,1\nshoes,1,20,5%,4\n",
    "Pages": "Top pages,Clicks,Impressions,CTR,Position\nhttps://acme.example/,3,100,3%,1.5\n",
    "Countries": "Country,Clicks,Impressions,CTR,Position\nIran,3,100,3%,1.5\n",
    "Devices": "Device,Clicks,Impressions,CTR,Position\nMobile,3,100,3%,1.5\n",
}


def _archive(tables: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.csv", text)
    return buffer.getvalue()


def build(home: Path) -> Workspace:
    """Write the workspace into ``home`` and run it."""
    exports = home / "exports"
    exports.mkdir(parents=True)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    (home / ".env").write_text("SANJEH_PII_KEY=a key of the tests\n", encoding="utf-8")
    for name, text in FILES.items():
        (exports / name).write_text(text, encoding="utf-8")
    (exports / "google.csv").write_bytes(GOOGLE.encode("utf-16"))
    (exports / "search.zip").write_bytes(_archive(SEARCH))
    workspace = Workspace(home)
    workspace.run()
    return workspace
