"""Ga4Grpc: the same GA4 data over gRPC, for clients with an insecure channel on loopback.

A call is answered as the request over REST that means the same, so that data, faults, log and contract are those
of the :class:`~tests.fakes.ga4.Ga4Api` it is given. Errors become gRPC statuses. A plain-text channel can't carry
call credentials, so no token is wanted here; one in the metadata ``authorization`` is judged. A client's channel takes 4 MB at most unless its option
``grpc.max_receive_message_length`` says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, NoReturn, Self

import grpc
from google.analytics.data_v1beta.types import BatchRunReportsRequest, RunReportRequest
from google.protobuf import json_format
from google.protobuf.message import Message
from werkzeug import Response
from werkzeug.test import EnvironBuilder

from tests.fakes.ga4 import Ga4Api, Ga4Response
from tests.fakes.google_api import PLAIN_CHANNEL

_SERVICE = "/google.analytics.data.v1beta.BetaAnalyticsData"
_METHODS: dict[str, tuple[str, Any]] = {
    f"{_SERVICE}/RunReport": ("runReport", RunReportRequest.pb()),
    f"{_SERVICE}/BatchRunReports": ("batchRunReports", BatchRunReportsRequest.pb()),
}
_THREADS = 16
_GATEWAY_CODES = {
    HTTPStatus.OK: grpc.StatusCode.UNKNOWN,
    HTTPStatus.NOT_FOUND: grpc.StatusCode.UNIMPLEMENTED,
}


class Ga4Grpc(grpc.GenericRpcHandler):
    """A gRPC server on a free loopback port, in front of ``api``; a context manager."""

    def __init__(self, api: Ga4Api) -> None:
        self._api = api
        self._server = grpc.server(
            ThreadPoolExecutor(_THREADS),
            handlers=[self],
            options=[("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)],
        )
        self._port = self._server.add_insecure_port("127.0.0.1:0")

    @property
    def target(self) -> str:
        """``127.0.0.1:<port>``."""
        return f"127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None).wait()

    def service(self, call: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        """How a method is answered; None makes it UNIMPLEMENTED."""
        found = _METHODS.get(call.method)
        if found is None:
            return None
        verb, message = found
        return grpc.unary_unary_rpc_method_handler(
            self._behavior(verb), request_deserializer=message.FromString, response_serializer=None
        )

    def _behavior(self, verb: str) -> Callable[[Message, grpc.ServicerContext], bytes]:
        def answer(message: Message, context: grpc.ServicerContext) -> bytes:
            body = json_format.MessageToDict(message)
            path = f"/v1beta/{body.pop('property', 'properties/')}:{verb}"
            metadata = context.invocation_metadata()
            headers = [(key, str(value)) for key, value in metadata if key == "authorization"]
            request = EnvironBuilder(
                path=path,
                base_url=self._api.base_url,
                method="POST",
                json=body,
                headers=headers,
                environ_overrides={PLAIN_CHANNEL: True},
            )
            response = self._api.respond(self._api.request_class(request.get_environ()))
            if isinstance(response, Ga4Response):
                return response.message()
            _abort(context, response)

        return answer


def _abort(context: grpc.ServicerContext, response: Response) -> NoReturn:
    """The gRPC status of an answer that is none."""
    if response.is_streamed:
        context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")
    try:
        error = json.loads(response.get_data())["error"]
        code, said = grpc.StatusCode[error["status"]], error["message"]
    except ValueError:
        said = f"Received http2 header with status: {response.status_code}"
        code = _GATEWAY_CODES.get(HTTPStatus(response.status_code), grpc.StatusCode.UNAVAILABLE)
    context.abort(code, said)
