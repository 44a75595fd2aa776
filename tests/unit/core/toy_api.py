"""The vendor of the toy connector: visits per day, users per period, contacts with notes, followers now.

Lists come in pages of :attr:`ToyApi.page_size`. A test changes the attributes between two landings as a
vendor's data would change, and ``extra`` and ``hidden`` as a vendor changes its API.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response

KEY = "toy-key-of-the-tests"
Record = dict[str, Any]

_FAULTS: dict[Fault, tuple[int, str]] = {
    Fault.THROTTLED: (429, "slow down"),
    Fault.QUOTA_EXHAUSTED: (403, "quota of the day"),
    Fault.SERVER_ERROR: (500, "out of order"),
    Fault.EXPIRED_TOKEN: (401, "token expired"),
    Fault.FORBIDDEN: (403, "no right"),
    Fault.ERROR_WITH_200: (200, "busy"),
}


class ToyApi(FakeApi):
    """A vendor on loopback.

    Attributes:
        keys: bearer tokens that are let in.
        visits: per day (ISO) and page.
        users: per ``<grain>/<first day>`` of a period.
        contacts: by id.
        followers: now, by account. audience: their followers' countries, by account.
        extra: properties that every record has besides. hidden: properties that none has any more.
        refuses_keys: every key is expired, the newest too.
        lists_as: name of the property that holds the records of a page.
    """

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.page_size = 2
        self.keys = {KEY}
        self.visits: dict[str, dict[str, object]] = {}
        self.users: dict[str, int] = {}
        self.contacts: dict[str, Record] = {}
        self.followers: dict[str, object] = {}
        self.audience: dict[str, dict[str, int]] = {}
        self.extra: Record = {}
        self.hidden: set[str] = set()
        self.refuses_keys = False
        self.lists_as = "rows"
        self._tokens = 0

    def day(self, day: str, **visits: object) -> None:
        """State the visits of ``day`` by page."""
        self.visits[day] = visits

    def contact(self, contact_id: str, updated_at: str, **properties: object) -> None:
        """State a contact; times are UTC without zone."""
        self.contacts[contact_id] = {
            "contact_id": contact_id,
            "email": f"{contact_id}@example.com",
            "points": 0,
            "created_at": "2026-10-05T08:00:00",
            "updated_at": updated_at,
            "notes": [],
            **properties,
        }

    def paths(self, name: str) -> list[str]:
        """Queries of the requests for ``/name`` so far, as ``key=value`` joined by blanks."""
        found = [seen for seen in self.seen if seen.path == f"/{name}"]
        return [" ".join(f"{key}={value}" for key, value in seen.query.items()) for seen in found]

    def answer(self, request: Request) -> Response:
        """The vendor's answer."""
        name, _, rest = request.path.strip("/").partition("/")
        asked = request.args
        match name:
            case "token":
                answer = self._token(request)
            case "status":
                headers = {"Retry-After": asked["wait"]} if "wait" in asked else {}
                answer = json_response({"error": asked.get("said", "")}, status=int(rest), headers=headers)
            case "echo":
                answer = json_response({"headers": dict(request.headers), "query": asked.to_dict()})
            case "moved":
                answer = Response(status=302, headers={"Location": asked.get("to", f"/{rest}")})
            case _ if self.refuses_keys or request.headers.get("Authorization", "")[7:] not in self.keys:
                answer = self.broken(Fault.EXPIRED_TOKEN, request)
            case _:
                answer = self._data(name, request)
        return answer

    def broken(self, fault: Fault, request: Request) -> Response:
        """An error in the toy's own form."""
        del request
        status, said = _FAULTS[fault]
        return json_response({"error": said}, status=status)

    def _data(self, name: str, request: Request) -> Response:
        match name:
            case "account":
                return json_response(self._shaped({"name": "toy shop", "timezone": "Asia/Tehran"}))
            case "visits":
                return self._page(request, self._visits(request))
            case "users":
                return json_response({"rows": self._users(request)})
            case "followers":
                return self._page(request, self._followers())
            case "contacts":
                return self._page(request, self._contacts(request))
            case _:
                raise NotFound

    def _token(self, request: Request) -> Response:
        self._tokens += 1
        token = f"token-number-{self._tokens}"
        self.keys = {token}
        return json_response({"access_token": token, "for": request.form.get("client_id")})

    def _visits(self, request: Request) -> list[Record]:
        return [
            {"date": day, "page": page, "visits": count, "cost": f"{len(page)}.5"}
            for day, pages in sorted(self.visits.items())
            if request.args["from"] <= day <= request.args["to"]
            for page, count in pages.items()
        ]

    def _users(self, request: Request) -> list[Record]:
        asked = request.args["periods"].split(",")
        return [
            self._shaped(
                {"grain": key.split("/")[0], "period_start": key.split("/")[1], "users": self.users[key]}
            )
            for key in asked
            if key in self.users
        ]

    def _followers(self) -> list[Record]:
        return [
            {"account": account, "followers": count, "audience": self.audience.get(account, {})}
            for account, count in self.followers.items()
        ]

    def _contacts(self, request: Request) -> list[Record]:
        since = request.args.get("since", "")
        return [each for _, each in sorted(self.contacts.items()) if str(each["updated_at"]) >= since]

    def _page(self, request: Request, records: Sequence[Record]) -> Response:
        start = int(request.args.get("after", "0"))
        end = start + self.page_size
        rows = [self._shaped(each) for each in records[start:end]]
        return json_response({self.lists_as: rows, "next": str(end) if end < len(records) else None})

    def _shaped(self, record: Record) -> Record:
        return {name: value for name, value in {**record, **self.extra}.items() if name not in self.hidden}


def days(first: str, counts: Iterable[int]) -> dict[str, dict[str, object]]:
    """Visits of consecutive days of one month from ``first``, all of the page ``a``."""
    month, day = first[:8], int(first[8:])
    return {f"{month}{day + offset:02d}": {"a": count} for offset, count in enumerate(counts)}
