"""A shop whose customer asks to be erased; and an independent look into every file for what names her.

Ann is 17 of site and till, CRM contacts 90000000071 and 90000000072 (merged), subscriber 90000000072, two
addresses, a phone, browsers ``laptop`` (bought her order) and ``phone`` (signed in), and a survey answer. Bob
shares her office address and, on the family's ``tablet``, her browser. Brand ``plain`` has another 17. Others have
rows on every day of hers, so that the shop without her has loaded the same days, and before hers in files whose rows
are known by their line.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import hmac
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tests.integration.identity_story import at, came
from tests.integration.warehouse import Workspace
from tests.unit.ga4_events.exports import Event, json_lines

KEY = "a key of the erasure story"
ADDRESSES = ("ann@customers.example", "ann.old@customers.example")
ASKED = "# by letter of 3 November\n\n  Ann@Customers.example \n"
CONTACTS = ("90000000071", "90000000072")
PHONE = "+49 30 1234567"
LAPTOP, MOBILE, TABLET = "1111111111.1700000001", "2222222222.1700000002", "3333333333.1700000003"
SETTINGS = """
project: {name: Story, timezone: UTC, currency: EUR, gross_margin: 0.5}
brands:
  shop: {name: Shop}
  plain: {name: Plain}
publish: {detail: true}
sources:
  site: {connector: orders_file, brand: shop, path: exports/orders*.csv, expect: none, covers: keys, customer_ids: store}
  till: {connector: order_lines_file, brand: shop, path: exports/till*.csv.gz, expect: none, customer_ids: store}
  crm: {connector: crm_contacts_file, brand: shop, path: exports/contacts*.csv, expect: none}
  deals: {connector: crm_deals_file, brand: shop, path: exports/deals*.csv, expect: none, customer_ids: crm}
  billing: {connector: subscription_snapshots_file, brand: shop, path: exports/subscribers.csv, expect: none,
            customer_ids: crm}
  survey: {connector: survey_file, brand: shop, path: exports/survey.csv, expect: none}
  events: {connector: ga4_events, brand: shop, path: "exports/events/*.jsonl", expect: none}
  kiosk: {connector: order_lines_file, brand: plain, path: exports/kiosk.csv, expect: none}
"""
ORDERS = """order_id,ordered_at,customer_id,customer_email,goods_amount,total_amount
o1,2026-03-10 12:00:00,17,ann@customers.example,100,119
o2,2026-03-12 12:00:00,,Ann.Old@customers.example,10,10
o3,2026-03-12 13:00:00,17,info@office.example,1,1
o4,2026-03-13 12:00:00,44,info@office.example,20,25
o5,2026-03-14 12:00:00,55,bob@customers.example,30,30
o6,2026-03-10 09:00:00,44,,3,3
o7,2026-03-12 09:00:00,55,,4,4
"""
TILL = """order_id,ordered_at,customer_id,sku,quantity,unit_price,note
t2,2026-03-11 10:00:00,55,A1,2,7,plain
t1,2026-03-11 09:00:00,17,A1,1,7,"gift,
two lines"
"""
FILES = {
    "orders.csv": ORDERS,
    "contacts.csv": f"""contact_id,email,phone,created_at,became_lead_at,merged_into
{CONTACTS[0]},ann@customers.example,{PHONE},2026-03-01 00:00:00,2026-03-01 00:00:00,
{CONTACTS[1]},ann.old@customers.example,,2026-03-02 00:00:00,2026-03-02 00:00:00,{CONTACTS[0]}
90000000073,bob@customers.example,+49 30 7654321,2026-03-03 00:00:00,2026-03-03 00:00:00,
90000000074,cem@customers.example,,2026-03-01 00:00:00,2026-03-01 00:00:00,
""",
    "deals.csv": f"""deal_id,contact_id,created_at,closed_at,is_won,amount
w1,{CONTACTS[1]},2026-03-01 00:00:00,2026-03-15 00:00:00,true,1000
w2,90000000073,2026-03-05 00:00:00,2026-03-16 00:00:00,true,500
w3,90000000074,2026-03-01 00:00:00,2026-03-15 00:00:00,true,50
""",
    "subscribers.csv": f"""snapshot_at,subscriber_id,amount
2026-03-31 12:00:00,90000000073,9
2026-03-31 12:00:00,{CONTACTS[1]},9
""",
    "survey.csv": """response_id,survey_id,submitted_at,respondent_email,score
answer-of-bob,nps,2026-03-20 13:00:00,bob@customers.example,9
answer-of-ann,nps,2026-03-20 12:00:00,ann@customers.example,2
""",
    "kiosk.csv": "order_id,ordered_at,customer_id,sku,quantity,unit_price\no1,2026-03-11 09:00:00,17,A1,1,7\n",
}
HERS = {
    "orders.csv": {"o1", "o2", "o3"},
    "contacts.csv": set(CONTACTS),
    "deals.csv": {"w1"},
    "survey.csv": {"answer-of-ann"},
}
"""First cells of the records that are hers; in ``subscribers.csv`` the second."""


def events(*, with_ann: bool = True) -> dict[str, list[Event]]:
    """Visits by day."""
    bought = {"ecommerce": {"purchase_revenue": 100.0, "transaction_id": "o1"}}
    bobs = {"ecommerce": {"purchase_revenue": 30.0, "transaction_id": "o5"}}
    hers = {
        "20260305": [at("2026-03-05 08:00:00", "login", MOBILE, 3, user_id="ann@customers.example")],
        "20260306": [at("2026-03-06 08:00:00", "page_view", MOBILE, 4)],
        "20260307": [at("2026-03-07 08:00:00", "login", TABLET, 5, user_id="Ann.Old@Customers.example")],
        "20260310": [
            at("2026-03-10 11:50:00", "page_view", LAPTOP, 6, **came("Newsletter", "email", "spring")),
            at("2026-03-10 12:00:01", "purchase", LAPTOP, 6, **bought),
        ],
    }
    others = {
        "20260305": [at("2026-03-05 15:00:00", "page_view", "4444444444.1700000004", 1)],
        "20260306": [at("2026-03-06 15:00:00", "page_view", "4444444444.1700000004", 2)],
        "20260307": [
            at("2026-03-07 09:00:00", "login", TABLET, 7, user_id="bob@customers.example"),
            at("2026-03-07 21:00:00", "page_view", TABLET, 8),
        ],
        "20260310": [at("2026-03-10 15:00:00", "page_view", "4444444444.1700000004", 9)],
        "20260314": [at("2026-03-14 11:59:00", "purchase", "5555555555.1700000005", 10, **bobs)],
    }
    days = {*others, *hers}
    mine = hers if with_ann else {}
    return {day: [*mine.get(day, []), *others.get(day, [])] for day in sorted(days)}


def write(home: Path, *, with_ann: bool = True) -> None:
    """The workspace's settings and exports, of everybody or of everybody but Ann."""
    exports = home / "exports"
    (exports / "events").mkdir(parents=True, exist_ok=True)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    (home / ".env").write_text(f"SANJEH_PII_KEY={KEY}\n", encoding="utf-8")
    for name, text in FILES.items():
        (exports / name).write_text(text if with_ann else without_ann(name, text), encoding="utf-8")
    till = TILL if with_ann else "".join(TILL.splitlines(keepends=True)[:2])
    (exports / "till.csv.gz").write_bytes(gzip.compress(till.encode(), mtime=0))
    for day, of_day in events(with_ann=with_ann).items():
        (exports / "events" / f"events_{day}.jsonl").write_bytes(json_lines(of_day))


def without_ann(name: str, text: str) -> str:
    """An export as if she had never been there."""
    hers, column = HERS.get(name, set()), 0
    if name == "subscribers.csv":
        hers, column = set(CONTACTS), 1
    kept = [row for row in csv.reader(io.StringIO(text)) if row[column] not in hers]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(kept)
    return out.getvalue()


def hashed(value: str) -> str:
    """Keyed hash of a normalised value."""
    return hmac.digest(KEY.encode(), value.encode(), "sha256").hex()


def her_names() -> list[str]:
    """What must be found nowhere: her hashes, customer keys, long ids and addresses."""
    salt = hmac.new(KEY.encode(), b"customer_key|shop", hashlib.sha256).hexdigest()[:32]
    hashes = [hashed(address) for address in ADDRESSES] + [hashed("+49301234567")]
    nodes = ["store:17", *(f"crm:{contact}" for contact in CONTACTS)]
    nodes += [f"email:{hashed(address)}" for address in ADDRESSES]
    nodes += [f"visitor:events:{browser}" for browser in (LAPTOP, MOBILE)]
    keys = [hashlib.md5(f"{salt}{node}".encode(), usedforsecurity=False).hexdigest() for node in nodes]
    return [*hashes, *keys, *CONTACTS, *ADDRESSES, LAPTOP, MOBILE, "answer-of-ann"]


def traces(home: Path, names: list[str], *, without: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """Names by the file that holds one, in its bytes or in what its format compresses."""
    found: dict[str, set[str]] = {}
    for path in sorted(each for each in home.rglob("*") if each.is_file()):
        name = str(path.relative_to(home))
        if name.startswith(without):
            continue
        for text in _texts(path):
            lower = text.lower()
            hits = {each for each in names if each.lower() in lower}
            if hits:
                found.setdefault(name, set()).update(hits)
    return found


def _texts(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    yield content.decode("latin-1")
    if path.suffix == ".gz":
        yield gzip.decompress(content).decode()
    elif path.suffix == ".parquet":
        yield json.dumps(pq.read_table(path).to_pylist(), default=str)
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as con:
            tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield str(con.execute(f'select * from "{schema}"."{table}"').fetchall())
    elif content.startswith(b"SQLite format 3"):
        with sqlite3.connect(path) as lite:
            yield "\n".join(lite.iterdump())


def build(home: Path, *, with_ann: bool = True) -> Workspace:
    """A workspace after one run."""
    write(home, with_ann=with_ann)
    workspace = Workspace(home)
    workspace.run()
    return workspace


def copy_of(workspace: Workspace, home: Path) -> Workspace:
    """The same workspace elsewhere."""
    shutil.copytree(workspace.home, home)
    return Workspace(home)
