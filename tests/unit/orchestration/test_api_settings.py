"""API sources in sanjeh.yml: wrong keys are findings with file, line and key; right ones open without a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.core.api_source import ApiSource
from connectors.registry import API_CONNECTORS
from orchestration.errors import SettingsError
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

HEAD = "project: {name: Acme, currency: GBP}\nbrands:\n  acme: {name: Acme, search_terms: [acme]}\nsources:\n"
KEYS = {
    "facebook_page": 'page_id: "123", token_env: TOKEN',
    "ga4": 'property_id: "123"',
    "google_ads": 'customer_id: "123-456-7890", developer_token_env: TOKEN',
    "hotjar": "site_id: 7, client_id_env: ID, client_secret_env: SECRET",
    "hubspot": "token_env: TOKEN",
    "instagram": 'account_id: "123", token_env: TOKEN',
    "linkedin_ads": "account_id: 123, token_env: TOKEN",
    "linkedin_page": "token_env: TOKEN, organizations: [7]",
    "mailchimp": "key_env: KEY",
    "meta_ads": 'account_id: "123", token_env: TOKEN',
    "plausible": "site_id: acme.example, key_env: KEY",
    "search_console": "site: sc-domain:acme.example",
    "shopify": "shop: acme.myshopify.com, token_env: TOKEN",
    "stripe": "key_env: KEY",
    "telegram": 'token_env: TOKEN, chats: ["@acme_news"]',
    "tiktok_ads": 'advertiser_id: "123", token_env: TOKEN',
    "woocommerce": 'base_url: "https://acme.example", consumer_key_env: KEY, consumer_secret_env: SECRET',
    "x": "token_env: TOKEN, usernames: [acme]",
    "youtube": 'key_env: KEY, channels: ["@acme"]',
}


def findings(tmp_path: Path, source: str) -> str:
    (tmp_path / "sanjeh.yml").write_text(f"{HEAD}  web: {{{source}, brand: acme}}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(Workspace(tmp_path), require_secrets=False)
    return str(raised.value)


@pytest.mark.parametrize("word", API_CONNECTORS)
def test_the_shortest_entry_of_each_connector_is_enough(tmp_path: Path, word: str) -> None:
    text = f"{HEAD}  web: {{connector: {word}, brand: acme, {KEYS[word]}}}\n"
    (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
    workspace = Workspace(tmp_path)
    source = load_settings(workspace, require_secrets=False).sources["web"]
    assert isinstance(source.open(workspace), ApiSource)
    assert source.is_api
    assert {stream.connector for stream in source.streams} <= {word, "quality"}


def test_a_measurement_id_is_told_from_a_property_id(tmp_path: Path) -> None:
    said = findings(tmp_path, "connector: ga4, property_id: G-ABC123")
    assert said.startswith("sanjeh.yml:5 (sources.web.property_id)")
    assert "123456" in said


def test_a_site_is_written_as_search_console_writes_it(tmp_path: Path) -> None:
    assert "sc-domain:" in findings(tmp_path, "connector: search_console, site: www.acme.example")


def test_a_window_that_meta_stopped_is_told_with_those_that_exist(tmp_path: Path) -> None:
    said = findings(
        tmp_path, "connector: meta_ads, account_id: act_1, token_env: X, attribution_windows: [28d_view]"
    )
    assert said.startswith("sanjeh.yml:5 (sources.web.attribution_windows)")
    assert "'28d_view' is an attribution window that Meta stopped on 2026-01-12" in said
    assert "1d_click, 7d_click, 28d_click, 1d_view, 1d_ev" in said


def test_an_unknown_key_offers_the_closest_of_connector_and_source(tmp_path: Path) -> None:
    assert "Did you mean 'token_env'?" in findings(tmp_path, "connector: hubspot, token_en: X")


def test_an_unknown_connector_offers_the_closest(tmp_path: Path) -> None:
    assert "hubspot" in findings(tmp_path, "connector: hubspott, token_env: X")


def test_a_missing_secret_names_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    text = f"{HEAD}  crm: {{connector: hubspot, brand: acme, token_env: TOKEN}}\n"
    (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"source 'crm' needs the environment variable TOKEN"):
        load_settings(Workspace(tmp_path))


def test_a_proxy_with_a_password_is_to_stand_in_a_variable(tmp_path: Path) -> None:
    said = findings(
        tmp_path, "connector: hubspot, token_env: X, http: {proxy: 'http://me:secret@proxy.example:8080'}"
    )
    assert "proxy_env" in said


def test_the_way_of_asking_does_not_rebuild_the_warehouse(tmp_path: Path) -> None:
    def fingerprint(more: str) -> str:
        text = f"{HEAD}  crm: {{connector: hubspot, brand: acme, token_env: TOKEN{more}}}\n"
        (tmp_path / "sanjeh.yml").write_text(text, encoding="utf-8")
        return load_settings(Workspace(tmp_path), require_secrets=False).fingerprint()

    plain = fingerprint("")
    assert fingerprint(", parallel: 4, http: {attempts: 3}, base_url: 'http://127.0.0.1:1'") == plain
    assert fingerprint(", timezone: Asia/Tehran") != plain
