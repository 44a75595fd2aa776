"""One broken rule: where it stands, what is written instead, and which parts of the suite are to notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One rule and how it is broken.

    Attributes:
        id: word for the command line.
        rule: what the project promises there, in one line.
        file: of the repository. before: text that occurs in it exactly once. after: what replaces it.
        models: those whose dbt unit tests are asked; None means the model that the file is.
        pytest: test files of Python code to ask first.
        properties: test files of ``tests/properties`` to ask.
    """

    id: str
    rule: str
    file: str
    before: str
    after: str
    models: tuple[str, ...] | None = None
    pytest: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()

    @property
    def unit_tested(self) -> tuple[str, ...]:
        """Models whose dbt unit tests are asked."""
        if self.models is not None:
            return self.models
        path = Path(self.file)
        return (path.stem,) if path.suffix == ".sql" and "models" in path.parts else ()

    @property
    def recompiled(self) -> tuple[str, ...]:
        """Models whose SQL changes; empty for all of them."""
        path = Path(self.file)
        return (path.stem,) if path.suffix == ".sql" and "models" in path.parts else ()

    def problem(self, root: Path) -> str | None:
        """Why the mutation no longer fits the file; None when it does."""
        path = root / self.file
        if not path.is_file():
            return f"{self.id}: out of date, there is no {self.file}"
        found = path.read_text(encoding="utf-8").count(self.before)
        if found != 1:
            return f"{self.id}: out of date, its text occurs {found} times in {self.file}: {self.before!r}"
        return None

    def apply(self, root: Path) -> str:
        """Break the rule in the copy at ``root``; returns the text of the file as it was."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(self.before, self.after), encoding="utf-8")
        return text
