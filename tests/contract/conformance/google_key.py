"""A service account's key in a file, for the cases of Google's APIs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fakes.google_auth import service_account_info


def write_key(folder: Path, token_uri: str) -> tuple[str, tuple[str, ...]]:
    """Write the key of an account whose tokens come from ``token_uri``; its path, and what is secret in it."""
    path = folder / "service-account.json"
    info = service_account_info(token_uri)
    path.write_text(json.dumps(info), encoding="utf-8")
    private_key = info["private_key"]
    return str(path), (private_key, *private_key.splitlines()[1:3])
