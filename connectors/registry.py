"""Every stream of every source, and the connectors of the APIs; the only module that knows all of them.

Streams are declarations and imported at once. What reads an API is imported when a source of it is
configured, its client when it is called.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from connectors.ad_server import streams as ad_server
from connectors.calendar import streams as calendar
from connectors.core.stream import Stream
from connectors.costs import streams as costs
from connectors.crm import streams as crm
from connectors.email import streams as email
from connectors.exchange_rates import streams as exchange_rates
from connectors.facebook_page import streams as facebook_page
from connectors.forms import streams as forms
from connectors.ga4 import streams as ga4
from connectors.ga4_events import streams as ga4_events
from connectors.google_ads import streams as google_ads
from connectors.hotjar import streams as hotjar
from connectors.hubspot import streams as hubspot
from connectors.instagram import streams as instagram
from connectors.linkedin_ads import streams as linkedin_ads
from connectors.linkedin_page import streams as linkedin_page
from connectors.mailchimp import streams as mailchimp
from connectors.meta_ads import streams as meta_ads
from connectors.orders import streams as orders
from connectors.plausible import streams as plausible
from connectors.quality import streams as quality
from connectors.search_console import streams as search_console
from connectors.shopify import streams as shopify
from connectors.social import streams as social
from connectors.stripe import streams as stripe
from connectors.subscriptions import streams as subscriptions
from connectors.surveys import streams as surveys
from connectors.telegram import streams as telegram
from connectors.tiktok_ads import streams as tiktok_ads
from connectors.web import streams as web
from connectors.woocommerce import streams as woocommerce
from connectors.x import streams as x
from connectors.youtube import streams as youtube

if TYPE_CHECKING:
    from connectors.core.api_config import ApiConfig
    from connectors.core.api_source import ApiConnector

STREAMS: MappingProxyType[str, Stream] = MappingProxyType(
    {
        stream.id: stream
        for source in (
            ad_server,
            calendar,
            costs,
            crm,
            email,
            exchange_rates,
            facebook_page,
            forms,
            ga4,
            ga4_events,
            google_ads,
            hotjar,
            hubspot,
            instagram,
            linkedin_ads,
            linkedin_page,
            mailchimp,
            meta_ads,
            orders,
            plausible,
            quality,
            search_console,
            shopify,
            social,
            stripe,
            subscriptions,
            surveys,
            telegram,
            tiktok_ads,
            web,
            woocommerce,
            x,
            youtube,
        )
        for stream in source.STREAMS
    }
)
"""Stream by id (``connector/name``)."""

API_CONNECTORS = (
    "facebook_page",
    "ga4",
    "google_ads",
    "hotjar",
    "hubspot",
    "instagram",
    "linkedin_ads",
    "linkedin_page",
    "mailchimp",
    "meta_ads",
    "plausible",
    "search_console",
    "shopify",
    "stripe",
    "telegram",
    "tiktok_ads",
    "woocommerce",
    "x",
    "youtube",
)
"""Connectors that call an API, by their word in ``sanjeh.yml``; each is a package with modules ``config``,
``client``, ``streams`` and ``feeds``."""


def api_config(word: str) -> type[ApiConfig]:
    """The model of an API source's keys: ``Config`` of ``connectors.<word>.config``."""
    config: type[ApiConfig] = import_module(f"connectors.{word}.config").Config
    return config


def api_connector(word: str) -> ApiConnector:
    """The connector: ``client.connect`` and ``feeds.feeds`` of its package."""
    from connectors.core.api_source import ApiConnector  # noqa: PLC0415 - readers of declarations don't need it

    return ApiConnector(
        word=word,
        connect=lambda config, context: import_module(f"connectors.{word}.client").connect(config, context),
        feeds=import_module(f"connectors.{word}.feeds").feeds,
    )
