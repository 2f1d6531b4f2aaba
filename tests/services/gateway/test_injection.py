"""Words of callers that would be a header, or a line of the log: they are neither."""

import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from shared.runtime import logs
from tests.services.gateway.door import DoorAtWork, door
from tests.services.gateway.test_tricks import asking

OWN = "planted-by-a-caller"
BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "%0d%0a", "嘊嘍")
"""What ends a line for somebody; the last are such whose last bytes are a return and a feed."""


def heads(answer: bytes) -> list[bytes]:
    """The lines of an answer's head."""
    return answer.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")


@pytest.mark.parametrize("end", BREAKS, ids=ascii)
async def test_header_injection_no_word_of_an_address_becomes_a_header(end: str) -> None:
    planted = quote(f"/x{end}Set-Cookie: {OWN}=1", safe="")
    paths = (
        f"/login?next={planted}",
        f"/login?fresh=1&next={planted}",
        f"/api/petitions/things/{planted}",
        f"/api/docs?service={planted}",
        f"/open311/v2/requests/{planted}.json",
        f"/{planted}",
    )
    async with door() as at:
        for path in paths:
            answer = await at.raw(asking(path.encode()))
            assert not any(
                line.startswith(b"set-cookie: " + OWN.encode()) for line in heads(answer)
            )
            assert not any(line.startswith(OWN.encode()) for line in heads(answer))


async def test_header_injection_no_word_of_a_header_becomes_another() -> None:
    async with door() as at:
        for value in (
            b"a\rSet-Cookie: x=1",
            b"a b",
            b"x" * 65,
            b"<script>",
            b'"',
            b"a;b",
            b"\xc2\x85",
        ):
            answer = await at.raw(asking(b"/api/petitions/things", b"X-Request-Id: " + value))
            told = [line for line in heads(answer) if line.startswith(b"x-request-id")]
            assert not any(value.lower() in line for line in told)
            assert not any(line.startswith(b"set-cookie: x=1") for line in heads(answer))


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What is logged, with all that can be."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    logs.configure("gateway", "debug")
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    handler.setStream(written)
    yield written
    root.handlers, root.level = before


async def attacked(at: DoorAtWork) -> None:
    """Puts a line for the log wherever a caller has a word."""
    line = json.dumps({"event": OWN, "level": "info"})
    for end in BREAKS:
        planted = f"x{end}{line}"
        quoted = quote(planted, safe="").encode()
        told = planted.replace("\r", "").replace("\n", "").encode()
        headers = [
            b"X-Request-Id: " + told,
            b"Traceparent: " + told,
            b"User-Agent: " + told,
            b"Cookie: jinlin-session=1~" + quoted,
            b"Authorization: Bearer " + quoted,
            b"Idempotency-Key: " + quoted,
            b"Accept-Language: " + told,
        ]
        for path in (b"/api/petitions/things/", b"/login?next=", b"/login/callback?error=", b"/"):
            await at.raw(asking(path + quoted, *headers))
        form = b"logout_token=" + quoted
        length = b"Content-Length: %d" % len(form)
        kind = b"Content-Type: application/x-www-form-urlencoded"
        back = asking(b"/logout/backchannel", kind, length, *headers, method=b"POST", body=form)
        await at.raw(back)


async def test_log_injection_every_line_is_one_of_ours(log_lines: io.StringIO) -> None:
    async with door() as at:
        await attacked(at)
    lines = log_lines.getvalue().splitlines()
    assert len(lines) >= len(BREAKS), "something was logged at all"
    for line in lines:
        told = json.loads(line)
        assert told["event"] != OWN
        assert told["service"] == "gateway"
        # A reason may repeat what was refused: as a text, in its own field.
        assert OWN not in json.dumps(
            {name: value for name, value in told.items() if name != "reason"}
        )
