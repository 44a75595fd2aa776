"""Default channel of a source, medium and campaign, by the rules of GA4 (support.google.com/analytics/answer/9756891).

Only the sources that the known company plants have a category here; nothing named at all is direct, what no rule knows is
``unassigned``.
"""

from __future__ import annotations

import re

SEARCH = frozenset({"google", "bing", "duckduckgo", "yahoo"})
SOCIAL = frozenset({"facebook", "instagram", "linkedin", "telegram", "twitter"})
_EMAIL = frozenset({"email", "e-mail", "e_mail", "e mail"})
_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
GROUPS = {
    "organic search": "organic_search",
    "direct": "direct",
    "paid search": "paid_search",
    "paid social": "paid_social",
    "organic social": "organic_social",
    "email": "email",
    "referral": "referral",
    "cross-network": "cross_network",
    "unassigned": "unassigned",
}
"""Channels by the words of GA4's channel groups."""


def of_group(group: str) -> str:
    """Our channel of a channel group of GA4; one that is unknown keeps its name."""
    return GROUPS.get(group.strip().lower(), group.strip().lower())


def of_words(source: str | None, medium: str | None, click_id: str | None = None) -> str:
    """The default channel; a click of Google Ads was paid for, whatever the words say."""
    source, medium = _word(source), _word(medium)
    if click_id == "gclid" and not (medium and _PAID.match(medium)):
        source, medium = "google", "cpc"
    if source is None and medium is None:
        return "direct"
    is_paid = bool(medium and _PAID.match(medium))
    rules = (
        (source in SEARCH and is_paid, "paid_search"),
        (source in SOCIAL and is_paid, "paid_social"),
        (medium in {"display", "banner", "cpm"}, "display"),
        (is_paid, "paid_other"),
        (source in SOCIAL or medium in {"social", "social-network", "social-media", "sm"}, "organic_social"),
        (source in SEARCH or medium == "organic", "organic_search"),
        (medium in {"referral", "app", "link"}, "referral"),
        (source in _EMAIL or medium in _EMAIL, "email"),
        (medium == "affiliate", "affiliates"),
        (source == "sms" or medium == "sms", "sms"),
    )
    return next((channel for holds, channel in rules if holds), "unassigned")


def _word(text: str | None) -> str | None:
    said = (text or "").strip().lower()
    return None if said in {"", "(direct)", "(none)", "(not set)"} else said
