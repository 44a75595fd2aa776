"""What the engine of the build may use: memory, threads, and where it puts what doesn't fit into memory.

``engine:`` of ``sanjeh.yml`` says it for a workspace; a variable of the environment (``SANJEH_MEMORY_LIMIT``,
``SANJEH_THREADS``) says it for one machine or run and wins. None of it changes a number.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from orchestration.workspace import Workspace

MEMORY_VARIABLE = "SANJEH_MEMORY_LIMIT"
THREADS_VARIABLE = "SANJEH_THREADS"
TEMP_VARIABLE = "SANJEH_TEMP_DIR"
Size = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(\.[0-9]+)?\s?(MB|GB|TB|MiB|GiB|TiB)$")]


class EngineSettings(BaseModel):
    """``engine:`` of ``sanjeh.yml``.

    Attributes:
        memory_limit: of the engine, as ``3GB``; the process takes up to a gigabyte more.
        threads: of the engine, and how many models are built side by side.
        temp_directory: for what doesn't fit into memory, absolute or relative to the workspace.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    memory_limit: Size | None = None
    threads: int | None = Field(default=None, ge=1, le=256)
    temp_directory: Path | None = None


def enter_engine_limits(settings: EngineSettings, workspace: Workspace) -> None:
    """Set in this process what ``profiles.yml`` reads; variables that are set already stay."""
    said = {MEMORY_VARIABLE: settings.memory_limit, THREADS_VARIABLE: settings.threads}
    for name, value in said.items():
        if value is not None and not os.environ.get(name, "").strip():
            os.environ[name] = str(value)
    if settings.temp_directory is not None:
        os.environ[TEMP_VARIABLE] = str(workspace.root / settings.temp_directory)
