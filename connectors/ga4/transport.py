"""Google's own client for the Data API, over REST or gRPC, and what its exceptions mean.

Facts: google-analytics-data 0.23.3 and google-api-core, read and tried against a local server. The explicit
REST transport with scoped credentials asks the token server of the key, while client options alone would sign
tokens themselves. An insecure gRPC channel carries no credentials, and takes messages of 4 MB unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import google.auth.exceptions
import grpc
import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataGrpcTransport,
    BetaAnalyticsDataRestTransport,
)
from google.api_core import exceptions
from google.api_core.universe import EmptyUniverseError
from google.auth.credentials import Credentials
from google.auth.transport.requests import Request
from google.protobuf.json_format import ParseError

from connectors.core.errors import PermanentError
from connectors.core.retry import CallError, Kind
from connectors.ga4.config import Config

_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_LASTING = ("per day", "per hour", "daily", "hourly")


def make_client(config: Config, credentials: Credentials, *, proxy: str | None) -> BetaAnalyticsDataClient:
    """The client; nothing is called yet.

    Raises:
        PermanentError: the environment contradicts it.
    """
    address = urlsplit(config.base_url)
    transport: Any
    if config.transport == "rest":
        transport = BetaAnalyticsDataRestTransport(
            host=address.netloc, url_scheme=address.scheme, credentials=credentials
        )
        if proxy:
            # The transport offers no setting for it; its session is an ordinary one of requests.
            transport._session.proxies = {"http": proxy, "https": proxy}
    elif address.scheme == "http":
        transport = BetaAnalyticsDataGrpcTransport(
            channel=grpc.insecure_channel(address.netloc, options=_UNLIMITED)
        )
    else:
        transport = BetaAnalyticsDataGrpcTransport(host=address.netloc, credentials=credentials)
    try:
        return BetaAnalyticsDataClient(transport=transport)
    except EmptyUniverseError as error:
        raise PermanentError(
            "The variable GOOGLE_CLOUD_UNIVERSE_DOMAIN is empty, which Google's client refuses: unset it."
        ) from error


def refresh(credentials: Credentials) -> bool:
    """Fetch a new token after the one in use was refused.

    Raises:
        CallError: the token server refuses or can't be reached.
    """
    judged(lambda: credentials.refresh(Request()))  # type: ignore[no-untyped-call]  # the library has no types
    return True


def judged(call: Callable[[], Any]) -> Any:
    """The result of ``call``; what Google's client raises becomes a CallError."""
    try:
        return call()
    except exceptions.GoogleAPICallError as error:
        raise _of_api(error) from None
    except google.auth.exceptions.TransportError as error:
        raise CallError(Kind.RETRY, f"{type(error).__name__}: {error}") from None
    except google.auth.exceptions.GoogleAuthError as error:
        raise CallError(Kind.AUTH, f"{type(error).__name__}: {error}") from None
    except (requests.exceptions.RequestException, exceptions.RetryError) as error:
        raise CallError(Kind.RETRY, f"{type(error).__name__}: {error}") from None
    except (ParseError, ValueError) as error:
        raise CallError(Kind.RETRY, f"an answer that is no report: {str(error)[:200]}") from None


def _of_api(error: exceptions.GoogleAPICallError) -> CallError:
    said = f"{error.code or type(error).__name__}: {error.message}"
    if isinstance(error, exceptions.TooManyRequests):
        is_lasting = any(word in said.lower() for word in _LASTING)
        return CallError(Kind.QUOTA if is_lasting else Kind.THROTTLED, said)
    if isinstance(error, exceptions.Unauthorized):
        return CallError(Kind.AUTH, said)
    if isinstance(error, exceptions.Forbidden):
        return CallError(Kind.FORBIDDEN, said)
    is_ours = isinstance(error, exceptions.ClientError | exceptions.MethodNotImplemented)
    is_passing = isinstance(error, exceptions.Conflict | exceptions.Cancelled)
    return CallError(Kind.REFUSED if is_ours and not is_passing else Kind.RETRY, said)
