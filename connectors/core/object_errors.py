"""What to do about an error of an object store, by the code the server or boto3 gives it."""

from __future__ import annotations

CONFLICTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
"""Codes of a conditional write that came second."""

_KEYS = (
    "See that the variables which storage.access_key_env and storage.secret_key_env name hold the keys of "
    "this server; without them, the keys, profile or role that the AWS SDK finds on this machine are used."
)
_NO_RIGHT = (
    "The keys are known, but may not do this: grant s3:ListBucket on the bucket, and s3:GetObject, "
    "s3:PutObject and s3:DeleteObject below the prefix (docs/scale.md lists all rights)."
)
_NO_BUCKET = "Make the bucket, or correct storage.raw in sanjeh.yml; Sanjeh never makes buckets."
_NO_NETWORK = (
    "It was tried several times: see that this machine reaches the server (storage.endpoint, DNS, proxy, "
    "firewall), then run again."
)
_BUSY = "It was tried several times with growing pauses: wait a while and run again."
_REGION = "Set storage.region in sanjeh.yml to the bucket's region."
_LOST = (
    "If another machine works on the zone, run again. Else bring the object back (bucket versioning or a "
    "backup), or `sanjeh storage push` from a machine that has it."
)
_SECOND = "Another machine wrote it meanwhile: run again, which starts from what is there now."
_CONDITIONS = (
    "This server knows no conditional writes (If-Match, If-None-Match), which keep two machines from undoing "
    "each other's work. Use one that does: AWS S3, MinIO, Cloudflare R2, Ceph from Squid on."
)
_ADVICE = {
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "ExpiredToken": "The temporary keys have run out: renew them and run again.",
    "InvalidToken": _KEYS,
    "NoCredentialsError": _KEYS,
    "PartialCredentialsError": _KEYS,
    "CredentialRetrievalError": _KEYS,
    "ProfileNotFound": _KEYS,
    "AccessDenied": _NO_RIGHT,
    "403": _NO_RIGHT,
    "NoSuchBucket": _NO_BUCKET,
    "InvalidBucketName": _NO_BUCKET,
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "NoRegionError": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "301": _REGION,
    "RequestTimeTooSkewed": "The clock of this machine is off: set it right and run again.",
    "NotImplemented": _CONDITIONS,
    "501": _CONDITIONS,
    "SlowDown": _BUSY,
    "ServiceUnavailable": _BUSY,
    "InternalError": _BUSY,
    "503": _BUSY,
    "500": _BUSY,
    "EndpointConnectionError": _NO_NETWORK,
    "ConnectTimeoutError": _NO_NETWORK,
    "ReadTimeoutError": _NO_NETWORK,
    "ConnectionClosedError": _NO_NETWORK,
    "ProxyConnectionError": _NO_NETWORK,
    "HTTPClientError": _NO_NETWORK,
    "ResponseStreamingError": _NO_NETWORK,
    "IncompleteReadError": _NO_NETWORK,
    "SSLError": "See that storage.endpoint is right and that this machine trusts the server's certificate.",
    "InvalidEndpointURLError": "Correct storage.endpoint in sanjeh.yml.",
    "NoSuchKey": _LOST,
    "404": _LOST,
    "PreconditionFailed": _SECOND,
    "ConditionalRequestConflict": _SECOND,
}


def code_of(error: BaseException) -> str:
    """The server's code; for an error without an answer, the name of its class."""
    response = getattr(error, "response", None) or getattr(error.__context__, "response", None)
    if response:
        return str(response.get("Error", {}).get("Code", ""))
    return type(error).__name__


def advice_for(code: str) -> str:
    """One sentence on what to do."""
    return _ADVICE.get(code, "See what the server means by that, then run again.")
