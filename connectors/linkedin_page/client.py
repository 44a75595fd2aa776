"""Calls of LinkedIn's versioned REST API: size of a page's network, gains, posts and their statistics.

Facts: learn.microsoft.com/linkedin (organization follower and share statistics, network sizes, posts): every
call bears a version and the protocol; parentheses of parameters stay as they are, what is inside is encoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.errors import PageDriftError
from connectors.core.http import Http
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import incomplete
from connectors.core.window import DateWindow
from connectors.linkedin.restli import headers_of, judge
from connectors.linkedin_page.config import Config

_RATE = Rate(calls=10, seconds=1)
_SHARE, _UGC = "urn:li:share:", "urn:li:ugcPost:"

Record = dict[str, Any]


class LinkedInClient:
    """Asks as one administrator."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        token = secret_of(config.token_env, source_id=context.source_id)
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"linkedin:{token}", _RATE),
            auth=BearerKey(token),
            judge=judge,
        )
        self._account: Account | None = None

    def account(self) -> Account:
        """The pages and their followers; a day of gains of each, since sizes are shown to others as well."""
        if self._account is None:
            day = self.newest_day(self.context.now.date())
            for each in self.config.organizations:
                self.gains(each, DateWindow.inclusive(day, day))
            sizes = [f"{each} ({self.followers(each):,} followers)" for each in self.config.organizations]
            self._account = Account(
                identity=f"LinkedIn page {', '.join(sizes)}",
                permission=f"reads as administrator, version {self.config.api_version}",
                notes=("access tokens live 60 days: make a new one in time",),
            )
        return self._account

    def newest_day(self, today: date) -> date:
        """The newest day whose gains are there for certain."""
        return today - timedelta(days=self.config.newest_after_days)

    def followers(self, organization: int) -> int:
        """How many follow a page."""
        path = f"/rest/networkSizes/{quote(_urn(organization), safe='')}"
        answer = self._call(
            path, {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"}, f"followers of page {organization}"
        )
        size: int = answer["firstDegreeSize"]
        return size

    def gains(self, organization: int, window: DateWindow) -> list[Record]:
        """One element per day of ``window``, UTC."""
        start, end = (
            int(datetime.combine(day, time(), tzinfo=UTC).timestamp() * 1000)
            for day in (window.start, window.end)
        )
        what = f"gains of page {organization}, {window}"
        answer = self._call(
            "/rest/organizationalEntityFollowerStatistics",
            {
                "q": "organizationalEntity",
                "organizationalEntity": quote(_urn(organization), safe=""),
                "timeIntervals": f"(timeRange:(start:{start},end:{end}),timeGranularityType:DAY)",
            },
            what,
        )
        if _has_next(answer):
            raise incomplete(
                f"Source {self.context.source_id}, {what}",
                "There is a next page, which is new for this report.",
            )
        return list(answer["elements"])

    def posts(self, organization: int) -> Iterator[list[Record]]:
        """Pages of a page's posts, newest first.

        Each begins with the last post of the one before, which shows whether the list stood still.

        Raises:
            PageDriftError: it didn't.
        """
        what, size = f"posts of page {organization}", self.config.page_size
        before: str | None = None

        def fetch(token: str | None) -> Page[list[Record]]:
            nonlocal before
            start = int(token or 0)
            params = {
                "q": "author",
                "author": quote(_urn(organization), safe=""),
                "sortBy": "CREATED",
                "start": str(start),
                "count": str(size),
            }
            answer = self._call("/rest/posts", params, what, method="FINDER")
            found = list(answer["elements"])
            if before is not None and (not found or found[0]["id"] != before):
                raise PageDriftError(
                    f"Source {self.context.source_id}, {what}: posts moved between pages while they were "
                    "read, so that one came twice or not at all. Nothing of them was stored; run again."
                )
            new = found[1:] if before is not None else found
            before = found[-1]["id"] if found else None
            is_last = not found or (len(found) < size and not _has_next(answer))
            return Page(new, None if is_last else str(start + len(found) - 1))

        return pages(fetch, what=f"Source {self.context.source_id}, {what}")

    def statistics(self, organization: int, post_ids: Sequence[str]) -> dict[str, Record]:
        """Lifetime statistics by id of a post; one that LinkedIn tells nothing of is missing."""
        found: dict[str, Record] = {}
        for kind, name in ((_SHARE, "share"), (_UGC, "ugcPost")):
            asked = [each for each in post_ids if each.startswith(kind)]
            if not asked:
                continue
            params = {
                "q": "organizationalEntity",
                "organizationalEntity": quote(_urn(organization), safe=""),
                f"{name}s": f"List({','.join(quote(each, safe='') for each in asked)})",
            }
            what = f"statistics of {len(asked)} posts of page {organization}"
            answer = self._call("/rest/organizationalEntityShareStatistics", params, what)
            if _has_next(answer):
                raise incomplete(
                    f"Source {self.context.source_id}, {what}", "There is a next page, which is new here."
                )
            found |= {each[name]: each["totalShareStatistics"] for each in answer["elements"]}
        return found

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _call(self, path: str, params: Mapping[str, str], what: str, *, method: str | None = None) -> Record:
        """The answer; ``params`` are encoded already, since `requests` would encode parentheses."""
        query = "&".join(f"{name}={value}" for name, value in params.items())
        headers = {
            **headers_of(self.config.api_version),
            **({"X-RestLi-Method": method} if method else {}),
        }
        return dict(self._http.call("GET", f"{path}?{query}", headers=headers, what=what).json)


def _urn(organization: int) -> str:
    return f"urn:li:organization:{organization}"


def _has_next(answer: Mapping[str, Any]) -> bool:
    links = (answer.get("paging") or {}).get("links") or ()
    return any(link.get("rel") == "next" for link in links)


def connect(config: Config, context: Context) -> LinkedInClient:
    """The client; nothing is called yet."""
    return LinkedInClient(config, context)
