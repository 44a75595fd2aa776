"""Broken rules of leads, loyalty, e-mail, surveys and social networks."""

from tests.mutations.mutation import Mutation

_INTERMEDIATE = "dbt_project/models/intermediate"
_MARTS = "dbt_project/models/marts"

MUTATIONS = (
    Mutation(
        id="merge-ignored",
        rule="Merged contacts are one person",
        file=f"{_INTERMEDIATE}/crm/int_contacts_merged.sql",
        before="coalesce(merged_into, contact_id) as surviving_id",
        after="contact_id as surviving_id",
        properties=("crm",),
    ),
    Mutation(
        id="archived-dropped",
        rule="An archived contact stays counted for its date",
        file=f"{_MARTS}/fct_leads.sql",
        before="where not is_test",
        after="where not is_test and not is_archived",
        properties=("crm",),
    ),
    Mutation(
        id="reopened-counts-again",
        rule="A person is a lead on the first lead day",
        file=f"{_MARTS}/fct_leads.sql",
        before="min(lead_at) as lead_at",
        after="max(lead_at) as lead_at",
        properties=("crm",),
    ),
    Mutation(
        id="conversion-window-open",
        rule="A lead converts within 90 days, the 90th included",
        file=f"{_MARTS}/fct_leads.sql",
        before='{{ days_between("lead_date", "converted_date") }} <= 90, false',
        after='{{ days_between("lead_date", "converted_date") }} < 90, false',
        properties=("crm",),
    ),
    Mutation(
        id="buyers-counted-by-day",
        rule="A buyer counts once in a period, however many days they bought on",
        file=f"{_INTERMEDIATE}/loyalty/int_period_buyers.sql",
        before="        select distinct\n            activity_days.brand_id,",
        after="        select\n            activity_days.brand_id,",
        properties=("orders",),
    ),
    Mutation(
        id="fully-refunded-repeats",
        rule="A fully refunded order is no repeat purchase",
        file=f"{_INTERMEDIATE}/loyalty/int_customer_order_days.sql",
        before="            and not all_orders.is_fully_refunded\n",
        after="",
        properties=("orders",),
    ),
    Mutation(
        id="cohort-window-closed",
        rule="A new customer buys again in days 1 to 90",
        file=f"{_INTERMEDIATE}/loyalty/int_new_customers.sql",
        before="next_day_number - day_number <= 90",
        after="next_day_number - day_number < 90",
        properties=("orders",),
    ),
    Mutation(
        id="trailing-year-too-long",
        rule="The trailing year has 365 days",
        file=f"{_INTERMEDIATE}/loyalty/int_trailing_buyers_daily.sql",
        before="day_number + 366 as orders_gone",
        after="day_number + 367 as orders_gone",
        properties=("orders",),
    ),
    Mutation(
        id="machine-opens-from-one-side",
        rule="Machine opens leave both sides of the human open rate",
        file=f"{_INTERMEDIATE}/email/int_email_sends.sql",
        before="delivered_recipients - machine_only_recipients as human_base",
        after="delivered_recipients as human_base",
        properties=("email",),
    ),
    Mutation(
        id="unknown-machine-is-none",
        rule="Machine opens that nobody flagged are unknown, not 0",
        file=f"{_INTERMEDIATE}/email/int_email_sends.sql",
        before="case when send_date < date '2021-09-01' then 0 end",
        after="0",
        properties=("email",),
    ),
    Mutation(
        id="soft-bounces-delivered",
        rule="Delivered is sent less hard and soft bounces",
        file=f"{_INTERMEDIATE}/email/int_email_sends.sql",
        before="then coalesce(dated.hard_bounces, 0) + coalesce(dated.soft_bounces, 0)",
        after="then coalesce(dated.hard_bounces, 0)",
        properties=("email",),
    ),
    Mutation(
        id="test-sends-counted",
        rule="Test sends don't count",
        file=f"{_INTERMEDIATE}/email/int_measures_daily__email.sql",
        before="where not is_test",
        after="where true",
        properties=("email",),
    ),
    Mutation(
        id="all-answers-of-a-wave",
        rule="In a wave a person's latest answer counts",
        file=f"{_MARTS}/fct_survey_responses.sql",
        before="customer_key is null or wave is null or next_response_date is null",
        after="true",
        properties=("surveys",),
    ),
    Mutation(
        id="nps-window-too-long",
        rule="NPS looks at the 90 days that end with the period",
        file=f"{_INTERMEDIATE}/surveys/int_nps_trailing_daily.sql",
        before="""            least(
                {{ days_between("date '1970-01-01'", "response_date") }} + 91,
                coalesce(
                    {{ days_between("date '1970-01-01'", "replaced_date") }} + 1,
                    {{ days_between("date '1970-01-01'", "response_date") }} + 91
                )
            """,
        after="""            least(
                {{ days_between("date '1970-01-01'", "response_date") }} + 92,
                coalesce(
                    {{ days_between("date '1970-01-01'", "replaced_date") }} + 1,
                    {{ days_between("date '1970-01-01'", "response_date") }} + 92
                )
            """,
        properties=("surveys",),
    ),
    Mutation(
        id="passive-from-six",
        rule="Detractors score 0 to 6",
        file=f"{_MARTS}/fct_survey_responses.sql",
        before="when score >= 7",
        after="when score >= 6",
        properties=("surveys",),
    ),
    Mutation(
        id="followers-summed",
        rule="Followers are the last count, never a sum over days",
        file=f"{_INTERMEDIATE}/social/int_social_followers_by_period.sql",
        before="max_by(followers.followers, followers.follower_date) as newest_followers",
        after="sum(followers.followers) as newest_followers",
        properties=("social",),
    ),
    Mutation(
        id="followers-carried-eight-days",
        rule="A follower count holds for its day and at most seven more",
        file=f"{_INTERMEDIATE}/social/int_social_followers_by_period.sql",
        before="set carried_days = 7",
        after="set carried_days = 8",
        properties=("social",),
    ),
    Mutation(
        id="lifetime-counters-summed",
        rule="Shares are what a counter grew by, never the counter",
        file=f"{_INTERMEDIATE}/social/int_social_shares_daily.sql",
        before="sum(shares - coalesce(previous_shares, 0))",
        after="sum(shares)",
        properties=("social",),
    ),
)
