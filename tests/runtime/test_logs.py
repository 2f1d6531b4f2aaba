"""Logs: JSON lines that know their trace and keep what is personal out."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from shared.runtime import logs, tracing
from tests.runtime.lamp_service import world

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def lines() -> Iterator[Any]:
    """Reads what was logged since the last call."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    logs.configure("lamps", "debug")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    assert handler.stream is sys.stdout
    written = io.StringIO()
    handler.setStream(written)

    def read() -> list[dict[str, Any]]:
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in text.splitlines()]

    yield read
    root.handlers, root.level = before
    structlog.reset_defaults()


def test_a_line_says_when_where_and_in_which_trace(lines: Any) -> None:
    with tracing.within(f"00-{TRACE}-b7ad6b7169203331-01", "test"):
        structlog.get_logger().info("lit", kind="lamp", count=3)
    (line,) = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "event": "lit",
        "level": "info",
        "service": "lamps",
        "trace_id": TRACE,
        "kind": "lamp",
        "count": 3,
    }


def test_what_is_not_allowed_or_too_long_is_dropped(lines: Any) -> None:
    structlog.get_logger().warning(
        "lit", phone="13800000000", token="ey", body={"a": 1}, reason="x" * 1000, code="ok"
    )
    (line,) = lines()
    assert set(line) == {"event", "level", "service", "time", "code"}


def test_an_exception_is_told_by_type_and_place_without_its_text(lines: Any) -> None:
    try:
        try:
            raise KeyError("Wang, 13800000000")
        except KeyError as error:
            raise ValueError("of Wang") from error
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("uvicorn.error").exception("failed")
    told = lines()
    assert len(told) == 2
    for line in told:
        assert line["exception"].startswith("ValueError from KeyError at tests/runtime/test_logs")
        assert "Wang" not in json.dumps(line)


def test_libraries_speak_the_same_way_and_only_from_warnings_on(lines: Any) -> None:
    logging.getLogger("aiokafka.consumer").info("chatter")
    logging.getLogger("aiokafka.consumer").warning("node %s away", 1)
    (line,) = lines()
    assert (line["logger"], line["level"], line["event"]) == (
        "aiokafka.consumer",
        "warning",
        "node 1 away",
    )


def test_a_library_says_the_same_thing_once_in_a_while(lines: Any) -> None:
    library, ours = logging.getLogger("aiokafka.conn"), structlog.get_logger()
    for n in range(50):
        library.error("broker %s is away", n)
        ours.warning("waiting")
    told = [line["level"] for line in lines()]
    assert (told.count("error"), told.count("warning")) == (1, 50)


async def test_a_request_leaves_neither_token_nor_body_nor_id_in_the_log(lines: Any) -> None:
    async with world() as at:
        id = (await at.install()).json()["id"]
        await at.ask("POST", f"/lamps/{id}/break", json={"words": "says Wang"})
        await at.ask("POST", f"/lamps/{id}/explode", roles=("administrator",))
    told = lines()
    routes = [(one["route"], one["status"]) for one in told if one["event"] == "request"]
    assert ("/lamps/{id}/break", 200) in routes
    (failure,) = [one for one in told if one["event"] == "request_failed"]
    assert failure["exception"].startswith("RuntimeError")
    assert failure["trace_id"]
    assert failure["request_id"]
    text = json.dumps(told)
    assert "Wang" not in text
    assert "secret" not in text
    assert "Bearer" not in text
    assert id not in text
