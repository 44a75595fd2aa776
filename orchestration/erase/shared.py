"""The suppression list of a raw zone on object storage: all workspaces of the zone keep the same people out.

The list in the bucket and that of the workspace are united at the start of each run and by each erasure; it
only ever grows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connectors.core.object_store import ObjectStore
from connectors.core.storage import write_atomically
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace

KEY = "suppressed.json"


def share_suppressed(workspace: Workspace, store: ObjectStore) -> bool:
    """Unite the two lists; whether the workspace's has changed.

    Raises:
        RawZoneError: the bucket can't be read or written.
        WorkspaceError: one of the lists is damaged, or they were made with different keys.
    """
    path = workspace.suppressed_file
    here = path.read_bytes() if path.is_file() else None
    found = store.get(KEY)
    there, etag = found if found is not None else (None, None)
    if here == there:
        return False
    if here is not None and there is not None:
        wanted = _united(_parsed(here, str(path)), _parsed(there, store.url(KEY)), store.url(KEY))
    else:
        wanted = here or there or b""
    if wanted != here:
        write_atomically(path, wanted)
    if wanted != there:
        store.put(KEY, wanted, expected=etag)
    return wanted != here


def _united(here: Mapping[str, Any], there: Mapping[str, Any], url: str) -> bytes:
    for name in ("format_version", "key_check"):
        if here[name] != there[name]:
            raise WorkspaceError(
                f"The list of erased people {url} and this workspace's were made with different keys for "
                "personal data or by different versions of Sanjeh, so one of them would let people land "
                "again; nothing was landed. Workspaces of one raw zone need the same key: put it right in "
                ".env. If this workspace erased nobody, move its warehouse/suppressed.json away."
            )
    hashes = sorted({*here["hashes"], *there["hashes"]})
    return json.dumps({**there, "hashes": hashes}, indent=1).encode()


def _parsed(content: bytes, where: str) -> Mapping[str, Any]:
    try:
        data = json.loads(content)
        return {name: data[name] for name in ("format_version", "key_check", "hashes")}
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            f"The list of erased people {where} is damaged ({error}), so they could land again; nothing was "
            "landed. Restore it from a backup, or take the other list of the two for it."
        ) from error
