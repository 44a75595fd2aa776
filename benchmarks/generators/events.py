"""A GA4 BigQuery export of any size: one nested Parquet file a day, and what a right reckoning must give.

Usage: ``python -m benchmarks.generators.events FOLDER EVENTS [--days N] [--seed N]``. Out come
``FOLDER/analytics_1/events_YYYYMMDD.parquet`` and ``FOLDER/answers.json``. The same arguments give the same
rows. Visits are spread over days, devices, origins and pages as in ``examples/real``; moments, ids, durations
and tails of pages are drawn, so that nothing compresses better than it would in earnest.

The traps of a real export are in it: sessions over midnight, events of one moment, events sent twice, own
traffic, visitors without consent, purchases that are sent again, people who sign up twice, sessions without a
last click. The answers are reckoned from the visits, before any event is nested, repeated
    or left without ids.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.generators.real_shares import TENTHS, RealShares, read_shares, slots

FIRST_DAY = date(2026, 1, 1)
EVENTS_PER_SESSION = 8.0
"""Mean of the drawn sessions, about; it turns a number of events into one of sessions."""
_COUNTRIES = ("United States", "India", "Germany", "United Kingdom", "Brazil", "Iran", "Japan", "Canada")
_MANUAL_MEDIUM = {"google": "organic", "bing": "organic", "(direct)": "(none)"}
"""Sources whose sessions may come without a last click, and the medium that tells the same channel."""
_NIGHT_SECONDS = 3 * 3600
"""No session lasts longer: who comes earlier in the day leaves no event to the next one."""


@dataclass(frozen=True, kw_only=True)
class EventExport:
    """One export.

    Attributes:
        events: how many, about; exact repeats come on top.
        days: of the property, whose zone is UTC. first_day: the first of them.
        seed: another one gives other rows of the same kind.
    """

    events: int
    days: int = 90
    first_day: date = FIRST_DAY
    seed: int = 7

    @property
    def last_day(self) -> date:
        """The last day that has a table."""
        return self.first_day + timedelta(days=self.days - 1)

    def sessions_of(self, number: int, shares: RealShares) -> int:
        """How many sessions begin on day ``number`` (from 0)."""
        weights = [shares.days[each % len(shares.days)] for each in range(self.days)]
        return max(1, round(self.events / EVENTS_PER_SESSION * weights[number] / sum(weights)))


class EventGenerator:
    """Writes an export day by day; every draw is a hash of seed, session and purpose."""

    def __init__(self, export: EventExport, folder: Path) -> None:
        self.export = export
        self.folder = folder
        self.con = duckdb.connect(config={"memory_limit": "2GB", "threads": 2})
        self._shares = read_shares()
        self._people = max(10, round(export.events / EVENTS_PER_SESSION * 0.6))
        self._prepare()

    def path_of(self, day: date) -> Path:
        """File of a day's table."""
        return self.folder / "analytics_1" / f"events_{day:%Y%m%d}.parquet"

    def write(self, days: range | None = None) -> None:
        """Write the tables of days by number, all by default."""
        self.path_of(self.export.first_day).parent.mkdir(parents=True, exist_ok=True)
        for number in days if days is not None else range(self.export.days):
            day = self.export.first_day + timedelta(days=number)
            path = self.path_of(day)
            self.con.execute(
                f"copy ({_NESTED_SQL.format(events=self._events_sql(number), day=f'{day:%Y%m%d}')}) "
                f"to '{path}' (format parquet, compression zstd)"
            )

    def write_answers(self) -> dict[str, Any]:
        """Write ``answers.json`` and return it."""
        self._fill_visits()
        answers = {
            "events": self.export.events,
            "seed": self.export.seed,
            "days": self._answer(_DAYS_SQL),
            "channels": self._answer(_CHANNELS_SQL),
            "users": self._answer(_USERS_SQL),
            "purchases": self._answer(_PURCHASES_SQL),
            "sign_ups": self._answer(_SIGN_UPS_SQL),
        }
        self.con.execute("drop table visits")
        (self.folder / "answers.json").write_text(json.dumps(answers, indent=1), encoding="utf-8")
        return answers

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        found = self.con.execute(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, map(str, row), strict=True)) for row in found.fetchall()]

    def _prepare(self) -> None:
        """Tables to draw from, and the draw itself as a macro: 0 <= draw(session, purpose) < 1."""
        con, shares = self.con, self._shares
        con.execute(
            f"create macro draw(i, purpose) as "
            f"cast(hash(i, purpose, {self.export.seed}) >> 11 as double) / 9007199254740992"
        )
        origins = [
            (
                number,
                origin.source,
                origin.channel_group,
                _MANUAL_MEDIUM.get(origin.source),
                origin.channel_group.lower().replace(" ", "_").replace("-", "_"),
            )
            for number, origin in enumerate(shares.origins, start=1)
        ]
        con.execute(
            "create table origins (origin int, source text, channel_group text, manual text, channel text)"
        )
        con.executemany("insert into origins values (?, ?, ?, ?, ?)", origins)
        for name, values, weights in (
            ("devices", list(shares.devices), list(shares.devices.values())),
            ("hosts", [host for host, _ in shares.pages], list(shares.pages.values())),
            ("paths", [path for _, path in shares.pages], list(shares.pages.values())),
        ):
            listed = ", ".join(f"'{values[slot - 1]}'" for slot in slots(weights))
            con.execute(f"create macro {name}(u) as ([{listed}])[1 + cast(floor(u * {TENTHS}) as int)]")
        con.execute(
            "create macro param(name, words, whole, number) as {'key': name, 'value': {'string_value': "
            "cast(words as text), 'int_value': cast(whole as bigint), 'float_value': cast(null as double), "
            "'double_value': cast(number as double)}}"
        )
        listed = ", ".join(map(str, slots(list(shares.origins.values()))))
        con.execute(f"create macro origin_of(u) as ([{listed}])[1 + cast(floor(u * {TENTHS}) as int)]")

    def _sessions_sql(self, number: int, *, only_late: bool = False) -> str:
        """Sessions that begin on a day, one row each; ``only_late`` those that may reach the next day."""
        day = self.export.first_day + timedelta(days=number)
        base = sum(self.export.sessions_of(each, self._shares) for each in range(number))
        count = self.export.sessions_of(number, self._shares)
        late = f"where started_us >= {(86_400 - _NIGHT_SECONDS) * 1_000_000}" if only_late else ""
        return _SESSIONS_SQL.format(
            midnight=f"epoch_us(timestamp '{day}')",
            first=base,
            end=base + count,
            people=self._people,
            countries=", ".join(f"'{name}'" for name in _COUNTRIES),
            late=late,
        )

    def _events_sql(self, number: int, *, repeats: bool = True) -> str:
        """Events of a day, unnested: those of its own sessions and of the evening before."""
        sessions = self._sessions_sql(number)
        if number > 0:
            sessions += f" union all {self._sessions_sql(number - 1, only_late=True)}"
        day = self.export.first_day + timedelta(days=number)
        return _EVENTS_SQL.format(
            sessions=sessions,
            start=f"epoch_us(timestamp '{day}')",
            copies="case when hash(i, k, 'copies') % 1000 = 0 then 2 else 1 end" if repeats else "1",
        )

    def _fill_visits(self) -> None:
        """Table visits: what each session does on each day, in numbers."""
        self.con.execute("drop table if exists visits")
        for number in range(self.export.days):
            day = self.export.first_day + timedelta(days=number)
            select = _VISITS_SQL.format(events=self._events_sql(number, repeats=False), day=day)
            verb = "create table visits as" if number == 0 else "insert into visits"
            self.con.execute(f"{verb} {select}")


_SESSIONS_SQL = """
select
    i, {midnight} + started_us as started_us, person, pages, gap_us, is_engaged, is_active, is_own,
    has_consent, signs_up, shares, buys, pays_twice, revenue, origin, has_click, campaign, device, country,
    host, path, 1 + 3 * pages + signs_up::int + shares::int + buys::int + pays_twice::int as events
from (
    select
        i,
        cast(floor(draw(i, 'start') * 86400000000) as bigint) as started_us,
        cast(floor({people} * pow(draw(i, 'person'), 1.5)) as bigint) as person,
        least(30, 1 + cast(floor(ln(1 - draw(i, 'pages')) / ln(1 - 1 / 2.3)) as int)) as pages,
        3000000 + cast(60000000 * pow(draw(i, 'gap'), 2) as bigint) as gap_us,
        draw(i, 'engaged') > 0.45 as is_engaged,
        draw(i, 'active') < 0.9 as is_active,
        draw(i, 'own') < 0.005 as is_own,
        draw(i, 'consent') >= 0.04 as has_consent,
        draw(i, 'signs_up') < 0.01 as signs_up,
        draw(i, 'shares') < 0.03 as shares,
        draw(i, 'buys') < 0.015 as buys,
        draw(i, 'buys') < 0.0008 as pays_twice,
        cast(5 + floor(draw(i, 'revenue') * 20000) / 100 as decimal(18, 2)) as revenue,
        origin_of(draw(i, 'origin')) as origin,
        draw(i, 'click') < 0.85 as has_click,
        case when draw(i, 'campaign') < 0.08 then cast(floor(40 * draw(i, 'which')) as int) end as campaign,
        devices(draw(i, 'device')) as device,
        ([{countries}])[1 + cast(floor(8 * pow(draw(i, 'country'), 2)) as int)] as country,
        hosts(draw(i, 'page')) as host,
        case
            when draw(i, 'is_top') < 0.6 then paths(draw(i, 'page'))
            else '/missions/' || cast(floor(50000 * pow(draw(i, 'mission'), 3)) as int) || '/'
        end as path
    from (select unnest(range({first}, {end})) as i)
)
{late}
"""
"""One row a session. Whoever pays twice buys as well: the draw is the same."""

_EVENTS_SQL = """
select *
from (
    select
        s.*, o.source, o.channel_group, o.manual, o.channel, k,
        case
            when k = 0 then 'session_start'
            when k <= 3 * pages then (['page_view', 'scroll', 'user_engagement'])[1 + (k - 1) % 3]
            when k = 1 + 3 * pages and signs_up then 'sign_up'
            when k = 1 + 3 * pages + signs_up::int and shares then 'share'
            else 'purchase'
        end as event_name,
        started_us
        + case
            when k <= 1 then 0
            else (k - 1) * gap_us + cast(floor(draw(hash(i, k), 'jitter') * 900000) as bigint)
        end as moment_us,
        case when k > 0 then hash(i, k, 'msec') % 15000 end as engagement_msec,
        least(pages - 1, greatest(k - 1, 0) // 3) as page
    from (select *, unnest(range(events)) as k from ({sessions})) as s
    inner join origins as o using (origin)
)
cross join lateral (select unnest(range({copies})) as copy)
where moment_us >= {start} and moment_us < {start} + 86400000000
"""

_NESTED_SQL = """
with events as ({events}),
tagged as (
    select
        *,
        case
            when page = 0 then path
            else '/topics/' || cast(floor(200000 * pow(draw(hash(i, page), 'page'), 3)) as int) || '/'
        end as page_path,
        not has_click and manual is not null as lacks_click
    from events
)
select
    '{day}' as event_date,
    moment_us as event_timestamp,
    event_name,
    list_filter(
        [
            param('ga_session_id', null, case when has_consent then (i * 2246822519) % 4294967296 end, null),
            param('ga_session_number', null, case when has_consent then 1 + hash(person) % 8 end, null),
            param('page_location', 'https://' || host || page_path || '?v=' || (hash(i, page) % 1000000),
                null, null),
            param('page_title', 'Page ' || page_path, null, null),
            param('page_referrer', case when page > 0 then 'https://' || host || path end, null, null),
            param('session_engaged', case when is_engaged and k > 0 then '1' when k > 0 then '0' end, null,
                null),
            param('engagement_time_msec', null, engagement_msec, null),
            param('percent_scrolled', null, case when event_name = 'scroll' then 90 end, null),
            param('traffic_type', case when is_own then 'internal' end, null, null),
            param('value', null, null, case when event_name = 'purchase' then cast(revenue as double) end),
            param('currency', case when event_name = 'purchase' then 'USD' end, null, null)
        ],
        lambda p: p.value.string_value is not null or p.value.int_value is not null
            or p.value.double_value is not null
    ) as event_params,
    case when has_consent and person % 33 = 0 then 'member-' || person end as user_id,
    case
        when has_consent
        then ((person * 2654435761) % 4294967296) || '.' || (1690000000 + hash(person, 'first') % 10000000)
    end as user_pseudo_id,
    {{'analytics_storage': case when has_consent then 'Yes' else 'No' end,
        'ads_storage': 'Yes'}} as privacy_info,
    {{'category': device, 'language': 'en-us', 'web_info': {{'browser': 'Chrome',
        'hostname': host}}}} as device,
    {{'country': country, 'continent': 'Americas'}} as geo,
    {{
        'manual_source': case when lacks_click and k = 1 then source end,
        'manual_medium': case when lacks_click and k = 1 then manual end,
        'manual_campaign_name': null::text,
        'gclid': null::text
    }} as collected_traffic_source,
    has_consent and is_active as is_active_user,
    cast(started_us // 1000 + page * 1000 as bigint) as batch_page_id,
    cast(k as bigint) as batch_ordering_id,
    1::bigint as batch_event_index,
    '4242' as stream_id,
    'WEB' as platform,
    {{
        'transaction_id': case when event_name = 'purchase' then 'T' || i end,
        'purchase_revenue': case when event_name = 'purchase' then cast(revenue as double) end
    }} as ecommerce,
    {{
        'cross_channel_campaign': {{
            'source': case when not lacks_click then source end,
            'medium': case when not lacks_click then manual end,
            'campaign_name': case when not lacks_click and campaign is not null then 'launch ' || campaign
                end,
            'default_channel_group': case when not lacks_click then channel_group end
        }}
    }} as session_traffic_source_last_click
from tagged
"""

_VISITS_SQL = """
select
    i, person, date '{day}' as day, has_consent, is_engaged,
    has_consent and is_active as is_active, channel,
    bool_or(k = 0) as begins,
    count(*) filter (where event_name = 'page_view') as page_views,
    coalesce(sum(engagement_msec), 0) as msec,
    count(*) filter (where event_name = 'share') as shares,
    count(*) filter (where event_name = 'sign_up') as sign_ups,
    count(*) filter (where event_name = 'purchase') as purchases,
    any_value(revenue) as revenue
from ({events})
where not is_own
group by all
"""

_DAYS_SQL = """
select
    day,
    count(*) filter (where begins and has_consent) as sessions,
    count(*) filter (where begins and has_consent and is_engaged) as engaged_sessions,
    sum(page_views) as page_views,
    cast(sum(msec) / 1000 as decimal(18, 3)) as engagement_seconds,
    sum(shares) as site_shares
from visits
group by day
order by day
"""

_CHANNELS_SQL = """
select day, channel, count(*) as sessions from visits where begins and has_consent group by all order by all
"""

_USERS_SQL = """
select grain, cast(date_trunc(grain, day) as date) as period_start, count(distinct person) as active_users
from visits, (select unnest(['day', 'week', 'month', 'quarter']) as grain)
where is_active
group by all
order by all
"""

_PURCHASES_SQL = """
select day, count(*) as purchases, sum(revenue) as revenue
from (select i, min(day) as day, any_value(revenue) as revenue from visits where purchases > 0 group by i)
group by day
order by day
"""

_SIGN_UPS_SQL = """
select day, sum(people) as sign_ups
from (
    select day, count(*) as people
    from (select min(day) as day from visits where sign_ups > 0 and has_consent group by person)
    group by day
    union all
    select day, sum(sign_ups) as people from visits where not has_consent group by day
)
group by day
having sum(people) > 0
order by day
"""


def generate(export: EventExport, folder: Path) -> dict[str, Any]:
    """Write an export and its answers; returns the answers."""
    generator = EventGenerator(export, folder)
    generator.write()
    return generator.write_answers()


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("events", type=int)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=7)
    said = parser.parse_args()
    generate(EventExport(events=said.events, days=said.days, seed=said.seed), said.folder)


if __name__ == "__main__":
    main()
