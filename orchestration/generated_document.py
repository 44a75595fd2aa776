"""Documents that are generated and kept in the repository: written where stale, or only checked."""

from __future__ import annotations

from pathlib import Path

import click


def keep(path: Path, text: str, *, check: bool, module: str, source: str) -> None:
    """Write ``text`` to ``path`` unless it stands there already.

    Args:
        path: the document.
        text: what it must say.
        check: write nothing.
        module: Python module that makes it, for the message.
        source: what it is made of, for the message.

    Raises:
        click.ClickException: ``check`` found it stale.
    """
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    if check:
        raise click.ClickException(
            f"{path.name} doesn't match {source}. Run `python -m {module}` and commit what it writes."
        )
    path.write_text(text, encoding="utf-8")
    click.echo(f"wrote {path.name}")
