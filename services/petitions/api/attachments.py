"""Attachments over HTTP: sent one by one, kept clean, shown to those who have to do with the
answer."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from services.petitions.api.petitions import petitions_api
from services.petitions.api.standing import at_work_on_it
from services.petitions.cleaning import (
    ENDINGS,
    MOST_BYTES,
    Clean,
    Unfit,
    clean,
    clean_name,
)
from services.petitions.domain.attachments import Attach, AttachmentAdded, room_for_one
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentFiles, CurrentStore, show_dossier
from shared.runtime.endpoints import cause_of
from shared.runtime.files import NoSuchFile
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry, Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.policies import anyone
from shared.runtime.problems import Forbidden, NotFound, Refused
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store
from shared.runtime.uploads import Upload, UploadTooLarge, read_upload
from shared.runtime.veil import veiled

CLEANED_AT_ONCE = 2
"""Pictures unfolded in memory at the same time."""
NO_PAGE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-cache",
}
"""Whatever a browser makes of a file, it runs nothing in it."""
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}

_sees, _sees_files = petitions_api.see, at_work_on_it
_comments = petitions_api.verbs["comment"].may
_cleaners = ThreadPoolExecutor(CLEANED_AT_ONCE, "cleaning")

queries = Queries(tags=["Attachments"])


@queries.post(
    "/petitions/{id}/attachments",
    may=anyone,
    note="who may comment",
    status_code=201,
    openapi_extra=FORM,
)
async def attach(
    id: Id, request: Request, caller: CurrentCaller, store: CurrentStore, files: CurrentFiles
) -> Response:
    """Attaches one file: JPEG, PNG or PDF, 10 MB at most, five to a petition."""
    snapshot = await store.get(petition, id)
    _permit(caller, None if snapshot is None else snapshot.state)
    cause, _ = cause_of(request, caller, b"")
    if cause is None and snapshot is not None:
        room_for_one(snapshot.state)
    upload, cleaned = await _cleaned(request)
    name = clean_name(upload.name, cleaned.media_type)
    sent = sha256(upload.content).digest() + name.encode()
    cause, fingerprint = cause_of(request, caller, sent)
    stream = petition.stream(id)
    stored = await files.put(
        stream, name, cleaned.media_type, _once(cleaned.content), len(cleaned.content)
    )
    command = Attach(caller.sub, stored.id, name, stored.media_type, stored.size, stored.sha256)
    try:
        outcome = await store.do(
            petition,
            id,
            command,
            actor=caller.sub,
            cause=cause,
            fingerprint=fingerprint,
            permit=lambda state, version: _permit(caller, state if version else None),
        )
    except (Busy, Unavailable):
        raise  # it may have been recorded: a sweep of the files finds out
    except Exception:
        await files.delete(stored.id)
        raise
    file = stored.id
    if outcome.repeated:
        await files.delete(stored.id)
        file = await _first_time(store, stream, outcome.version)
    return JSONResponse(
        {"id": id, "version": outcome.version, "file": file},
        201,
        {
            "Location": f"/petitions/{id}/attachments/{file}",
            "ETag": f'"{outcome.version}"',
            "Cache-Control": "no-store",
        },
    )


@queries.get("/petitions/{id}/attachments", may=anyone, note="who has to do with the answer")
async def attachments(
    id: Id, caller: CurrentCaller, store: CurrentStore, files: CurrentFiles
) -> dict[str, Any]:
    """The files of a petition, the first one in front."""
    state, entries = await _dossier(store, caller, id)
    there = {stored.id for stored in await files.of(petition.stream(id))}
    items = [
        {"at": entry.at, **entry.data}
        for entry in entries
        if _is_attachment(entry) and entry.data["file"] in there
    ]
    return {"items": veiled(items, petitions_api.veil(state, caller)), "next": None}


@queries.get(
    "/petitions/{id}/attachments/{file}",
    may=anyone,
    note="who has to do with the answer",
    **gives(*ENDINGS),
)
async def attachment(
    id: Id,
    file: Id,
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    files: CurrentFiles,
) -> Response:
    """One file, to be saved."""
    _, entries = await _dossier(store, caller, id)
    if not any(_is_attachment(entry) and entry.data["file"] == file for entry in entries):
        raise NotFound
    try:
        stored, content = await files.open(file)
    except NoSuchFile:
        raise NotFound from None
    headers = {**NO_PAGE, "ETag": f'"{stored.sha256}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    plain = f"attachment{ENDINGS[stored.media_type]}"
    named = quote(stored.name, safe="")
    headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{named}"
    headers["Content-Length"] = str(stored.size)
    return StreamingResponse(content, 200, headers, stored.media_type)


def _permit(caller: Caller, state: Petition | None) -> None:
    """Raises where the caller may not attach anything; None stands for no petition."""
    if state is None or not _sees.allows(caller, state, None):
        raise NotFound
    if not _comments.allows(caller, state, None):
        raise Forbidden


async def _cleaned(request: Request) -> tuple[Upload, Clean]:
    """What was sent and what is kept of it. Raises `Refused`."""
    try:
        upload = await read_upload(request, "file", MOST_BYTES)
    except UploadTooLarge:
        raise Refused(
            "attachment-too-large",
            f"a file may have {MOST_BYTES // 1024**2} MB at most",
            413,
            # What is still to come of the body is not read.
            {"Connection": "close"},
            most=MOST_BYTES // 1024**2,
        ) from None
    loop = asyncio.get_running_loop()
    try:
        return upload, await loop.run_in_executor(_cleaners, clean, upload.content)
    except Unfit as unfit:
        raise Refused(
            "attachment-unfit", f"send a JPEG, PNG or PDF that can be opened: {unfit}", 415
        ) from None


async def _dossier(store: Store, caller: Caller, id: str) -> tuple[Petition, list[DossierEntry]]:
    """A petition and its dossier, whose reading is recorded but for the petitioner's own. Raises
    `NotFound`.
    """
    snapshot = await store.get(petition, id)
    if snapshot is None or not (
        _sees.allows(caller, snapshot.state, None)
        and _sees_files.allows(caller, snapshot.state, None)
    ):
        raise NotFound
    stream = petition.stream(id)
    if snapshot.state.petitioner == caller.sub:
        return snapshot.state, await store.journal.dossier(stream)
    return snapshot.state, await show_dossier(store, caller, stream, "attachments")


async def _first_time(store: Store, stream: str, version: int) -> str:
    """The file that a request brought when it came for the first time."""
    entries = await store.journal.dossier(stream)
    found = [e.data["file"] for e in entries if _is_attachment(e) and e.version == version]
    if not found:  # forgotten meanwhile
        raise NotFound
    return str(found[0])


def _is_attachment(entry: DossierEntry) -> bool:
    return entry.name == AttachmentAdded.__name__


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
