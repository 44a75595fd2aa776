"""Credentials: fixed, fetched and Google's; renewed once for all threads, explained when they can't be used."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.core.api_config import HttpConfig
from connectors.core.auth import (
    BasicKey,
    BearerKey,
    FetchedToken,
    HeaderKey,
    google_credentials,
    google_token,
)
from connectors.core.errors import AuthError, TransientError
from connectors.core.redaction import redact, register_secret
from tests.fakes.google_auth import service_account_info
from tests.unit.core.google_tokens import TokenServer

VARIABLE = "TOY_GOOGLE_KEY"
SCOPE = "https://www.googleapis.com/auth/toy.readonly"


def test_a_fixed_key_has_no_successor() -> None:
    key = BearerKey("k")
    assert key.headers() == {"Authorization": "Bearer k"}
    assert not key.refresh(key.headers())


def test_a_key_travels_in_the_header_of_its_vendor() -> None:
    assert HeaderKey("Access-Token", "k").headers() == {"Access-Token": "k"}


def test_a_name_and_a_secret_are_joined_and_both_spellings_struck_out() -> None:
    header = BasicKey("user", "secret-of-the-tests").headers()["Authorization"]
    assert header == "Basic dXNlcjpzZWNyZXQtb2YtdGhlLXRlc3Rz"
    register_secret("secret-of-the-tests", user="user")
    assert redact(header) == "Basic ***"


def tokens() -> FetchedToken:
    """Tokens ``token-1``, ``token-2`` and so on."""
    numbers = iter(range(1, 100))
    return FetchedToken(lambda: f"token-{next(numbers)}")


def test_a_token_is_fetched_when_it_is_first_needed_and_kept() -> None:
    auth = tokens()
    assert auth.headers() == auth.headers() == {"Authorization": "Bearer token-1"}


def test_a_refused_token_is_replaced() -> None:
    auth = tokens()
    assert auth.refresh(auth.headers())
    assert auth.headers() == {"Authorization": "Bearer token-2"}


def test_a_token_is_replaced_once_when_many_threads_were_refused_it() -> None:
    auth = tokens()
    used = auth.headers()
    all_refused = threading.Barrier(6, timeout=30)

    def work() -> None:
        all_refused.wait()
        auth.refresh(used)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert auth.headers() == {"Authorization": "Bearer token-2"}


def test_a_fetched_token_is_struck_out_of_every_message() -> None:
    auth = FetchedToken(lambda: "fetched-token-of-the-tests")
    auth.headers()
    assert redact("Bearer fetched-token-of-the-tests") == "Bearer ***"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    """Google's token server."""
    with TokenServer() as running:
        yield running


@pytest.fixture
def key_file(server: TokenServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service account's key in a file that the variable names."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(service_account_info(f"{server.base_url}/token")))
    monkeypatch.setenv(VARIABLE, str(path))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return path


def google(config: HttpConfig = HttpConfig()) -> FetchedToken:  # noqa: B008 - frozen
    """Tokens of the account that the variable names."""
    return google_token(
        google_credentials(VARIABLE, scope=SCOPE, source_id="shop"), source_id="shop", config=config
    )


@pytest.mark.usefixtures("key_file")
def test_a_service_account_gets_tokens_that_google_accepts(server: TokenServer) -> None:
    auth = google()
    first = auth.headers()
    assert server.tokens.refusal(first["Authorization"], SCOPE) is None
    server.tokens.revoke(first["Authorization"])
    assert auth.refresh(first)
    assert server.tokens.refusal(auth.headers()["Authorization"], SCOPE) is None


@pytest.mark.usefixtures("key_file")
def test_a_disabled_account_is_refused_with_what_google_says(server: TokenServer) -> None:
    server.tokens.is_disabled = True
    with pytest.raises(AuthError, match=r"Source shop: Google refuses.*invalid_grant.*service account's key"):
        google().headers()


@pytest.mark.usefixtures("key_file")
def test_a_token_server_that_cannot_be_reached_may_be_there_later(server: TokenServer) -> None:
    auth = google(HttpConfig(proxy="http://127.0.0.1:9"))
    with pytest.raises(TransientError, match=r"Source shop: Google's token server fails.*next run goes on"):
        auth.headers()
    assert server.seen == []


@pytest.mark.usefixtures("key_file")
def test_tokens_are_asked_for_through_the_sources_proxy(server: TokenServer) -> None:
    with TokenServer(tokens=server.tokens) as proxy:
        assert (
            server.tokens.refusal(google(HttpConfig(proxy=proxy.base_url)).headers()["Authorization"], SCOPE)
            is None
        )
        assert len(proxy.seen) == 1
    assert server.seen == []


def test_the_private_key_and_the_assertion_are_never_logged(
    key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = google().headers()["Authorization"].removeprefix("Bearer ")
        private_key = json.loads(key_file.read_text())["private_key"]
        logging.getLogger("tests.auth").info("%s and %s", private_key, token)
    assert "BEGIN PRIVATE KEY" not in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "{}", '{"private_key": "abc"}'])
def test_a_file_that_is_no_key_of_a_service_account_is_named(key_file: Path, content: str) -> None:
    key_file.write_text(content)
    with pytest.raises(AuthError, match=r"Source shop: the key file .*key\.json can't be used") as caught:
        google()
    assert "\n" not in str(caught.value)


def test_a_key_file_that_is_not_there_is_named(key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(AuthError, match=r"key\.json can't be used.*No such file"):
        google()


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_variable_without_a_path_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(AuthError, match=rf"Source shop: the variable {VARIABLE} is not set"):
        google()


def test_default_credentials_that_are_not_there_are_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(AuthError, match=r"application default credentials can't be used.*gcloud auth"):
        google_credentials(None, scope=SCOPE, source_id="shop")
