"""sanjeh.yml: defaults, and one clear finding with file, line and key for everything that is wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from orchestration.settings import load_settings
from orchestration.source_settings import Expect, ExpectKind
from orchestration.workspace import Workspace
from orchestration.yaml_source import read_yaml

HEAD = """\
project: {name: Acme, currency: GBP, timezone: Europe/London, gross_margin: 0.35}
brands:
  acme: {name: Acme}
"""


def findings(tmp_path: Path, text: str) -> str:
    (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(Workspace(tmp_path))
    return str(raised.value)


def test_brand_and_source_inherit_what_they_do_not_say(tmp_path: Path) -> None:
    text = """\
project: {name: Acme, currency: GBP, timezone: Europe/London, gross_margin: 0.35}
brands:
  acme: {name: Acme}
  tehran: {name: Tehran, timezone: Asia/Tehran, currency: IRR, calendar: jalali, week_start: saturday}
sources:
  shop: {connector: orders_file, brand: tehran, path: exports/*.csv, currency: EUR, expect: none}
"""
    (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
    settings = load_settings(Workspace(tmp_path))
    assert settings.brands["acme"].timezone == "Europe/London"
    assert settings.brands["tehran"].gross_margin == Decimal("0.35")
    assert settings.calendar_keys() == ("gregorian-monday-1", "jalali-saturday-1")
    shop = settings.sources["shop"]
    assert (shop.timezone, shop.currency, shop.expect.kind) == ("Asia/Tehran", "EUR", ExpectKind.NONE)
    assert shop.order_rules is not None
    assert (shop.order_rules.require_positive_price, shop.order_rules.returns) == (True, "subtract")


def test_attribution_and_customer_ids_have_defaults_and_are_inherited_key_by_key(tmp_path: Path) -> None:
    text = """\
project: {name: Acme, currency: GBP, attribution: {rule: linear, window_days: 14}}
brands:
  acme: {name: Acme, attribution: {window_days: 90}}
  other: {name: Other}
sources:
  shop: {connector: orders_file, brand: acme, path: exports/*.csv}
  crm: {connector: crm_contacts_file, brand: acme, path: exports/*.csv, customer_ids: shop}
"""
    (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
    settings = load_settings(Workspace(tmp_path))
    rules = {key: (b.attribution.rule, b.attribution.window_days) for key, b in settings.brands.items()}
    assert rules == {"acme": ("linear", 90), "other": ("linear", 14)}
    assert {key: source.customer_ids for key, source in settings.sources.items()} == {
        "shop": "shop",
        "crm": "shop",
    }
    (tmp_path / "sanjeh.yml").write_text(HEAD, encoding="utf-8")
    plain = load_settings(Workspace(tmp_path)).brands["acme"].attribution
    assert (plain.rule, plain.window_days) == ("last_non_direct", 30)


def test_what_shapes_customers_and_credits_makes_the_build_anew(tmp_path: Path) -> None:
    shop = "sources: {shop: {connector: orders_file, brand: acme, path: a.csv%s}}\n"
    texts = (
        HEAD + shop % "",
        HEAD + shop % ", customer_ids: till",
        HEAD.replace("{name: Acme}", "{name: Acme, attribution: {rule: first}}") + shop % "",
    )
    prints = set()
    for text in texts:
        (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
        prints.add(load_settings(Workspace(tmp_path)).fingerprint())
    assert len(prints) == len(texts)


def test_unknown_key_names_line_path_and_the_closest_key(tmp_path: Path) -> None:
    message = findings(tmp_path, HEAD.replace("{name: Acme}", "{name: Acme, time_zone: UTC}"))
    assert message.startswith("sanjeh.yml:3 (brands.acme.time_zone): unknown key 'time_zone'.")
    assert "Did you mean 'timezone'?" in message


def test_unknown_key_of_a_source_offers_keys_of_connector_and_source(tmp_path: Path) -> None:
    source = "sources:\n  shop:\n    connector: orders_file\n    brand: acme\n    path: a.csv\n    "
    assert "Did you mean 'date_format'?" in findings(tmp_path, HEAD + source + "date_fromat: x")
    assert "Did you mean 'rules'?" in findings(tmp_path, HEAD + source + "rule: {}")


def test_all_findings_are_listed_at_once(tmp_path: Path) -> None:
    text = """\
project: {name: Acme, currency: pounds, timezone: London}
brands:
  Acme: {name: Acme, week_start: funday}
"""
    lines = findings(tmp_path, text).splitlines()
    assert len(lines) == 4
    assert any("sanjeh.yml:1 (project.timezone): 'London' is no IANA time zone" in line for line in lines)
    assert any(
        "(brands.Acme.week_start): 'funday' is not allowed here; use 'monday'" in line for line in lines
    )


def test_duplicate_key_names_both_lines(tmp_path: Path) -> None:
    message = findings(tmp_path, HEAD + "  acme: {name: Again}\n")
    assert message.startswith(
        "sanjeh.yml:4 (brands.acme): the key 'acme' stands twice; it was first on line 3."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("project: {name: Acme", "sanjeh.yml:1, column"),
        ("project:\n\tname: Acme", "never with tabs"),
        ("- a list", "valid dictionary"),
        (HEAD + "sources: {s: {token_env: '${TOKEN}'}}", "'${...}' is not expanded"),
        (
            HEAD + "sources: {s: {brand: acme, path: a.csv}}",
            "(sources.s.connector): the key 'connector' is required",
        ),
        (
            HEAD + "sources: {s: {connector: order_file, brand: acme, path: a.csv}}",
            "there is no connector 'order_file'. Did you mean 'orders_file'?",
        ),
        (
            HEAD + "sources: {s: {connector: orders_file, brand: acne, path: a.csv}}",
            "there is no brand 'acne'. Did you mean 'acme'?",
        ),
        (
            HEAD + "sources: {s: {connector: orders_file, brand: acme, path: a.csv, expect: weekly}}",
            "write daily, none or until YYYY-MM-DD",
        ),
        (
            HEAD + "sources: {s: {connector: survey_file, brand: acme, path: a.csv, rules: {}}}",
            "rules are for orders and subscription items",
        ),
        (
            HEAD
            + "sources: {s: {connector: subscription_items_file, brand: acme, path: a.csv, "
            + "rules: {require_customer: true}}}",
            "(sources.s.rules.require_customer): unknown key 'require_customer'",
        ),
        (
            HEAD
            + "sources: {s: {connector: orders_file, brand: acme, path: a.csv, rules: {requir_customer: true}}}",
            "Did you mean 'require_customer'?",
        ),
        (
            HEAD
            + "sources: {s: {connector: survey_file, brand: acme, path: a.csv, test_patterns: {lst: '%x%'}}}",
            "no stream of this source has that column",
        ),
        (
            HEAD
            + "sources: {s: {connector: orders_file, brand: acme, path: a.csv, columns: {order_idd: x}}}",
            "Did you mean 'order_id'?",
        ),
        (
            HEAD + "sources: {s: {connector: costs_file, brand: acme, path: a.csv, customer_ids: shop}}",
            "customer_ids is for sources with ids of people; this one feeds costs/costs. Remove it.",
        ),
        (
            HEAD + "sources: {s: {connector: orders_file, brand: acme, path: a.csv, customer_ids: email}}",
            "(sources.s.customer_ids): 'email' stands for addresses; name the system that gives the ids",
        ),
        (
            HEAD + "sources: {s: {connector: orders_file, brand: acme, path: a.csv, customer_ids: Our Shop}}",
            "sanjeh.yml:4 (sources.s.customer_ids):",
        ),
        (
            HEAD.replace("gross_margin: 0.35", "attribution: {rule: last_click}"),
            "(project.attribution.rule): 'last_click' is not allowed here; use 'first', 'last_non_direct'",
        ),
        (
            HEAD.replace("{name: Acme}", "{name: Acme, attribution: {window_days: 0}}"),
            "sanjeh.yml:3 (brands.acme.attribution.window_days):",
        ),
        (
            HEAD.replace("gross_margin: 0.35", "attribution: {window: 30}"),
            "Did you mean 'window_days'?",
        ),
        (
            "project: {name: Acme, currency: GBP}\nbrands: {}\n",
            "sanjeh.yml:2 (brands): 'brands' is empty; write at least one entry, such as my_brand: {name: My brand}.",
        ),
        (
            "project: {name: Acme, currency: GBP}\nbrands:\n",
            "sanjeh.yml:2 (brands): keys with values are needed here, such as my_brand: {name: My brand}; nothing",
        ),
        (
            HEAD + "reports: {languages: []}",
            "(reports.languages): 'languages' is empty; write at least one entry",
        ),
        (HEAD + "alerts: {notifiers: {team: 'json://T0KEN/x'}}", "{url_env: TEAM_URL}, and not an address."),
        (HEAD.replace("name: Acme,", "name: '',", 1), "(project.name): 'name' is empty; write a text."),
        ("", "(project): the key 'project' is required"),
    ],
)
def test_wrong_input_is_explained(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in findings(tmp_path, text)


def test_empty_sections_are_as_if_absent(tmp_path: Path) -> None:
    (tmp_path / "sanjeh.yml").write_text(HEAD + "sources:\nalerts:\npublish:\nreports:\n", encoding="utf-8")
    settings = load_settings(Workspace(tmp_path))
    assert (settings.sources, settings.alerts.notifiers, settings.publish.keep) == ({}, {}, 7)


def test_missing_variable_names_owner_and_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_KEY", raising=False)
    text = HEAD.replace("gross_margin: 0.35", "pii_key_env: ACME_KEY")
    assert "project needs the environment variable ACME_KEY, which is not set" in findings(tmp_path, text)
    assert load_settings(Workspace(tmp_path), require_secrets=False).pii_key is None
    (tmp_path / ".env").write_text("ACME_KEY=from file\n")
    monkeypatch.setenv("ACME_KEY", "from environment")
    Workspace(tmp_path).load_environment()
    assert load_settings(Workspace(tmp_path)).pii_key == "from environment"


def test_not_utf8_is_explained(tmp_path: Path) -> None:
    (tmp_path / "sanjeh.yml").write_bytes("project: {name: سنجه}".encode("windows-1256"))
    with pytest.raises(SettingsError, match="not UTF-8 text: byte 16"):
        load_settings(Workspace(tmp_path))


def test_positions_reach_into_lists(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("a:\n  - b: 1\n  - c: 2\n")
    assert read_yaml(path).where(("a", 1, "c")) == "x.yml:3 (a[1].c)"


def test_fingerprint_follows_what_shapes_the_warehouse_only(tmp_path: Path) -> None:
    def fingerprint(text: str) -> str:
        (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
        return load_settings(Workspace(tmp_path)).fingerprint()

    assert fingerprint(HEAD) == fingerprint(HEAD + "publish: {keep: 3}\n")
    assert fingerprint(HEAD) != fingerprint(HEAD.replace("Europe/London", "UTC"))


def test_fingerprint_follows_rules_and_patterns_of_a_source(tmp_path: Path) -> None:
    source = "sources:\n  shop:\n    connector: orders_file\n    brand: acme\n    path: a.csv\n"
    texts = [
        HEAD + source,
        HEAD + source + "    rules: {require_customer: true}\n",
        HEAD + source + "    test_patterns: {order_id: 'T-%'}\n",
        HEAD + source + "    staff_patterns: {order_id: 'T-%'}\n",
    ]
    prints = set()
    for text in texts:
        (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
        prints.add(load_settings(Workspace(tmp_path)).fingerprint())
    assert len(prints) == len(texts)


def test_fingerprint_follows_the_key_that_salts_customer_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sanjeh.yml").write_text(HEAD, encoding="utf-8")
    monkeypatch.setenv("SANJEH_PII_KEY", "one")
    one = load_settings(Workspace(tmp_path)).fingerprint()
    monkeypatch.setenv("SANJEH_PII_KEY", "two")
    assert load_settings(Workspace(tmp_path)).fingerprint() != one


def test_expectation_until_a_day() -> None:
    expect = Expect.parse("until 2020-02-29")
    assert expect.until is not None
    assert expect.until.isoformat() == "2020-02-29"
    with pytest.raises(ValueError, match=r"day is out of range|out of range"):
        Expect.parse("until 2021-02-29")


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        (HEAD, ("en",)),
        (HEAD.replace("{name: Acme}", "{name: Acme, name_fa: آکمه}"), ("en", "fa")),
        (f"{HEAD}reports: {{languages: [fa]}}\n", ("fa",)),
        (f"{HEAD}reports: {{languages: [fa, en]}}\n", ("fa", "en")),
    ],
)
def test_reports_are_persian_too_where_a_name_is(
    tmp_path: Path, text: str, languages: tuple[str, ...]
) -> None:
    (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
    assert load_settings(Workspace(tmp_path)).report_languages() == languages


@pytest.mark.parametrize("languages", ["[]", "[de]", "[en, en]"])
def test_report_languages_that_make_no_sense_are_findings(tmp_path: Path, languages: str) -> None:
    said = findings(tmp_path, f"{HEAD}reports: {{languages: {languages}}}\n")
    assert "sanjeh.yml:4" in said
    assert "reports.languages" in said
