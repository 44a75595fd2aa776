"""The file of addresses to erase: one a line; blank lines and lines that begin with ``#`` say nothing.

Addresses are normalised as a landing does it. Everything that is wrong is a :class:`SettingsError` that names
each line, so that nobody is left out by a typing error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.core.pii import ROLE_WORDS, normalise
from connectors.core.stream import Personal
from orchestration.errors import SettingsError

_ADDRESS = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+")
_SHOWN = 10


@dataclass(frozen=True)
class Address:
    """One address: its line in the file, from 1, and its normalised text."""

    line: int
    text: str

    @property
    def is_role(self) -> bool:
        """Whether many people may write from it, as from info@."""
        return self.text.rpartition("@")[0] in ROLE_WORDS


def read_addresses(path: Path) -> tuple[Address, ...]:
    """Each address of ``path`` once, in order.

    Raises:
        SettingsError: the file can't be read, holds no address, or lines that are none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(
            f"--email-file {path} can't be read: {error.strerror}. Name a text file with one address a line. "
            "Nothing was changed."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"--email-file {path} is no UTF-8 text (byte {error.start}). Save it as UTF-8, one address a "
            "line. Nothing was changed."
        ) from error
    addresses: dict[str, Address] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        address = normalise(line, Personal.EMAIL)
        if _ADDRESS.fullmatch(address):
            addresses.setdefault(address, Address(number, address))
        else:
            wrong.append(f"line {number} ({line.strip()[:60]!r})")
    if wrong:
        raise SettingsError(
            f"--email-file {path}: {_listed(wrong)} {'is' if len(wrong) == 1 else 'are'} no e-mail address. "
            "Write one address a line, without names or commas; lines that begin with # are comments. "
            "Nothing was changed."
        )
    if not addresses:
        raise SettingsError(f"--email-file {path} holds no address. Write one a line. Nothing was changed.")
    return tuple(addresses.values())


def _listed(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
