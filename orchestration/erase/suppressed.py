"""The suppression list on disk: ``warehouse/suppressed.json``, hashes of the ids of everybody who was erased.

The hashes are made with the key for personal data, so the file alone names nobody. A list that was made with
another key suppresses nobody, so it is a :class:`WorkspaceError` and nothing lands.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable

from connectors.core.identity import IdKind
from connectors.core.storage import write_atomically
from connectors.core.suppression import HASH_LENGTH, Suppression
from orchestration.erase.tokens import Namespaces, Token, namespaces_of
from orchestration.errors import WorkspaceError
from orchestration.settings import Settings
from orchestration.workspace import Workspace

FORMAT_VERSION = 1


def read_suppression(workspace: Workspace, settings: Settings, *, fallback_key: str) -> Suppression:
    """Who must not land; nobody where there is no list.

    Args:
        workspace: where.
        settings: give the key, else the salt of customer keys.
        fallback_key: where neither is set: the workspace's own salt.

    Raises:
        WorkspaceError: the list is damaged, of a newer format, or made with another key.
    """
    key = _key(settings, fallback_key)
    namespaces = namespaces_of(settings).by_source
    nobody = Suppression(key=key, hashes=frozenset(), namespaces=namespaces)
    path = workspace.suppressed_file
    if not path.is_file():
        return nobody
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        version, check, hashes = data["format_version"], data["key_check"], frozenset(data["hashes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            f"The list of erased people {path} is damaged ({error}), so they could land again; nothing was "
            "landed. Restore it from a backup; or move it away and erase the same people again before the "
            "next run."
        ) from error
    if version > FORMAT_VERSION:
        raise WorkspaceError(
            f"The list of erased people {path} has format {version}; this program knows formats up to "
            f"{FORMAT_VERSION}. Update Sanjeh here. Nothing was changed."
        )
    if check != _check(key):
        raise WorkspaceError(
            f"The list of erased people {path} was made with another {settings.project.pii_key_env}, so it "
            "would let them land again; nothing was landed. Put that key back. If the key was changed on "
            "purpose, move the list away and erase the same people again before the next run."
        )
    return Suppression(key=key, hashes=hashes, namespaces=namespaces)


def suppress(
    workspace: Workspace, suppression: Suppression, brand: str, tokens: Iterable[Token], names: Namespaces
) -> None:
    """Add ids to the list, durably; ids of a namespace also under each source that has it now."""
    hashes = set(suppression.hashes)
    for token in tokens:
        scopes = {token.scope}
        if token.kind is IdKind.PERSON:
            scopes |= set(names.sources_of(token.scope))
        hashes |= {suppression.hash_of(brand, token.kind, scope, token.value) for scope in scopes}
    content = {
        "format_version": FORMAT_VERSION,
        "key_check": _check(suppression.key),
        "hashes": sorted(hashes),
    }
    write_atomically(workspace.suppressed_file, json.dumps(content, indent=1).encode())


def _key(settings: Settings, fallback_key: str) -> bytes:
    secret = settings.pii_key or settings.project.customer_salt or fallback_key
    return hmac.digest(secret.encode(), b"suppression", "sha256")


def _check(key: bytes) -> str:
    return hmac.digest(key, b"key check", "sha256").hex()[:HASH_LENGTH]
