"""E-mail: restated sends, test sends and unknown counts, on the day of sending on both sides of each rate."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.email.streams import CAMPAIGNS
from tests.properties.drawn import PROFILE, DrawnBrand, brands, moments
from tests.properties.families import FIRST, LAST, Daily, build, window, world_of
from tests.properties.invariants import check_facts
from tests.properties.zone import MemoryZone

RATES = {
    "email_open_rate": ("email_unique_opens", "email_delivered"),
    "email_human_open_rate": ("email_human_opens", "email_human_base"),
    "email_click_rate": ("email_unique_clicks", "email_delivered"),
    "email_click_to_open_rate": ("email_unique_clicks", "email_unique_opens"),
    "email_human_click_to_open_rate": ("email_human_clicks", "email_human_opens"),
    "email_unsubscribe_rate": ("email_unsubscribes", "email_delivered"),
}


@st.composite
def sends(draw: st.DrawFn, brand: DrawnBrand) -> dict[str, Any]:
    sent = draw(st.integers(0, 500))
    part = lambda most: draw(st.integers(0, max(0, most)))  # noqa: E731
    hard, soft = part(sent // 2), part(sent // 3)
    delivered = sent - hard - soft
    opens = part(delivered)
    machine = part(opens)
    row: dict[str, Any] = {
        "sent_at": draw(moments(brand)),
        "list_name": draw(st.sampled_from([None, "Customers", "Internal test"])),
        "campaign_name": draw(st.sampled_from([None, " ", "News"])),
        "utm_campaign": draw(st.sampled_from([None, "spring", "autumn"])),
        "is_test": draw(st.sampled_from([None, False, True])),
        "sent": sent,
        "unique_opens": opens,
        "unique_clicks": part(delivered),
        "unsubscribes": part(delivered),
    }
    bounces = draw(st.sampled_from(["split", "sum", "both", "delivered only", "unknown"]))
    if bounces in {"split", "both"}:
        row |= {"hard_bounces": hard, "soft_bounces": soft or None}
    if bounces in {"sum", "both"}:
        row |= {"bounces": hard + soft if bounces == "sum" else hard}
    if bounces in {"delivered only", "both"}:
        row |= {"delivered": delivered}
    human = draw(st.sampled_from(["machine", "human", "unknown", "unknown"]))
    if human == "machine":
        row |= {"machine_only_opens": machine}
    if human == "human":
        row |= {"human_unique_opens": opens - machine}
    missing = draw(st.sampled_from([None, None, None, "unique_clicks", "unique_opens", "unsubscribes"]))
    if missing:
        row.pop(missing)
    return row


def reckon(rows: list[dict[str, Any]], brand: DrawnBrand) -> Daily:
    daily = Daily()
    for row in rows:
        if row["is_test"] or "test" in (row["list_name"] or "").lower():
            continue
        day = brand.day(row["sent_at"])
        campaign = row["utm_campaign"] or (row["campaign_name"] or "").strip() or "(not set)"
        opens, clicks = row.get("unique_opens"), row.get("unique_clicks")
        bounces = row.get("bounces")
        if "hard_bounces" in row:
            bounces = row["hard_bounces"] + (row["soft_bounces"] or 0)
        delivered = row.get("delivered", None if bounces is None else row["sent"] - bounces)
        human, machine = row.get("human_unique_opens"), row.get("machine_only_opens")
        if opens is not None and human is not None:
            machine = opens - human
        elif opens is not None and machine is not None:
            human = opens - machine
        is_human_known = human is not None and machine is not None and delivered is not None
        for segment in (("overall", "all"), ("campaign", campaign)):
            daily.add("email_delivered", segment, day, delivered)
            daily.add("email_unique_opens", segment, day, opens)
            daily.add("email_unique_clicks", segment, day, clicks)
            daily.add("email_unsubscribes", segment, day, row.get("unsubscribes"))
            if is_human_known:
                daily.add("email_human_opens", segment, day, human)
                daily.add("email_human_base", segment, day, delivered - machine)
                daily.add("email_human_clicks", segment, day, clicks)
    return daily


@PROFILE
@given(st.data())
def test_rates_are_their_counts_by_day_of_sending(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST))
    drawn = data.draw(st.lists(st.tuples(st.sampled_from("abcdef"), sends(brand), st.booleans()), max_size=8))
    zone = MemoryZone(brands={"mail": "acme"}, shuffled=2)
    zone.land(CAMPAIGNS, "mail", "covered", [], load_id=1, window=window(brand))
    standing: dict[str, dict[str, Any]] = {}
    for load_id, (campaign_id, row, is_erased) in enumerate(drawn, start=1):
        landed = {**row, "campaign_id": campaign_id, "_is_deleted": is_erased}
        zone.land(CAMPAIGNS, "mail", f"{load_id}.csv", [landed], load_id=load_id)
        standing.pop(campaign_id, None)
        if not is_erased:
            standing[campaign_id] = row
    world = world_of("email")
    source = {"connector": "email_campaigns_file", "path": "m.csv", "test_patterns": {"list_name": "%test%"}}
    build(world, brand, zone, {"mail": source})
    check_facts(world, reconciled=("campaign",))
    daily = reckon(list(standing.values()), brand)
    for kpi, (numerator, denominator) in RATES.items():
        daily.check(world, brand, kpi, numerator, denominator)
