"""Environments of foreign clients, each made once by uv below one folder."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).with_name("uv")


def environment(folder: Path, *requirements: str, file: Path | None = None) -> Path:
    """The ``bin`` of an environment with these packages; made anew when the requirements changed.

    Raises:
        AssertionError: they can't be installed.
    """
    wanted = "\n".join([*requirements, file.read_text(encoding="utf-8") if file else ""])
    stamp = folder / "requirements.sha256"
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest:
        shutil.rmtree(folder, ignore_errors=True)
        python = folder / "bin" / "python"
        packages = [*requirements, *(["--requirement", str(file)] if file else [])]
        _run("venv", "--quiet", "--python", sys.executable, str(folder))
        _run("pip", "install", "--quiet", "--python", str(python), *packages)
        stamp.write_text(digest, encoding="utf-8")
    return folder / "bin"


def _run(*words: str) -> None:
    done = subprocess.run([str(UV), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"uv {' '.join(words)}:\n{done.stderr}")
