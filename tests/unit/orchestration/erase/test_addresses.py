"""The file of addresses: what counts, what is named as wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.erase.addresses import Address, read_addresses
from orchestration.errors import SettingsError


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "who.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_addresses_are_normalised_as_at_landing_and_count_once(tmp_path: Path) -> None:
    text = "\ufeff# by letter\n\n  Ann@Example.COM \nann@example.com\n\tbob@example.org\n"
    assert read_addresses(_file(tmp_path, text)) == (
        Address(3, "ann@example.com"),
        Address(5, "bob@example.org"),
    )


def test_role_addresses_are_told(tmp_path: Path) -> None:
    info, ann = read_addresses(_file(tmp_path, "info@example.com\nann@example.com"))
    assert (info.is_role, ann.is_role) == (True, False)


def test_every_wrong_line_is_named(tmp_path: Path) -> None:
    text = "ann@example.com\nann\na@b.example,c@d.example\nAnn <ann@example.com>\n@example.com\nx@y"
    with pytest.raises(SettingsError) as error:
        read_addresses(_file(tmp_path, text))
    message = str(error.value)
    for said in ("line 2 ('ann')", "line 3", "line 4", "line 5", "line 6", "Nothing was changed"):
        assert said in message
    assert "line 1" not in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("# nobody\n\n", "holds no address"),
        (b"ann@example.com\n\xff\xfe", "is no UTF-8 text (byte 16)"),
    ],
)
def test_a_file_without_addresses_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(SettingsError, match="Nothing was changed") as error:
        read_addresses(_file(tmp_path, content))
    assert said in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.txt can't be read: No such file"):
        read_addresses(tmp_path / "absent.txt")
