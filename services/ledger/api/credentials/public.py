"""What everybody can ask about credentials, without a token: who signs them, how one stands, which
were revoked, and whether what somebody shows is genuine.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import Path, Request, Response

from services.ledger.credential_page import PAGE, POLICY
from services.ledger.credentials.checking import check
from services.ledger.credentials.codes import grouped, read_code
from services.ledger.credentials.plain_json import Unreadable, canonical, read_json
from services.ledger.credentials.status_list import FRESH_FOR, list_address
from services.ledger.credentials.words import said
from services.ledger.credentials.writing import credential_address, moment
from services.ledger.domain.credentials.credential import credential
from services.ledger.domain.credentials.status_list import status_list
from services.ledger.issuing import Signatory, issuing_in_use
from services.ledger.proving import the_log
from services.ledger.views.credentials import credential_coded
from shared.runtime.api import CurrentStore
from shared.runtime.bodies import MAX_BODY, read_body
from shared.runtime.policies import public
from shared.runtime.problems import Invalid, NotFound, Problem, Refused
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store

JSON = "application/json"
CREDENTIAL = "application/vc"
DID = "application/did"
MOST_LISTS = 1_000_000
KEPT_FOR = FRESH_FOR // timedelta(seconds=1)
SHOWN: dict[str, Any] = {
    "requestBody": {"required": True, "content": {JSON: {"schema": {"type": "object"}}}}
}

queries = Queries(tags=["Credentials"])

ListNumber = Annotated[int, Path(ge=1, le=MOST_LISTS)]


@queries.get("/.well-known/did.json", may=public, **gives(DID))
async def issuer_document(store: CurrentStore) -> Response:
    """The issuer's DID document: its keys, the present one and those before it."""
    document = issuing_in_use().did_document(await the_log(store))
    return _kept(orjson.dumps(document), DID)


@queries.get("/did.json", may=public, note="where the ledger's name has a path", **gives(DID))
async def issuer_document_below_a_path(store: CurrentStore) -> Response:
    """The same, where ``did:web`` looks for it when the ledger's address has a path."""
    return await issuer_document(store)


@queries.get("/check", may=public, **gives("text/html"))
async def check_page() -> Response:
    """A page that checks a credential in the browser and asks nobody; it works from a disk, too."""
    return Response(PAGE, media_type="text/html", headers={"Content-Security-Policy": POLICY})


@queries.get("/status-lists/{number}", may=public, **gives(CREDENTIAL))
async def published_status_list(number: ListNumber, store: CurrentStore) -> Response:
    """Which credentials of a list were revoked, as a signed credential."""
    listed = await _status_list(store, issuing_in_use(), number)
    if listed is None:
        raise NotFound
    return _kept(canonical(listed), CREDENTIAL)


@queries.get("/public/credentials/{code}", may=public, note="how it stands, not what it says")
async def how_a_credential_stands(
    code: Annotated[str, Path(max_length=40)], response: Response, store: CurrentStore
) -> dict[str, Any]:
    """Whether the credential with a short code is valid, revoked or expired. 422 `code-misread`
    where the last character does not fit the others.
    """
    read = read_code(code)
    if read is None:
        raise Refused("code-misread", "this is no code: compare it character by character", 422)
    page = await store.journal.find(credential.kind, credential_coded(read))
    if not page.items:
        raise NotFound
    state = store.read(credential, page.items[0])
    over = state.valid_until is not None and state.valid_until <= store.clock.now()
    stands = {"issued": "expired" if over else "valid"}
    in_use = issuing_in_use()
    response.headers["Cache-Control"] = "no-store"
    return {
        "code": grouped(state.code),
        "id": credential_address(in_use.base, state.code),
        "verdict": stands.get(state.status, state.status),
        "about": state.about,
        "issuer": in_use.did,
        "valid_from": None if state.issued_at is None else moment(state.issued_at),
        "valid_until": None if state.valid_until is None else moment(state.valid_until),
        "status_list": list_address(in_use.base, state.list),
    }


@queries.post("/verify", may=public, openapi_extra=SHOWN)
async def verify_credential(
    request: Request, response: Response, store: CurrentStore
) -> dict[str, Any]:
    """Whether a credential of this issuer, or a presentation of one, is genuine and valid now; and
    in plain words what that shows and what it does not. Nothing of it is kept.
    """
    try:
        given = read_json(await read_body(request, MAX_BODY))
    except Unreadable:
        raise Problem(400, "malformed-json") from None
    in_use, now = issuing_in_use(), store.clock.now()
    listed = await _named_list(store, in_use, given)
    try:
        found = check(given, in_use.issuer(await the_log(store)), now, listed)
    except Unreadable as unreadable:
        raise Invalid("", unreadable.reason) from None
    response.headers["Cache-Control"] = "no-store"
    return {
        "verdict": found.verdict,
        "wrong": found.wrong or None,
        "kind": found.kind or None,
        "issuer": found.issuer or None,
        "valid_from": found.valid_from or None,
        "valid_until": found.valid_until or None,
        "shown": found.shown,
        "hidden": found.hidden,
        "status_of": found.status_of,
        "said": said(found),
    }


async def _named_list(store: Store, in_use: Signatory, given: Any) -> dict[str, Any] | None:
    """The status list that a credential names, where it is one of ours."""
    try:
        inside = given.get("verifiableCredential", [given])[0]
        named = inside["credentialStatus"]["statusListCredential"]
        start, _, number = named.rpartition("/")
    except (AttributeError, KeyError, IndexError, TypeError):
        return None
    if f"{start}/" != list_address(in_use.base, 0)[:-1] or not number.isdecimal():
        return None
    if len(number) > len(str(MOST_LISTS)):
        return None
    return await _status_list(store, in_use, int(number))


async def _status_list(store: Store, in_use: Signatory, number: int) -> dict[str, Any] | None:
    known = await store.get(status_list, str(number))
    if known is None:
        return None
    return in_use.status_list(number, known.state.revoked, store.clock.now())


def _kept(content: bytes, media_type: str) -> Response:
    """An answer that may be kept for some minutes."""
    headers = {
        "Cache-Control": f"public, max-age={KEPT_FOR}",
        "ETag": f'"{sha256(content).hexdigest()[:32]}"',
    }
    return Response(content, media_type=media_type, headers=headers)
