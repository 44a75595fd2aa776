"""Sessions of ``requests`` as every call needs them: the source's proxy, and no credentials of elsewhere."""

from __future__ import annotations

from typing import Any

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
    session = requests.Session() if proxy is None else _Proxied(proxy)
    session.headers["User-Agent"] = "sanjeh"
    # Else a ~/.netrc entry of the host would replace the credentials.
    session.auth = lambda request: request
    return session


class _Proxied(requests.Session):
    """A session whose own proxy goes before ``HTTPS_PROXY``; requests has it the other way round."""

    def __init__(self, proxy: str) -> None:
        super().__init__()
        self._own = {"http": proxy, "https": proxy}

    def merge_environment_settings(self, url: Any, proxies: Any, *settings: Any) -> Any:
        """Settings of a call; proxies that are named in it are left alone by requests."""
        return super().merge_environment_settings(url, proxies or dict(self._own), *settings)
