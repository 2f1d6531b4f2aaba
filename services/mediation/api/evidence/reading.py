"""Evidence is looked at: what there is in a dispute, the bytes, whether they are the same still.

Every reading is recorded, one's own as well.
"""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from services.mediation.api.evidence.table import shown
from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.evidence.evidence import evidence
from services.mediation.domain.evidence.evidence_events import EvidenceDescribed, EvidenceKept
from services.mediation.domain.evidence.evidence_state import Evidence, knowers, readers
from services.mediation.views.evidence import evidence_in
from shared.contracts.envelope import type_of
from shared.contracts.mediation.evidence import EvidenceFiled
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentFiles, CurrentStore, show_dossier
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.files import Files, NoSuchFile, StoredFile
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound, Refused
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store

NO_PAGE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
}
"""Whatever a browser makes of a file, it runs nothing in it."""

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")

queries = Queries(tags=["Evidence"])


class Altered(Exception):
    """The stored bytes are not those that came."""


@queries.get("/disputes/{id}/evidence", may=anyone, note="what is or was open to the caller")
async def evidence_of_dispute(
    id: Id, caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The evidence of a dispute as far as the caller may know of it, in the order it came; names
    and descriptions of what is open to them. A page may have fewer items than asked for.
    """
    found = await store.get(dispute, id)
    if found is None:
        raise NotFound
    if caller.sub not in found.state.people and not circle_of(found.state).has(caller.sub):
        raise NotFound
    page = await store.journal.find("evidence", evidence_in(id, limit, decode(cursor)))
    known = [(item, store.read(evidence, item)) for item in page.items]
    known = [(item, state) for item, state in known if caller.sub in knowers(state)]
    streams = [evidence.stream(item.id) for item, state in known if caller.sub in readers(state)]
    if streams:
        await store.journal.record_reading(
            caller.sub, streams, "list of evidence", store.clock.now()
        )
    words = await store.journal.dossiers(streams)
    items = [
        {
            "id": item.id,
            "version": item.version,
            **shown(state, caller),
            **_words(words.get(evidence.stream(item.id), [])),
        }
        for item, state in known
    ]
    return {"items": items, "next": encode(page.next)}


@queries.get(
    "/evidence/{id}/content",
    may=anyone,
    note="to whom the evidence is open",
    **gives("application/octet-stream"),
)
async def evidence_content(
    id: Id, request: Request, caller: CurrentCaller, store: CurrentStore, files: CurrentFiles
) -> Response:
    """The bytes as they came, to be saved; a range of them where one is asked for. If what is
    stored was altered, the answer is cut off before its end.
    """
    state, stored = await _opened(store, files, caller, id, "content of evidence")
    headers = {
        **NO_PAGE,
        "ETag": f'"{state.digest}"',
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    asked = _range(request, headers["ETag"], state.size)
    if asked is None:
        _, content = await files.open(stored.id)
        digest = b64encode(bytes.fromhex(state.digest)).decode()
        headers |= {"Content-Length": str(state.size), "Repr-Digest": f"sha-256=:{digest}:"}
        return StreamingResponse(
            unaltered(content, state.digest, id), 200, headers, state.media_type
        )
    first, last = asked
    _, content = await files.open(stored.id, first)
    headers |= {
        "Content-Length": str(last - first + 1),
        "Content-Range": f"bytes {first}-{last}/{state.size}",
    }
    return StreamingResponse(_cut(content, last - first + 1), 206, headers, state.media_type)


@queries.get("/evidence/{id}/check", may=anyone, note="to whom the evidence is open")
async def check_evidence(
    id: Id, caller: CurrentCaller, store: CurrentStore, files: CurrentFiles
) -> dict[str, Any]:
    """Reads all that is stored and says whether it is bit for bit what came."""
    state, stored = await _opened(store, files, caller, id, "check of evidence")
    digest = sha256()
    _, content = await files.open(stored.id)
    try:
        async for piece in content:
            digest.update(piece)
    except NoSuchFile:
        raise NotFound from None
    now = digest.hexdigest()
    return {"id": id, "digest": state.digest, "now": now, "unaltered": now == state.digest}


@queries.get("/evidence/{id}/proof-data", may=anyone, note="to whom the evidence is or was open")
async def proof_data(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """What a verifier needs: the digest, and the event that told of it and when. Nothing of the
    evidence itself.
    """
    snapshot = await store.get(evidence, id)
    if snapshot is None or caller.sub not in knowers(snapshot.state):
        raise NotFound
    state = snapshot.state
    return {
        "evidence": id,
        "dispute": state.dispute,
        "algorithm": "sha-256",
        "digest": state.digest,
        "size": state.size,
        "media_type": state.media_type,
        "at": state.at,
        "event": f"{store.service}/{evidence.stream(id)}/1/0",
        "type": type_of(EvidenceFiled),
        "status": state.status,
    }


async def unaltered(content: AsyncIterator[bytes], digest: str, id: str) -> AsyncIterator[bytes]:
    """All of it; the last piece only when the digest of all fits. Raises `Altered`."""
    reckoned, held = sha256(), b""
    async for piece in content:
        reckoned.update(piece)
        if held:
            yield held
        held = piece
    if reckoned.hexdigest() != digest:
        raise Altered(id)
    yield held


async def _opened(
    store: Store, files: Files, caller: Caller, id: str, purpose: str
) -> tuple[Evidence, StoredFile]:
    """Evidence that is open to the caller, and its file; the reading is recorded. Raises
    `NotFound`.
    """
    snapshot = await store.get(evidence, id)
    if snapshot is None or caller.sub not in readers(snapshot.state):
        raise NotFound
    entries = await show_dossier(store, caller, evidence.stream(id), purpose)
    file = _latest(entries, EvidenceKept.__name__).get("file")
    if file is None:
        raise NotFound
    try:
        stored, _ = await files.open(file)
    except NoSuchFile:
        raise NotFound from None
    return snapshot.state, stored


def _range(request: Request, tag: str, size: int) -> tuple[int, int] | None:
    """First and last byte that are asked for (RFC 9110, 14.2); None for all of them. Raises
    `Refused`.
    """
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if match is None or request.headers.get("if-range", tag) != tag or match[0] == "bytes=-":
        return None
    begin, end = match[1], match[2]
    if begin:
        first, last = int(begin), min(int(end), size - 1) if end else size - 1
        if end and int(end) < first:
            return None
    else:
        first, last = max(0, size - int(end)), size - 1
    if first > last or first >= size:
        raise Refused(
            "range-not-satisfiable",
            f"this evidence has {size} bytes",
            416,
            {"Content-Range": f"bytes */{size}"},
            size=size,
        )
    return first, last


async def _cut(content: AsyncIterator[bytes], length: int) -> AsyncIterator[bytes]:
    async for piece in content:
        yield piece[:length]
        length -= len(piece)
        if length <= 0:
            return


def _words(entries: list[DossierEntry]) -> dict[str, Any]:
    return {
        "name": _latest(entries, EvidenceKept.__name__).get("name"),
        "text": _latest(entries, EvidenceDescribed.__name__).get("text"),
    }


def _latest(entries: list[DossierEntry], name: str) -> dict[str, Any]:
    return next((dict(one.data) for one in reversed(entries) if one.name == name), {})
