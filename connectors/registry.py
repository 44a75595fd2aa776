"""Every stream of every source; the only module that imports all of them."""

from __future__ import annotations

from types import MappingProxyType

from connectors.ad_server import streams as ad_server
from connectors.calendar import streams as calendar
from connectors.core.stream import Stream
from connectors.costs import streams as costs
from connectors.crm import streams as crm
from connectors.email import streams as email
from connectors.exchange_rates import streams as exchange_rates
from connectors.ga4 import streams as ga4
from connectors.google_ads import streams as google_ads
from connectors.meta_ads import streams as meta_ads
from connectors.orders import streams as orders
from connectors.search_console import streams as search_console
from connectors.social import streams as social
from connectors.subscriptions import streams as subscriptions
from connectors.surveys import streams as surveys
from connectors.web import streams as web

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
            ga4,
            google_ads,
            meta_ads,
            orders,
            search_console,
            social,
            subscriptions,
            surveys,
            web,
        )
        for stream in source.STREAMS
    }
)
"""Stream by id (``connector/name``)."""
