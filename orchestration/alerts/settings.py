"""The key ``alerts:`` of ``sanjeh.yml``: who is told of what, in which language, over which channel.

The address of a channel is a secret: it stands in an environment variable, and no message here shows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from orchestration.yaml_source import YamlSource, closest

Language = Literal["en", "fa"]
Kind = Literal["final", "paced", "early", "data", "run"]
KINDS: tuple[Kind, ...] = ("final", "paced", "early", "data", "run")
NotifierName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Notifier(_Strict):
    """One channel.

    Attributes:
        url_env: variable that holds the channel's Apprise URL.
        brands: brands it hears of; None is all.
        kinds: what it hears of; default is everything, but failed runs only where it hears of all brands.
        language: default is that of :class:`AlertSettings`.
    """

    url_env: str
    brands: tuple[str, ...] | None = None
    kinds: tuple[Kind, ...] | None = Field(default=None, min_length=1)
    language: Language | None = None

    def hears_of(self, kind: str, brand_id: str | None) -> bool:
        """Whether something of ``kind`` about a brand (None: about the workspace) is for this channel."""
        is_default = kind != "run" or self.brands is None
        is_wanted = is_default if self.kinds is None else kind in self.kinds
        return is_wanted and (brand_id is None or self.brands is None or brand_id in self.brands)

    def url(self) -> str | None:
        """The channel's address; None where its variable isn't set."""
        return os.environ.get(self.url_env, "").strip() or None


class AlertSettings(_Strict):
    """Everything under ``alerts:``.

    Attributes:
        language: of notifiers that name none.
        hysteresis: relative; how far past its target a value that still moves has to be to be back on it.
        notifiers: by name.
    """

    language: Language = "en"
    hysteresis: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.02
    notifiers: dict[NotifierName, Notifier] = Field(default_factory=dict)

    def language_of(self, notifier: Notifier) -> Language:
        """Language of a channel's messages."""
        return notifier.language or self.language

    def channels_for(self, kind: str, brand_id: str | None) -> tuple[str, ...]:
        """Names of the notifiers that hear of it."""
        return tuple(name for name, each in self.notifiers.items() if each.hears_of(kind, brand_id))


def alert_findings(settings: AlertSettings, source: YamlSource, *, brands: Collection[str]) -> Iterator[str]:
    """What is wrong with ``alerts:`` beyond its shape, as ``file:line (key): message``."""
    for name, notifier in settings.notifiers.items():
        at = ("alerts", "notifiers", name)
        if not _VARIABLE.fullmatch(notifier.url_env):
            yield source.finding(
                (*at, "url_env"),
                "this is no name of an environment variable. Write a name such as SANJEH_ALERTS_URL here, "
                "and the channel's address into the file .env of the workspace, under that name. An address "
                "that stood here is a secret no more: have the service make another.",
            )
        for position, brand in enumerate(notifier.brands or ()):
            if brand not in brands:
                yield source.finding(
                    (*at, "brands", position), f"there is no brand {brand!r}. {closest(brand, brands)}"
                )
