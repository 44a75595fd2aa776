"""A registered secret shows in no spelling, in no log record and in no formatted error."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from io import StringIO
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.redaction import STRUCK_OUT, redact, register_secret

SECRET = "p@ss/word +ü of tests"  # noqa: S105 - of no server
register_secret(SECRET, user="reader")


def fail(error: Exception) -> None:
    """Raise ``error``."""
    raise error


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, StringIO]]:
    """A logger of its own and what it writes."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("tests.redaction")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, written
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        base64.b64encode(f"reader:{SECRET}".encode()).decode(),
    ],
)
def test_a_secret_is_struck_out_in_every_spelling_in_which_it_travels(spelling: str) -> None:
    assert redact(f"before {spelling} and {spelling}.") == f"before {STRUCK_OUT} and {STRUCK_OUT}."


@given(st.text(), st.text())
def test_text_around_a_secret_stays_as_it_is(before: str, after: str) -> None:
    assert redact(f"{before}{SECRET}{after}") in {
        f"{before}{STRUCK_OUT}{after}",
        f"{redact(before)}{STRUCK_OUT}{redact(after)}",
    }


def test_the_longer_secret_goes_first_when_one_holds_the_other() -> None:
    register_secret("inner-secret")
    register_secret("outer-inner-secret-outer")
    assert redact("<outer-inner-secret-outer>") == f"<{STRUCK_OUT}>"


@pytest.mark.parametrize("short", ["", "abc"])
def test_a_text_too_short_for_a_secret_is_refused(short: str) -> None:
    with pytest.raises(ValueError, match="at least 4 characters"):
        register_secret(short)
    assert redact("abc") == "abc"


def test_a_log_message_and_its_arguments_show_no_secret(log: tuple[logging.Logger, StringIO]) -> None:
    logger, written = log
    logger.info("token %s", SECRET)
    logger.info(f"token {SECRET}")
    assert written.getvalue() == f"INFO token {STRUCK_OUT}\nINFO token {STRUCK_OUT}\n"


def test_a_logged_traceback_shows_no_secret(log: tuple[logging.Logger, StringIO]) -> None:
    logger, written = log
    try:
        fail(RuntimeError(f"refused {SECRET}"))
    except RuntimeError:
        logger.exception("failed")
    assert f"RuntimeError: refused {STRUCK_OUT}" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_a_traceback_with_its_causes_shows_no_secret(log: tuple[logging.Logger, StringIO]) -> None:
    logger, written = log
    try:
        try:
            fail(ValueError(SECRET))
        except ValueError as cause:
            raise RuntimeError("outer") from cause
    except RuntimeError as error:
        logger.warning("failed", exc_info=error)
    assert "outer" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_a_record_without_a_secret_keeps_its_arguments(log: tuple[logging.Logger, StringIO]) -> None:
    record = logging.getLogRecordFactory()("x", logging.INFO, "f.py", 1, "%d rows", (3,), None)
    assert (record.msg, record.args, record.getMessage()) == ("%d rows", (3,), "3 rows")


def test_a_log_call_with_wrong_arguments_breaks_nothing_and_shows_no_secret(
    log: tuple[logging.Logger, StringIO], capsys: pytest.CaptureFixture[str]
) -> None:
    logger, written = log
    logger.info("%d rows for %s", "many", SECRET)
    logger.info("still here")
    assert written.getvalue() == "INFO %d rows for %s (its arguments don't fit)\nINFO still here\n"
    assert capsys.readouterr().err == ""


def test_a_message_that_is_an_object_stays_that_object(log: tuple[logging.Logger, StringIO]) -> None:
    event = {"rows": 3}
    assert logging.getLogRecordFactory()("x", logging.INFO, "f.py", 1, event, (), None).msg is event
