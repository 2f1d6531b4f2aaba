"""Evidence comes in: streamed through the door into the store, never held whole in memory.

On its way it is counted and digested, looked at for what it is, and, where a scanner is set, tested
for viruses. Only when all of that is well is it recorded; else nothing of it is kept.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.mediation.domain.evidence.evidence import evidence, must_be_open
from services.mediation.domain.evidence.evidence_commands import FileEvidence
from services.mediation.domain.evidence.shelf import (
    GivePlaceBack,
    Shelf,
    TakePlace,
    must_have_room,
    shelf,
)
from services.mediation.media_types import Detector, Unknown
from services.mediation.scanning import Scan, ScannerAway, Scanning
from shared.contracts.mediation.evidence import Disclosed
from shared.contracts.types import Code
from shared.runtime.api import Sent
from shared.runtime.copies import Copies
from shared.runtime.endpoints import cause_of, outcome_answer
from shared.runtime.files import Files, FileTooLarge, StoredFile
from shared.runtime.journal import Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.problems import RETRY_AFTER, Problem, Refused, field_errors

MOST_BYTES = 200 * 1024 * 1024
"""Of one piece of evidence."""
LONGEST_NAME = 100
"""Characters of a file's name."""
AT_ONCE = 32
"""Uploads that a process takes at a time: some 4 MB of memory for each."""
OPERATION: dict[str, Any] = {
    "description": "Evidence as it is, up to 200 MB. Its name may stand in Content-Disposition.",
    "requestBody": {
        "required": True,
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    "parameters": [
        {
            "name": "disclosed",
            "in": "query",
            "description": "To whom it is open: all, one's own side and `side`, or the panel alone",
            "schema": {
                "type": "string",
                "enum": [one.value for one in Disclosed],
                "default": Disclosed.ALL.value,
            },
        },
        {"name": "side", "in": "query", "schema": TypeAdapter(Code).json_schema()},
    ],
}
"""What the OpenAPI document tells of filing it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """To whom it is to be open."""

    disclosed: Disclosed = Disclosed.ALL
    side: Code | None = None


_OPENING = TypeAdapter(Opening)
_NAME = re.compile(r"filename\*=UTF-8''([^;\s]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r'filename="([^"]*)"', re.IGNORECASE)

_under_way: set[object] = set()


async def file_evidence(sent: Sent, _asked: None) -> Response:
    """Files the body of the request, as it is: a text or a file of up to 200 MB. It is open to all
    in the dispute, to one's own side and `side`, or to the panel alone. Its name may stand in
    `Content-Disposition`.
    """
    request, caller, store = sent.request, sent.caller, sent.store
    opening = _opening(request)
    if not sent.repeated:
        await _is_taken(sent)
    files, copies = store.journal.files, sent.copies
    name = name_in(request.headers.get("content-disposition"))
    new = store.clock.new_id()
    stream = evidence.stream(new)
    detector = Detector()
    with _turn():
        stored = await _stored(stream, name, request, detector, copies, files)
    came = f"{stored.sha256} {opening.disclosed.value} {opening.side} {name}".encode()
    cause, fingerprint = cause_of(request, caller, came)
    command = FileEvidence(
        caller.sub,
        sent.id,
        opening.disclosed,
        opening.side,
        stored.id,
        name,
        detector.type(),
        stored.size,
        stored.sha256,
    )
    place = new if cause is None else sha256(cause.encode()).hexdigest()
    try:
        await store.do(shelf, sent.id, TakePlace(place), actor=caller.sub)
        outcome = await store.do(
            evidence, new, command, actor=caller.sub, cause=cause, fingerprint=fingerprint
        )
    except (Busy, Unavailable):
        raise  # it may have been recorded: a sweep of the files finds out
    except Exception:
        await files.delete(stored.id)
        await store.do(shelf, sent.id, GivePlaceBack(place), actor=caller.sub)
        raise
    if outcome.repeated:
        await files.delete(stored.id)
    where = {"location": f"/evidence/{outcome.id}"}
    return outcome_answer(outcome, 201, where, {"digest": stored.sha256})


async def _stored(
    stream: str,
    name: str,
    request: Request,
    detector: Detector,
    copies: Copies,
    files: Files,
) -> StoredFile:
    """The body as a file. Raises `Refused`, and then nothing is left of it."""
    scan = await _begin(copies)
    try:
        chunks = _through_the_door(request, detector, scan)
        return await files.put(stream, name, "application/octet-stream", chunks, MOST_BYTES)
    except FileTooLarge:
        raise too_large() from None
    except Unknown:
        raise Refused(
            "evidence-unknown-type",
            "send a picture, PDF, recording, plain text or office document",
            415,
            {"Connection": "close"},
        ) from None
    except ScannerAway:
        raise _not_tested() from None
    finally:
        await scan.end()


@contextmanager
def _turn() -> Iterator[None]:
    """One of the uploads that a process takes at a time. Raises `Refused`."""
    if len(_under_way) >= AT_ONCE:
        raise Refused(
            "too-many-uploads",
            "many are sending evidence at the moment: try again in a while",
            503,
            {"Retry-After": str(RETRY_AFTER), "Connection": "close"},
        )
    one = object()
    _under_way.add(one)
    try:
        yield
    finally:
        _under_way.discard(one)


def name_in(disposition: str | None) -> str:
    """The name in a `Content-Disposition`, safe to show and to save under."""
    given = disposition or ""
    if (encoded := _NAME.search(given)) is not None:
        text = unquote(encoded[1], errors="replace")
    elif (plain := _PLAIN_NAME.search(given)) is not None:
        text = plain[1]
    else:
        text = ""
    text = re.split(r"[/\\]", unicodedata.normalize("NFC", text))[-1]
    shown = "".join(
        " " if one.isspace() or one in '<>:"|?*' else one
        for one in text
        # Control and format characters: some turn the direction of what follows.
        if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    return " ".join(shown.split())[:LONGEST_NAME].strip(". ") or "evidence"


def too_large() -> Refused:
    """More came than is taken; what is still to come of it is not read."""
    most = MOST_BYTES // 1024**2
    return Refused(
        "evidence-too-large",
        f"a piece of evidence may have {most} MB at most",
        413,
        {"Connection": "close"},
        most=most,
    )


async def _is_taken(sent: Sent) -> None:
    """What the rules would refuse is refused before it is sent. Raises `Rejected`."""
    must_be_open(sent.state)
    known = await sent.store.get(shelf, sent.id)
    must_have_room(Shelf() if known is None else known.state)


def _opening(request: Request) -> Opening:
    """To whom it is to be open. Raises `Problem`."""
    try:
        return _OPENING.validate_python(dict(request.query_params))
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None


async def _begin(copies: Copies) -> Scan:
    scanning: Scanning = copies["scanner"]
    try:
        return await scanning.scanner.begin()
    except ScannerAway:
        raise _not_tested() from None


async def _through_the_door(
    request: Request, detector: Detector, scan: Scan
) -> AsyncIterator[bytes]:
    """The body, looked at on its way. Raises what forbids to keep it."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise FileTooLarge(length)
    async for chunk in request.stream():
        detector.feed(chunk)
        await scan.feed(chunk)
        yield chunk
    if detector.is_empty:
        raise Refused("evidence-empty", "nothing came: send the file as the request's body", 422)
    detector.type()
    if (found := await scan.verdict()) is not None:
        raise Refused(
            "evidence-infected",
            f"the virus test found {found}: the file was not kept",
            422,
            found=found,
        )


def _not_tested() -> Refused:
    return Refused(
        "evidence-not-tested",
        "the virus test cannot be made at present: try again later",
        503,
        {"Retry-After": str(RETRY_AFTER), "Connection": "close"},
    )
