"""Sessions of ``requests`` as every call needs them: the source's proxy, and no credentials of elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.core.api_config import HttpConfig, secret_of


def proxy_of(config: HttpConfig, *, source_id: str) -> str | None:
    """Address of the proxy that is configured; None where the environment decides.

    Raises:
        AuthError: the variable of a proxy with a password isn't set.
    """
    if config.proxy_env:
        return secret_of(config.proxy_env, source_id=source_id)
    return config.proxy


def new_session(proxy: str | None) -> requests.Session:
    """A session that goes through ``proxy``, or as the environment says where it is None."""
    session = _Session(proxy)
    session.headers["User-Agent"] = "sanjeh"
    # Else a ~/.netrc entry of the host would replace the credentials.
    session.auth = lambda request: request
    return session


class _Session(requests.Session):
    """A session whose own proxy goes before ``HTTPS_PROXY``; requests has it the other way round.

    Where the environment decides it is asked once per server, not at every call: that would cost a tenth of a
    fast call.
    """

    def __init__(self, proxy: str | None) -> None:
        super().__init__()
        self._own = None if proxy is None else {"http": proxy, "https": proxy}
        self._settings: dict[tuple[str, ...], Any] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, *settings: Any) -> Any:
        """Settings of a call; proxies that are named in it are left alone by requests."""
        server = (*urlsplit(str(url))[:2], str(proxies), str(settings))
        if server not in self._settings:
            named = proxies or dict(self._own or {})
            self._settings[server] = super().merge_environment_settings(url, named, *settings)
        return dict(self._settings[server])

    def rebuild_auth(self, prepared_request: Any, response: Any) -> None:
        """A redirect to another server goes without the key; requests would take one of ~/.netrc besides."""
        is_elsewhere = self.should_strip_auth(response.request.url, prepared_request.url)  # type: ignore[no-untyped-call]  # the library has no types
        if is_elsewhere:
            prepared_request.headers.pop("Authorization", None)
