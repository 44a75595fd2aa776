"""Calls of the Plausible Stats API v2: one question, ``POST /api/v2/query``, about one site.

Facts: plausible.io/docs/stats-api and the behaviour of the server's public source: 600 calls an hour and key,
pages by offset with ``total_rows``, errors as ``{"error": "…"}``, days of the site's own zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.errors import PageDriftError, SchemaError
from connectors.core.http import Answer, Http, judge_status, retry_after
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete
from connectors.core.window import DateWindow
from connectors.plausible.config import Config

_QUERY = "/api/v2/query"
_HOUR = 3600
_HOUR_WAIT = 720.0
"""The limit counts an hour and nothing says when it ends: six tries this far apart outlast it."""
_FIRST_ERROR, _SERVER_ERROR, _THROTTLED = 400, 500, 429
_AT_ONCE = 2

Json = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """A page of an answer.

    Attributes:
        dimensions: values of each row, in the order asked.
        metrics: numbers of each row, in the order asked.
        has_imports: imported statistics are in; None where they weren't asked for.
        left_out: why imported statistics can't be in; None where there is nothing to leave out.
    """

    dimensions: Sequence[Sequence[str]]
    metrics: Sequence[Sequence[object]]
    has_imports: bool | None
    left_out: str | None


def judge(answer: Answer) -> CallError | None:
    """Plausible's words; an error may come with status 200."""
    body = answer.json
    if not isinstance(body, dict):
        return judge_status(Answer(status=answer.status, headers=answer.headers, json=None, text=answer.text))
    if "error" not in body:
        return judge_status(answer)
    status = answer.status if answer.status >= _FIRST_ERROR else _SERVER_ERROR
    said = str(body["error"])
    if status == _THROTTLED:
        wait = retry_after(answer.headers)
        return CallError(Kind.THROTTLED, said, wait=_HOUR_WAIT if wait is None else wait)
    return judge_status(Answer(status=status, headers=answer.headers, json=body, text=said))


class PlausibleClient:
    """Asks one site."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        key = secret_of(config.key_env, source_id=context.source_id)
        rate = Rate(calls=config.calls_per_hour, seconds=_HOUR, concurrent=_AT_ONCE)
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"plausible:{config.base_url}:{key}", rate),
            auth=BearerKey(key),
            judge=judge,
        )
        self._account: Account | None = None

    def account(self) -> Account:
        """The site, by a short question about yesterday, whose answer tells when the site's days begin."""
        if self._account is None:
            zone = self.config.timezone or self.context.brand.timezone
            day = self.context.now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
            body = self._ask(DateWindow.inclusive(day, day), ("visitors",), what="the site")
            self._account = Account(
                identity=f"Plausible site {self.config.site_id} at {urlsplit(self.config.base_url).hostname}",
                permission="reads statistics",
                quota=f"{self.config.calls_per_hour:,} calls an hour, those of other programs included",
                notes=tuple(_zone_notes(body, day, zone)),
            )
        return self._account

    def rows(
        self,
        window: DateWindow,
        metrics: Sequence[str],
        dimensions: Sequence[str] = (),
        *,
        order: Sequence[str] = (),
        what: str,
    ) -> Iterator[Rows]:
        """Pages of an answer, as many rows as it counts itself.

        Args:
            window: days of the site.
            metrics: in Plausible's words.
            dimensions: in Plausible's words.
            order: dimensions to order by; without, Plausible's own order, which may leave rows level.
            what: for errors.

        Raises:
            PageDriftError: another number of rows was counted on the way.
            IncompleteError: pages end before the answer does.
            SchemaError: rows aren't what was asked for.
        """
        where = f"Source {self.context.source_id}, {what}"
        totals: list[int] = []

        def fetch(token: str | None) -> Page[Rows]:
            offset = int(token or 0)
            body = self._ask(window, metrics, dimensions, order=order, offset=offset, what=what)
            page = self._page(body, len(dimensions), len(metrics), where)
            total = body["meta"]["total_rows"]
            totals.append(total)
            if total != totals[0]:
                raise PageDriftError(
                    f"{where}: {totals[0]:,} rows were counted, then {total:,}, so rows moved between pages "
                    "while they were read. Nothing of this window was stored; run again."
                )
            reached = offset + len(page.metrics)
            if reached > total or (not page.metrics and reached < total):
                raise incomplete(where, f"{reached:,} of {total:,} rows came.")
            return Page(page, str(reached) if reached < total else None)

        return pages(fetch, what=where)

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _ask(
        self,
        window: DateWindow,
        metrics: Sequence[str],
        dimensions: Sequence[str] = (),
        *,
        order: Sequence[str] = (),
        offset: int = 0,
        what: str,
    ) -> Json:
        include: Json = {"total_rows": True, **({"imports": True} if self.config.imports else {})}
        body: Json = {
            "site_id": self.config.site_id,
            "metrics": list(metrics),
            "date_range": [str(window.start), str(window.last)],
            "dimensions": list(dimensions),
            "include": include,
            "pagination": {"limit": self.config.page_size, "offset": offset},
        }
        if order:
            body["order_by"] = [[name, "asc"] for name in order]
        return dict(self._http.call("POST", _QUERY, json=body, what=what).json)

    def _page(self, body: Json, dimensions: int, metrics: int, where: str) -> Rows:
        """The rows of an answer, each as long as was asked for."""
        rows, meta = body.get("results"), body.get("meta")
        if not (
            isinstance(rows, list)
            and isinstance(meta, dict)
            and isinstance(meta.get("total_rows"), int)
            and all(_has(row, "dimensions", dimensions) and _has(row, "metrics", metrics) for row in rows)
        ):
            raise SchemaError(
                f"{where}: the answer lacks results, what was asked for of each, or total_rows, so it can't "
                "be read or proven whole. Nothing was stored. A server of one's own may be too old; else "
                "report it with this message."
            )
        has_imports = meta.get("imports_included") if self.config.imports else None
        return Rows(
            dimensions=[row["dimensions"] for row in rows],
            metrics=[row["metrics"] for row in rows],
            has_imports=has_imports,
            left_out=meta.get("imports_warning") if has_imports is False else None,
        )


def _has(row: object, name: str, count: int) -> bool:
    return isinstance(row, dict) and isinstance(row.get(name), list) and len(row[name]) == count


def _zone_notes(body: Json, day: date, zone: str) -> Iterator[str]:
    """What is odd of the zone: the answer repeats the question, days as moments with the site's offset."""
    asked = body.get("query")
    told = asked.get("date_range") if isinstance(asked, dict) else None
    try:
        begin = datetime.fromisoformat(told[0]) if told else None
    except (TypeError, ValueError):
        return
    expected = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    if begin is not None and begin.tzinfo is not None and begin.utcoffset() != expected.utcoffset():
        yield (
            f"the site's days begin at {begin:%H:%M %z}, those of {zone} at {expected:%H:%M %z}: set "
            "timezone to the zone in the site's settings"
        )


def connect(config: Config, context: Context) -> PlausibleClient:
    """The client; nothing is called yet."""
    return PlausibleClient(config, context)
