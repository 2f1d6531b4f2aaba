"""Evidence comes in: streamed through the door into the store, never held whole in memory.

On its way it is counted and digested, looked at for what it is, and, where a scanner is set, tested
for viruses. Only when all of that is well is it recorded; else nothing of it is kept.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.evidence.evidence import evidence, must_be_open
from services.mediation.domain.evidence.evidence_commands import FileEvidence
from services.mediation.media_types import Detector, Unknown
from services.mediation.scanning import Scan, ScannerAway, Scanning
from services.mediation.views.evidence import evidence_in
from shared.contracts.mediation.evidence import Disclosed
from shared.contracts.types import Code, Id
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentFiles, CurrentStore
from shared.runtime.endpoints import cause_of
from shared.runtime.files import FileTooLarge, StoredFile
from shared.runtime.journal import Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.policies import anyone
from shared.runtime.problems import RETRY_AFTER, Forbidden, NotFound, Refused
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_BYTES = 200 * 1024 * 1024
"""Of one piece of evidence."""
MOST_OF_A_DISPUTE = 200
"""Pieces; looked at before one is taken, so that some that come together may go beyond it."""
LONGEST_NAME = 100
"""Characters of a file's name."""
AT_ONCE = 32
"""Uploads that a process takes at a time: some 4 MB of memory for each."""
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}

_NAME = re.compile(r"filename\*=UTF-8''([^;\s]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r'filename="([^"]*)"', re.IGNORECASE)

_under_way: set[object] = set()

queries = Queries(tags=["Evidence"])


@queries.post(
    "/disputes/{id}/evidence",
    may=anyone,
    note="who takes part in the dispute",
    status_code=201,
    openapi_extra=BODY,
)
async def file_evidence(
    id: Id,
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    files: CurrentFiles,
    copies: CurrentCopies,
    disclosed: Disclosed = Disclosed.ALL,
    side: Code | None = None,
) -> Response:
    """Files the body of the request, as it is: a text or a file of up to 200 MB. It is open to all
    in the dispute, to one's own side and `side`, or to the panel alone. Its name may stand in
    `Content-Disposition`.
    """
    cause, _ = cause_of(request, caller, b"")
    await _may_file(store, caller.sub, id, cause)
    name = name_in(request.headers.get("content-disposition"))
    new = store.clock.new_id()
    stream = evidence.stream(new)
    detector = Detector()
    with _turn():
        stored = await _stored(stream, name, request, detector, copies, files)
    sent = f"{stored.sha256} {disclosed.value} {side} {name}".encode()
    cause, fingerprint = cause_of(request, caller, sent)
    command = FileEvidence(
        caller.sub,
        id,
        disclosed,
        side,
        stored.id,
        name,
        detector.type(),
        stored.size,
        stored.sha256,
    )
    try:
        outcome = await store.do(
            evidence, new, command, actor=caller.sub, cause=cause, fingerprint=fingerprint
        )
    except (Busy, Unavailable):
        raise  # it may have been recorded: a sweep of the files finds out
    except Exception:
        await files.delete(stored.id)
        raise
    if outcome.repeated:
        await files.delete(stored.id)
    told = {"id": outcome.id, "version": outcome.version, "digest": stored.sha256}
    headers = {
        "Location": f"/evidence/{outcome.id}",
        "ETag": f'"{outcome.version}"',
        "Cache-Control": "no-store",
    }
    return JSONResponse(told, 201, headers)


async def _stored(
    stream: str,
    name: str,
    request: Request,
    detector: Detector,
    copies: CurrentCopies,
    files: CurrentFiles,
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


async def _may_file(store: Store, person: str, id: str, cause: str | None) -> None:
    """Raises where somebody may not file in a dispute, or not know of it. What the rules would
    refuse is refused before it is sent, unless it may have been sent before (`cause`).
    """
    found = await store.get(dispute, id)
    if found is None:
        raise NotFound
    circle = circle_of(found.state)
    if not circle.has(person):
        raise Forbidden if person in found.state.people else NotFound
    if cause is not None:
        return
    must_be_open(found.state)
    where = evidence_in(id).where
    if await store.journal.count("evidence", where, MOST_OF_A_DISPUTE) >= MOST_OF_A_DISPUTE:
        raise Refused(
            "too-much-evidence",
            f"a dispute takes {MOST_OF_A_DISPUTE} pieces of evidence",
            409,
            most=MOST_OF_A_DISPUTE,
        )


async def _begin(copies: CurrentCopies) -> Scan:
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
