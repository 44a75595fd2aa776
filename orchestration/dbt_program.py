"""dbt as a run starts it: its own command line, over the project as it is parsed already.

``python -m orchestration.dbt_program build …`` does what ``dbt build …`` does and takes the same arguments.
``SANJEH_DBT_STATE`` names the ``partial_parse.msgpack`` of :mod:`orchestration.parsed_project`; without it,
or where it can't be read, dbt parses the project itself. Exit codes are dbt's: 1 a node failed, 2 dbt could
not do its work.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

STATE_VARIABLE = "SANJEH_DBT_STATE"


def main(arguments: list[str]) -> int:
    """Run dbt; the exit code."""
    # What dbt loads and makes lives as long as this process: the collector would walk it again and again.
    gc.disable()
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - a second of imports that only this process needs

    from orchestration.dbt_log import skip_unwritten  # noqa: PLC0415 - it needs them too

    manifest = _parsed(os.environ.get(STATE_VARIABLE))
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    gc.enable()
    result = dbtRunner(manifest=manifest, callbacks=[skip_unwritten]).invoke(arguments)
    if result.success:
        return 0
    if result.exception is None:
        return 1
    sys.stdout.write(f"{type(result.exception).__name__}: {result.exception}\n")
    return 2


def _parsed(state: str | None) -> Manifest | None:
    from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415
    from dbt.parser.manifest import extended_mashumuro_decoder  # noqa: PLC0415

    if not state:
        return None
    try:
        manifest: Manifest = Manifest.from_msgpack(
            Path(state).read_bytes(), decoder=extended_mashumuro_decoder
        )
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a cache, parsing mends it
        sys.stdout.write(f"{state} is not used, dbt parses the project: {type(error).__name__}: {error}\n")
        return None
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
