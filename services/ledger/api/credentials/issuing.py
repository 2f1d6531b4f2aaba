"""Credentials are asked for: with a document, or in the place of another one."""

from typing import Any

from fastapi import Request, Response

from services.ledger.credentials.plain_json import Unreadable, read_json
from services.ledger.domain.credentials.credential import (
    credential,
    digest_of,
    first_id,
    next_id,
)
from services.ledger.domain.credentials.credential_commands import IssueCredential
from services.ledger.domain.credentials.sealed_document import sealed_document
from services.ledger.domain.credentials.status_list import GiveEntry, status_list
from services.ledger.proving import with_digest
from services.ledger.views.credentials import lists_with_room
from shared.contracts.types import Id
from shared.runtime.aggregate import Rejected
from shared.runtime.api import CurrentCaller, CurrentStore
from shared.runtime.bodies import MAX_BODY, read_body
from shared.runtime.endpoints import cause_of
from shared.runtime.outcome import Busy, Outcome
from shared.runtime.policies import anyone
from shared.runtime.problems import Invalid, NotFound, Problem
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_LISTS_TRIED = 5
JSON = "application/json"
DOCUMENT: dict[str, Any] = {
    "requestBody": {"required": True, "content": {JSON: {"schema": {"type": "object"}}}}
}

queries = Queries(tags=["Credentials"])


@queries.post(
    "/credentials",
    may=anyone,
    note="of a document sealed for the caller",
    openapi_extra=DOCUMENT,
    status_code=201,
)
async def issue_credential(
    request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Makes a credential from a document, sent byte for byte as the service gave it out that made
    it.
    """
    raw = await read_body(request, MAX_BODY)
    words = _words(raw)
    cause, fingerprint = cause_of(request, caller, raw)
    outcome = await issue(store, caller.sub, words, cause=cause, fingerprint=fingerprint)
    return _told(response, outcome)


@queries.post("/credentials/{id}/reissue", may=anyone, note="the holder", status_code=201)
async def reissue_credential(
    id: Id, request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Makes another credential of the same document, with another code and other salts; the one
    that it replaces is revoked.
    """
    if await read_body(request, MAX_BODY) not in (b"", b"{}"):
        raise Invalid("", "nothing is to be said here")
    known = await store.get(credential, id)
    if known is None or known.state.holder != caller.sub:
        raise NotFound
    entries = await store.journal.dossier(credential.stream(id))
    words = next((one.data["document"] for one in entries if one.name == "CredentialWritten"), None)
    if words is None:
        raise NotFound
    cause, fingerprint = cause_of(request, caller, b"")
    outcome = await issue(store, caller.sub, words, id, cause=cause, fingerprint=fingerprint)
    return _told(response, outcome)


def _told(response: Response, outcome: Outcome) -> dict[str, Any]:
    response.headers["Location"] = f"/credentials/{outcome.id}"
    response.headers["Cache-Control"] = "no-store"
    return {"id": outcome.id, "version": outcome.version}


async def issue(
    store: Store,
    holder: str,
    words: str,
    replaces: str | None = None,
    *,
    cause: str | None = None,
    fingerprint: str | None = None,
) -> Outcome:
    """Gives an entry in a status list, and then issues the credential. A crash between the two
    loses the entry. Raises what `Store.do` raises.
    """
    digest = digest_of(words)
    id = first_id(digest, holder) if replaces is None else next_id(replaces)
    command = IssueCredential(holder, words, await _place(store, id, digest, holder), replaces)
    return await store.do(
        credential, id, command, actor=holder, cause=cause, fingerprint=fingerprint
    )


async def _place(store: Store, id: str, digest: str, holder: str) -> tuple[int, int] | None:
    """A status list and an entry in it that nobody else has; None where no credential will be
    issued anyway. One that is not used in the end is lost: there are many.
    """
    sealed = await store.get(sealed_document, digest)
    if sealed is None or holder not in sealed.state.holders or sealed.state.withdrawn:
        return None
    if await store.get(credential, id) is not None or not await with_digest(store, digest):
        return None
    for _ in range(MOST_LISTS_TRIED):
        page = await store.journal.find(status_list.kind, lists_with_room())
        number = int(page.items[0].id) if page.items else await _next_list(store)
        try:
            # Whose entry it is stands in the credential, and nowhere else.
            given = await store.do(status_list, str(number), GiveEntry(), actor=store.service)
        except Rejected:
            continue  # others were faster: this list is full now
        return number, given.state.last
    raise Busy


async def _next_list(store: Store) -> int:
    return 1 + await store.journal.count(status_list.kind, {})


def _words(raw: bytes) -> str:
    """The document as it came. Raises `Problem`."""
    try:
        document = read_json(raw)
    except Unreadable:
        raise Problem(400, "malformed-json") from None
    if not isinstance(document, dict):
        raise Invalid("", "expected the document itself")
    return raw.decode()
