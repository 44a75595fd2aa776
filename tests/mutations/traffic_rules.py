"""Broken rules of web traffic, event sessions, search and channels."""

from tests.mutations.mutation import Mutation

_INTERMEDIATE = "dbt_project/models/intermediate"
_EVENTS = f"{_INTERMEDIATE}/events"

MUTATIONS = (
    Mutation(
        id="unreconciled-dropped",
        rule="What a breakdown misses of its total is a segment of its own",
        file=f"{_INTERMEDIATE}/web/int_web_traffic_daily.sql",
        before="coalesce({{ measure }}, 0) <> 0",
        after="coalesce({{ measure }}, 0) > 1000000000",
        properties=("web_search",),
    ),
    Mutation(
        id="users-added",
        rule="Active users of a period are counted once, not per day",
        file=f"{_EVENTS}/int_event_users.sql",
        before="count(distinct active_days.user_pseudo_id) as active_users",
        after="count(active_days.user_pseudo_id) as active_users",
        properties=("events",),
    ),
    Mutation(
        id="users-of-two-properties-added",
        rule="Users of two properties are never added",
        file=f"{_INTERMEDIATE}/web/int_measures_periodic__web.sql",
        before="having count(*) = 1",
        after="having count(*) >= 1",
        properties=("web_search",),
    ),
    Mutation(
        id="exclusions-ignored",
        rule="A query with an excluded term does not name the brand",
        file=f"{_INTERMEDIATE}/search/int_search_brand_queries.sql",
        before="""max(case when not terms.is_excluded then 1 else 0 end) = 1
            and max(case when terms.is_excluded then 1 else 0 end) = 0 as is_branded""",
        after="max(case when not terms.is_excluded then 1 else 0 end) = 1 as is_branded",
        properties=("web_search",),
    ),
    Mutation(
        id="queries-not-folded",
        rule="Brand terms are matched without case, accents and letter variants",
        file=f"{_INTERMEDIATE}/search/int_search_brand_queries.sql",
        before='{{ fold_text("segment") }} as folded_query',
        after="segment as folded_query",
        properties=("web_search",),
    ),
    Mutation(
        id="returning-users-added",
        rule="Who comes back on a day is one user of it",
        file=f"{_EVENTS}/int_event_traffic_daily.sql",
        before="having count(*) > 1",
        after="having count(*) > 1000000",
        properties=("events",),
    ),
    Mutation(
        id="views-on-the-first-day",
        rule="Views of a session over midnight count on the day they happen",
        file=f"{_EVENTS}/int_event_traffic_daily.sql",
        before="case when parts = 1 then page_views else 0 end as page_views",
        after="page_views",
        properties=("events",),
    ),
    Mutation(
        id="session-on-its-last-day",
        rule="A session that crosses midnight counts on its first day",
        file=f"{_EVENTS}/int_event_sessions.sql",
        before="min(event_date) as session_date",
        after="max(event_date) as session_date",
        properties=("events",),
    ),
    Mutation(
        id="session-cut-at-midnight",
        rule="A session stays one over midnight",
        file=f"{_EVENTS}/int_event_session_days.sql",
        before='then {{ hash_key(["source_id", "user_pseudo_id", "session_id"]) }}',
        after='then {{ hash_key(["source_id", "user_pseudo_id", "session_id", "event_date"]) }}',
        properties=("events",),
    ),
    Mutation(
        id="repeats-counted",
        rule="Events that are equal in every column count once",
        file="dbt_project/macros/events.sql",
        before="where repeats.line_number is null",
        after="where true",
        models=("int_event_session_days", "int_event_actions"),
        properties=("events",),
    ),
    Mutation(
        id="developers-counted",
        rule="Traffic of developers and staff is left out",
        file="dbt_project/macros/events.sql",
        before="not in ('internal', 'developer')",
        after="not in ('internal')",
        models=("int_event_session_days", "int_event_actions"),
        properties=("events",),
    ),
    Mutation(
        id="engaged-in-one-spelling",
        rule="session_engaged is 1 or true",
        file="dbt_project/models/staging/ga4_events/stg_ga4_events__events.sql",
        before="session_engaged in ('1', 'true') as is_session_engaged",
        after="session_engaged in ('1') as is_session_engaged",
        properties=("events",),
    ),
    Mutation(
        id="every-sign-up-counts",
        rule="A person signs up once, on the first day",
        file=f"{_EVENTS}/int_measures_daily__events.sql",
        before="where sign_up_number = 1 or person is null",
        after="where true",
        properties=("events",),
    ),
    Mutation(
        id="submits-counted-twice",
        rule="A form counts a person once a day",
        file=f"{_INTERMEDIATE}/forms/int_form_submissions.sql",
        before="""            and row_number() over (
                partition by
                    source_id,
                    form_id,
                    submitted_date,
                    is_test,
                    coalesce(customer_key, submission_key)
                order by submitted_at asc nulls last, submission_key asc nulls last
            )
            = 1 as counts_as_submission""",
        after="            and true as counts_as_submission",
    ),
)
