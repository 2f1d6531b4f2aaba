"""A form with a file is read as it comes, and the file goes on as it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from services.gateway.pages.upload import MOST_FIELDS
from services.gateway.upstream import Answer
from services.gateway.upstream.asking import Streamed
from tests.services.gateway.pages.dispute_samples import DISPUTE, PIECE, mediation_says
from tests.services.gateway.pages.household import RESIDENT, Services, app_of, services

BOUNDARY = "----a-boundary"
PATH = f"/disputes/{DISPUTE}/evidence"


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    called = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{called}\r\n\r\n'
    return head.encode() + value + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()
TOKEN = part("csrf", RESIDENT.csrf.encode())


@dataclass
class Sender:
    """A browser that sends a body in pieces."""

    left: list[bytes]

    async def __call__(self) -> Message:
        """The next piece."""
        assert self.left, "more is read than was sent"
        return {"type": "http.request", "body": self.left.pop(0), "more_body": bool(self.left)}


@dataclass
class Mediation(Services):
    """Reads at most `most` pieces of a file; `seen` are they, each with how many the browser had
    still to send when it came.
    """

    most: int = 1_000_000
    sender: Sender | None = None
    seen: list[tuple[bytes, int]] = field(default_factory=list)

    async def ask(self, service: str, method: str, path: str, **more: Any) -> Answer:
        """As `Upstreams.ask`."""
        content = more.get("content")
        if isinstance(content, Streamed):
            async for piece in content:
                assert self.sender is not None
                self.seen.append((piece, len(self.sender.left)))
                if len(self.seen) == self.most:
                    break
            more["content"] = None
        return await super().ask(service, method, path, **more)


def mediation(most: int = 1_000_000) -> Mediation:
    said = Mediation(answers=services().answers, most=most)
    mediation_says(said, "x")
    taken = (201, {"id": PIECE, "version": 1})
    refused = (415, {"type": "urn:jinlin:problem:evidence-unknown-type", "detail": "打不开"})
    said.says("mediation", PATH, taken if most > 1 else refused, "POST")
    return said


async def sent(said: Mediation, pieces: Sequence[bytes]) -> int:
    """Sends a form; the answer's status."""
    said.sender = Sender(list(pieces))
    status: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [(b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())],
    }
    await app_of(said)(scope, said.sender, send)
    return status[0]


def cut(body: bytes, length: int) -> Iterator[bytes]:
    return (body[at : at + length] for at in range(0, len(body), length))


async def test_the_file_goes_on_while_more_of_it_is_still_to_come() -> None:
    said = mediation()
    pieces = [TOKEN + part("file", b"", "a.mp4")[:-2], *[b"x" * 65_536] * 20, b"\r\n" + END]
    assert await sent(said, pieces) == 303
    assert b"".join(piece for piece, _ in said.seen) == b"x" * 65_536 * 20
    first, last = said.seen[0][1], said.seen[-1][1]
    assert first >= 19, "it was gathered before it went on"
    assert last <= 1


@pytest.mark.parametrize("length", [1, 3, 17, 64, 4_096])
async def test_the_file_is_whole_however_it_is_cut(length: int) -> None:
    said = mediation()
    content = b"a\r\n--" + BOUNDARY.encode()[:-1] + b"\r\n" + bytes(range(256)) + b"\r\n"
    body = TOKEN + part("disclosed", b"all") + part("file", content, "井.png") + END
    assert await sent(said, list(cut(body, length))) == 303
    assert b"".join(piece for piece, _ in said.seen) == content
    asked = said.was_asked("POST", PATH)
    assert asked.params == {"disclosed": "all"}
    assert asked.headers["Content-Disposition"].endswith("%E4%BA%95.png")


async def test_what_is_refused_in_the_middle_is_answered_when_all_has_come() -> None:
    said = mediation(most=1)
    pieces = [TOKEN + part("file", b"MZ", "a.exe")[:-2], *[b"x" * 1_000] * 9, b"\r\n" + END]
    assert await sent(said, pieces) == 415
    assert said.sender is not None
    assert said.sender.left == [], "a browser that still sends hears no answer"


async def test_fields_without_end_are_refused() -> None:
    said = mediation()
    endless = [TOKEN + part("text", b"")[:-2], *[b"x" * 8_192] * (MOST_FIELDS // 8_192 + 9)]
    assert await sent(said, endless) == 413
    assert not any(one.method == "POST" for one in said.asked)


@pytest.mark.parametrize(
    "body", [b"no form at all", TOKEN[:-2], part("file", b"x", "a.txt") + TOKEN + END]
)
async def test_what_is_no_form_of_the_page_is_forged(body: bytes) -> None:
    said = mediation()
    assert await sent(said, [body]) == 403
    assert not any(one.method == "POST" for one in said.asked)


async def test_a_file_that_ends_in_the_middle_is_none() -> None:
    said = mediation()
    with pytest.raises(ClientDisconnect):
        await sent(said, [TOKEN + part("file", b"half", "a.txt")[:-2]])
