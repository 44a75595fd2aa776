"""Through which proxy a call goes, and that no credentials of elsewhere go with it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug import Request, Response

from connectors.core.api_config import HttpConfig
from connectors.core.errors import AuthError
from connectors.core.session import new_session, proxy_of
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response
from tests.unit.core.toy_api import ToyApi

VENDOR = "http://api.vendor.example"


class Proxy(FakeApi):
    """A forward proxy that answers itself and tells which address it was asked for."""

    def answer(self, request: Request) -> Response:
        """The address as it stands in the first line of the request."""
        return json_response({"asked": request.environ["REQUEST_URI"]})

    def broken(self, fault: Fault, request: Request) -> Response:
        """A refusal."""
        del fault, request
        return Response(status=407)


@pytest.fixture
def proxy(api: ToyApi) -> Iterator[Proxy]:
    """A proxy beside the vendor."""
    with Proxy() as server:
        yield server


def asked_through(proxy: str | None, address: str) -> str:
    """What the proxy was asked for; where none was, the address that answered."""
    with closing(new_session(proxy)) as session:
        answer = session.get(address, timeout=10)
        return str(answer.json().get("asked", answer.url))


def test_a_configured_proxy_gets_the_whole_address(proxy: Proxy) -> None:
    assert asked_through(proxy.base_url, f"{VENDOR}/visits?day=1") == f"{VENDOR}/visits?day=1"


def test_the_environments_proxy_is_used_when_none_is_configured(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
    assert asked_through(None, f"{VENDOR}/visits") == f"{VENDOR}/visits"
    assert len(proxy.seen) == 1


def test_the_configured_proxy_goes_before_the_environments(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy() as of_the_environment:
        monkeypatch.setenv("HTTP_PROXY", of_the_environment.base_url)
        asked_through(proxy.base_url, f"{VENDOR}/visits")
        assert (len(proxy.seen), len(of_the_environment.seen)) == (1, 0)


def test_no_proxy_of_the_environment_holds(
    proxy: Proxy, api: ToyApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert asked_through(None, f"{api.base_url}/echo") == f"{api.base_url}/echo"
    assert proxy.seen == []


def test_a_proxy_with_a_password_is_named_by_a_variable_and_gets_it(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOY_PROXY", proxy.base_url.replace("://", "://ali:proxy-word@"))
    found = proxy_of(HttpConfig(proxy_env="TOY_PROXY"), source_id="shop")
    asked_through(found, f"{VENDOR}/visits")
    assert proxy.seen[0].headers["Proxy-Authorization"] == (
        "Basic " + base64.b64encode(b"ali:proxy-word").decode()
    )


def test_a_variable_of_a_proxy_that_is_not_set_is_named() -> None:
    with pytest.raises(AuthError, match=r"shop: the variable TOY_PROXY_2 is not set"):
        proxy_of(HttpConfig(proxy_env="TOY_PROXY_2"), source_id="shop")
    assert proxy_of(HttpConfig(), source_id="shop") is None
    assert proxy_of(HttpConfig(proxy="http://proxy.example"), source_id="shop") == "http://proxy.example"


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of passwords that has one for the vendor's host."""
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login someone password else\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))


@pytest.mark.usefixtures("netrc")
@pytest.mark.parametrize("path", ["echo", "moved/echo"])
@pytest.mark.parametrize("sent", [{"Authorization": "Bearer key"}, {}])
def test_passwords_of_netrc_are_never_sent(api: ToyApi, path: str, sent: dict[str, str]) -> None:
    with closing(new_session(None)) as session:
        told = session.get(f"{api.base_url}/{path}", headers=sent, timeout=10).json()
    assert told["headers"].get("Authorization") == sent.get("Authorization")


def test_a_key_does_not_follow_to_another_server(api: ToyApi) -> None:
    with ToyApi() as elsewhere, closing(new_session(None)) as session:
        address = f"{api.base_url}/moved?to={elsewhere.base_url}/echo"
        told = session.get(address, headers={"Authorization": "Bearer key"}, timeout=10).json()
    assert "Authorization" not in told["headers"]
