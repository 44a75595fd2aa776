"""A bucket of a local server that speaks S3 (moto), with failures on demand; what tests of object storage talk to.

Moto's application runs behind a door that lets requests through, refuses them, or does what they ask and then
loses the answer. Keys are checked for real: ``KEY_ID`` is an IAM user's, anything else is refused.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import requests
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from connectors.core.object_location import ObjectLocation

BUCKET = "marketing"
PREFIX = "raw/zone"
KEY_ID_VARIABLE = "STORE_KEY_ID"
KEY_VARIABLE = "STORE_KEY"

_BUSY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code>'
    b"<Message>Please reduce your request rate.</Message></Error>"
)


class _Quiet(MotoRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing of each request."""


@dataclass
class Request:
    """A request that came in."""

    method: str
    path: str
    query: str


@dataclass
class Bucket:
    """An empty bucket and the server it is on.

    Attributes:
        endpoint: address of the server.
        busy: requests that are answered "slow down"; says for each whether it is.
        loses: requests that are done and never answered.
        asked: every request so far.
    """

    endpoint: str
    key_id: str = ""
    key: str = ""
    busy: Callable[[Request], bool] = lambda _: False
    loses: Callable[[Request], bool] = lambda _: False
    asked: list[Request] = field(default_factory=list)

    @property
    def client(self) -> Any:
        """A boto3 client with good keys."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=self.key_id,
            aws_secret_access_key=self.key,
        )

    def location(self, **changes: Any) -> ObjectLocation:
        """Where the zone of the tests is."""
        known = {
            "bucket": BUCKET,
            "prefix": PREFIX,
            "endpoint": self.endpoint,
            "access_key": self.key_id,
            "secret_key": self.key,
        }
        return ObjectLocation(**{**known, **changes})

    def settings(self, url: str = f"s3://{BUCKET}/{PREFIX}") -> str:
        """The block ``storage:`` of ``sanjeh.yml``."""
        return (
            f"storage: {{raw: '{url}', endpoint: '{self.endpoint}', "
            f"access_key_env: {KEY_ID_VARIABLE}, secret_key_env: {KEY_VARIABLE}}}\n"
        )

    def env(self) -> str:
        """The lines of ``.env`` that go with :meth:`settings`."""
        return f"{KEY_ID_VARIABLE}={self.key_id}\n{KEY_VARIABLE}={self.key}\n"

    def keys(self, ending: str = "") -> list[str]:
        """Keys of the zone, without its prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{PREFIX}/")
        keys = [item["Key"].removeprefix(f"{PREFIX}/") for page in pages for item in page.get("Contents", ())]
        return sorted(key for key in keys if key.endswith(ending))

    def read(self, key: str) -> bytes:
        """Content of an object of the zone."""
        content: bytes = self.client.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{key}")["Body"].read()
        return content


@contextmanager
def running_bucket() -> Iterator[Bucket]:
    """A server with one empty bucket."""
    app = DomainDispatcherApplication(create_backend_app)
    bucket = Bucket(endpoint="")

    def door(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"])
        bucket.asked.append(request)
        if bucket.busy(request):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("503 Slow Down", [("Content-Type", "application/xml"), ("Connection", "close")])
            return [_BUSY]
        answer: Iterable[bytes] = app(environ, start_response)
        if bucket.loses(request):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError("the answer got lost")
        return answer

    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    bucket.endpoint = f"http://127.0.0.1:{server.server_port}"
    try:
        requests.post(f"{bucket.endpoint}/moto-api/reset", timeout=10).raise_for_status()
        _check_keys(bucket, after="inf")
        _make_user(bucket)
        _check_keys(bucket, after="0")
        bucket.client.create_bucket(Bucket=BUCKET)
        bucket.asked.clear()
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _make_user(bucket: Bucket) -> None:
    """A user with rights on everything."""
    iam = boto3.client(
        "iam",
        endpoint_url=bucket.endpoint,
        region_name="us-east-1",
        aws_access_key_id="first",
        aws_secret_access_key="first",  # noqa: S106 - keys aren't checked yet
    )
    iam.create_user(UserName="pipeline")
    everything = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    )
    iam.put_user_policy(UserName="pipeline", PolicyName="all", PolicyDocument=everything)
    key = iam.create_access_key(UserName="pipeline")["AccessKey"]
    bucket.key_id, bucket.key = key["AccessKeyId"], key["SecretAccessKey"]


def _check_keys(bucket: Bucket, *, after: str) -> None:
    """Have keys checked after so many requests; moto's state is that of the process."""
    url = f"{bucket.endpoint}/moto-api/reset-auth"
    requests.post(url, data=after.encode(), timeout=10).raise_for_status()
