"""Keys of a Plausible source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import Address, ApiConfig


class Config(ApiConfig):
    """One site of Plausible. Its days are those of the site's own zone: name it with ``timezone``.

    Attributes:
        site_id: the site's domain as Plausible writes it.
        key_env: variable with a key of the Stats API.
        base_url: scheme and host; of one's own server where there is one.
        page_size: rows of a page.
        calls_per_hour: allowance of the key; a server of one's own may have another.
        imports: ask for imported statistics as well; they are left out of what they can't answer.
        channels: ask for Plausible's channels; older servers of one's own don't know them.
    """

    connector: Literal["plausible"]
    site_id: Annotated[str, Field(pattern=r"^[^\s/:]+(/[^\s:]*)?$")]
    key_env: str
    base_url: Address = "https://plausible.io"
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    calls_per_hour: Annotated[int, Field(ge=1, le=1_000_000)] = 600
    imports: bool = False
    channels: bool = True
