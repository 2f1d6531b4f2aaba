"""What holders have and show: their credentials, the documents behind them, presentations."""

import io
import json
from typing import Annotated, Any

import segno
from fastapi import Body, Path, Response
from pydantic import StringConstraints

from services.ledger.credentials.codes import grouped, read_code
from services.ledger.credentials.plain_json import canonical
from services.ledger.credentials.writing import credential_address, presentation
from services.ledger.domain.credentials.credential import (
    credential,
    may_be_replaced,
    open_verbs,
)
from services.ledger.domain.credentials.credential_commands import (
    GiveUpCredential,
    RevokeCredential,
)
from services.ledger.domain.credentials.credential_state import Credential
from services.ledger.domain.credentials.documents import MOST_CLAIMS
from services.ledger.domain.credentials.sealed_document import SealedDocument, sealed_document
from services.ledger.issuing import issuing_in_use
from services.ledger.views.credentials import (
    credential_coded,
    credentials_of,
    documents_held_by,
)
from shared.contracts.types import Id, at_most
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentStore, Dossier, Verb, aggregate_api
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.policies import administrator, anyone, owner
from shared.runtime.policies import holder as among
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store

JSON = "application/json"
SVG = "image/svg+xml"
PRESENTATION = "application/vp"
QR_SCALE = 4
"""Points to a module."""

ClaimName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,63}$")]
holder = owner("holder")


def shown(state: Credential, caller: Caller) -> dict[str, Any]:
    """A credential as its holder and the issuer see it: how it stands, not what it says."""
    return {
        "status": state.status,
        "about": state.about,
        "holder": state.holder,
        "digest": state.digest,
        "code": grouped(state.code),
        "link": credential_address(issuing_in_use().base, state.code),
        "list": state.list,
        "entry": state.entry,
        "issued_at": state.issued_at,
        "valid_until": state.valid_until,
        "replaces": state.replaces,
        "because": state.because,
        "can_reissue": caller.sub == state.holder and may_be_replaced(state),
    }


credentials_api = aggregate_api(
    credential,
    collection="credentials",
    tag="Credentials",
    verbs={
        "give-up": Verb(GiveUpCredential, may=holder),
        "revoke": Verb(RevokeCredential, may=administrator),
    },
    open=lambda state, _caller: open_verbs(state),
    see=holder | administrator,
    shown=shown,
    dossier=Dossier(see=holder, names=("CredentialRevocationExplained",), subject="holder"),
)


def shown_document(state: SealedDocument, _caller: Caller) -> dict[str, Any]:
    """A document as one of its holders sees it: not who else holds it."""
    return {"source": state.source, "withdrawn": state.withdrawn}


documents_api = aggregate_api(
    sealed_document,
    collection="documents",
    tag="Credentials",
    open=lambda _state, _caller: (),
    see=among("holders"),
    shown=shown_document,
    veil=lambda state, caller: [one for one in state.holders if one != caller.sub],
)

queries = Queries(tags=["Credentials"])


@queries.get("/credentials", may=anyone, note="the caller's own")
async def my_credentials(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The caller's credentials."""
    asked = credentials_of(caller.sub, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find(credential.kind, asked)
    items = [{"id": one.id, **shown(store.read(credential, one), caller)} for one in page.items]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/documents", may=anyone, note="the caller's own")
async def my_documents(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The documents, by their digests, of which the caller may have a credential made."""
    asked = documents_held_by(caller.sub, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find(sealed_document.kind, asked)
    items = [
        {"id": one.id, **shown_document(store.read(sealed_document, one), caller)}
        for one in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/credentials/with-code/{code}", may=administrator)
async def credential_with_code(
    code: Annotated[str, Path(max_length=40)], store: CurrentStore
) -> dict[str, Any]:
    """Which credential has a short code: for who is to revoke it."""
    read = read_code(code)
    page = await store.journal.find(credential.kind, credential_coded(read or "-"))
    if not page.items:
        raise NotFound
    return {"id": page.items[0].id}


@queries.get("/credentials/{id}/document", may=anyone, note="the holder", **gives(JSON))
async def whole_credential(id: Id, caller: CurrentCaller, store: CurrentStore) -> Response:
    """The signed credential, and its claims with the salts that show them: to be kept."""
    signed, disclosures = await _written(store, id, caller)
    code = signed["id"].rpartition("/")[2]
    return Response(
        canonical({"credential": signed, "disclosures": disclosures}),
        media_type=JSON,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{code}.json"',
        },
    )


@queries.post("/credentials/{id}/present", may=anyone, note="the holder", **gives(PRESENTATION))
async def present_credential(
    id: Id,
    claims: Annotated[tuple[ClaimName, ...], at_most(MOST_CLAIMS), Body(embed=True)],
    caller: CurrentCaller,
    store: CurrentStore,
) -> Response:
    """The credential with these of its claims and no other: what the holder gives away. It can be
    made without asking, too, from what ``document`` gives.
    """
    signed, disclosures = await _written(store, id, caller)
    by_name = {one["name"]: one for one in disclosures}
    for name in claims:
        if name not in by_name:
            raise Invalid("claims", f"the credential says nothing of {name}")
    chosen = [by_name[name] for name in dict.fromkeys(claims)]
    return Response(
        canonical(presentation(signed, chosen)),
        media_type=PRESENTATION,
        headers={"Cache-Control": "no-store"},
    )


@queries.get("/credentials/{id}/qr", may=anyone, note="the holder", **gives(SVG))
async def credential_qr(id: Id, caller: CurrentCaller, store: CurrentStore) -> Response:
    """The link to how the credential stands, as a QR code: for paper, beside the short code."""
    known = await store.get(credential, id)
    if known is None or known.state.holder != caller.sub:
        raise NotFound
    drawn = io.BytesIO()
    link = credential_address(issuing_in_use().base, known.state.code)
    segno.make_qr(link, error="m").save(drawn, kind="svg", scale=QR_SCALE, title=link)
    headers = {"Cache-Control": "no-store"}
    return Response(drawn.getvalue(), media_type=SVG, headers=headers)


async def _written(
    store: Store, id: str, caller: Caller
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The signed credential and its claims, for its holder."""
    known = await store.get(credential, id)
    if known is None or known.state.holder != caller.sub:
        raise NotFound
    for entry in await store.journal.dossier(credential.stream(id)):
        if entry.name == "CredentialWritten":
            return json.loads(entry.data["credential"]), json.loads(entry.data["disclosures"])
    raise NotFound
