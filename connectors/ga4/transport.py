"""Google's own client for the Data API, over REST or gRPC, and what its exceptions mean.

Facts: google-analytics-data 0.23.3 and google-api-core, read and tried against a local server. The token goes
along as metadata, so that one that is refused can be replaced, whatever the transport; an insecure gRPC
channel takes no other credentials anyway. It also limits messages to 4 MB unless told otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import grpc
import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataGrpcTransport,
    BetaAnalyticsDataRestTransport,
    BetaAnalyticsDataTransport,
)
from google.analytics.data_v1beta.types import RunReportRequest
from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.protobuf.json_format import ParseError
from requests.adapters import HTTPAdapter

from connectors.core.http import retry_after
from connectors.core.retry import CallError, Kind
from connectors.core.session import new_session
from connectors.ga4.columns import RowCutter, Rows
from connectors.ga4.config import Config

# The client's debug records carry the token, and whole answers, in attributes that no redaction sees.
logging.getLogger("google.analytics.data_v1beta").setLevel(logging.INFO)
_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_HOUR = 3600.0
# An empty GOOGLE_CLOUD_UNIVERSE_DOMAIN breaks the client unless it is told the domain.
_OPTIONS = ClientOptions(universe_domain="googleapis.com")


class GoogleClient:
    """Runs reports, once each: what fails is raised as CallError, for the core to judge.

    Args:
        config: address, transport and patience.
        proxy: of REST; None where the environment decides.
    """

    def __init__(self, config: Config, *, proxy: str | None) -> None:
        self._cutter = RowCutter() if config.transport == "rest" else None
        transport: BetaAnalyticsDataTransport
        if self._cutter:
            transport = _Rest(config.base_url, _session(config, proxy, self._cutter))
        else:
            transport = BetaAnalyticsDataGrpcTransport(channel=_channel(config.base_url))
        self._client = BetaAnalyticsDataClient(transport=transport, client_options=_OPTIONS)
        self._timeout = config.http.connect_timeout + config.http.read_timeout

    def run(self, request: RunReportRequest, headers: Mapping[str, str]) -> tuple[Any, Rows]:
        """The raw message of an answer, and its rows apart.

        Raises:
            CallError: no answer, or one that isn't a report.
        """
        metadata = [(name.lower(), value) for name, value in headers.items()]
        try:
            answer = self._client.run_report(request, retry=None, timeout=self._timeout, metadata=metadata)
        except exceptions.GoogleAPICallError as error:
            raise _judged(error) from None
        except (requests.exceptions.SSLError, requests.exceptions.InvalidURL) as error:
            raise CallError(Kind.REFUSED, f"{type(error).__name__}: {error}") from None
        except requests.exceptions.RequestException as error:
            raise CallError(Kind.RETRY, f"{type(error).__name__}: {error}") from None
        except (ParseError, UnicodeDecodeError) as error:
            raise CallError(Kind.RETRY, f"an answer that is no report: {str(error)[:200]}") from None
        # The wrapper around the message would cost more than all the rest.
        message = type(answer).pb(answer)
        if self._cutter:
            return message, self._cutter.taken()
        rows = Rows.of(message)
        message.ClearField("rows")
        # Memory of what was cleared is given back with the message only.
        slim = type(message)()
        slim.CopyFrom(message)
        return slim, rows

    def close(self) -> None:
        """Close connections."""
        self._client.transport.close()  # type: ignore[no-untyped-call]  # the library has no types


class _Rest(BetaAnalyticsDataRestTransport):
    """The REST transport over a session of ours: its own takes no proxy, timeouts or hooks."""

    def __init__(self, base_url: str, session: requests.Session) -> None:
        self._ours = session
        nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]  # the library has no types
        super().__init__(host=base_url, credentials=nobody)

    def _prep_wrapped_messages(self, client_info: Any) -> None:
        """Called once the transport has its session; methods are bound to it here."""
        self._session.close()  # type: ignore[no-untyped-call]
        self._session = self._ours  # type: ignore[assignment]  # any session of requests will do
        super()._prep_wrapped_messages(client_info)  # type: ignore[no-untyped-call]


class _Patient(HTTPAdapter):
    """Tells the time to connect from the time to read; Google's client has one number for both."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._patience = (config.http.connect_timeout, config.http.read_timeout)

    def send(self, request: requests.PreparedRequest, *rest: Any, **settings: Any) -> requests.Response:
        """Send with the configured patience."""
        return super().send(request, *rest, **{**settings, "timeout": self._patience})


def _session(config: Config, proxy: str | None, cutter: RowCutter) -> requests.Session:
    session = new_session(proxy)
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Patient(config))
    session.hooks["response"].append(cutter)
    return session


def _channel(base_url: str) -> grpc.Channel:
    address = urlsplit(base_url)
    if address.scheme == "http":
        return grpc.insecure_channel(address.netloc, options=_UNLIMITED)
    target = address.netloc if address.port else f"{address.netloc}:443"
    return grpc.secure_channel(target, grpc.ssl_channel_credentials(), options=_UNLIMITED)


def _judged(error: exceptions.GoogleAPICallError) -> CallError:
    """The same for both transports: gRPC's exceptions derive from those of REST."""
    said = f"{error.code or type(error).__name__}: {error.message}"
    if isinstance(error, exceptions.TooManyRequests):
        return _exhausted(error, said)
    if isinstance(error, exceptions.Unauthorized):
        return CallError(Kind.AUTH, said)
    if isinstance(error, exceptions.Forbidden):
        return CallError(Kind.FORBIDDEN, said)
    is_ours = isinstance(error, exceptions.ClientError | exceptions.MethodNotImplemented)
    is_passing = isinstance(error, exceptions.Conflict | exceptions.Cancelled)
    return CallError(Kind.REFUSED if is_ours and not is_passing else Kind.RETRY, said)


def _exhausted(error: exceptions.TooManyRequests, said: str) -> CallError:
    """Tokens return by the day or the hour, and Google doesn't say when; requests at once are over soon."""
    lower = said.lower()
    if "per day" in lower:
        return CallError(Kind.QUOTA, said)
    wait = retry_after(getattr(error.response, "headers", {}))
    return CallError(Kind.THROTTLED, said, wait=_HOUR if wait is None and "per hour" in lower else wait)
