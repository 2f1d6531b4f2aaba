"""Agreements are read: the list of a dispute's, what changed between versions, the document."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from hmac import compare_digest
from typing import Annotated, Any

import orjson
from fastapi import Query, Response

from services.mediation.api.agreements.differences import differences
from services.mediation.api.agreements.table import shown
from services.mediation.api.agreements.words import document_of, is_in, seen
from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_state import Agreement, Status
from services.mediation.domain.agreements.terms import MOST_VERSIONS
from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.facts.agreements import canonical
from services.mediation.settlement_pdf import Proof, settlement_pdf
from services.mediation.views.agreements import agreements_in
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentStore
from shared.runtime.policies import anyone, public
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries, gives

JSON, PDF = "application/json", "application/pdf"
PRINTED_AT_ONCE = 1
"""Documents set at the same time in a process: the font is shared."""

_printers = ThreadPoolExecutor(PRINTED_AT_ONCE, "printing")

queries = Queries(tags=["Agreements"])


@queries.get("/disputes/{id}/agreements", may=anyone, note="who is in the agreements")
async def agreements_of_dispute(
    id: Id, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """The agreements of a dispute that the caller is in, without their words."""
    found = await store.get(dispute, id)
    if found is None or not (
        caller.sub in found.state.people or circle_of(found.state).has(caller.sub)
    ):
        raise NotFound
    page = await store.journal.find("agreement", agreements_in(id))
    states = [(one, store.read(agreement, one)) for one in page.items]
    items = [
        {"id": one.id, "version": one.version, **shown(state, caller)}
        for one, state in states
        if is_in(state, caller.sub)
    ]
    return {"items": items, "next": None}


@queries.get("/agreements/{id}/differences", may=anyone, note="who is in the agreement")
async def agreement_differences(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    before: Annotated[int, Query(alias="from", ge=1, le=MOST_VERSIONS)],
    after: Annotated[int, Query(alias="to", ge=1, le=MOST_VERSIONS)],
) -> dict[str, Any]:
    """What changed from one version to another, clause by clause and word by word."""
    _, found = await seen(store, caller, id, "versions of an agreement")
    for field, number in (("from", before), ("to", after)):
        if number not in found:
            raise Invalid(field, "there is no such version")
    return {
        "from": before,
        "to": after,
        **differences(found[before].worded, found[after].worded),
    }


@queries.get("/agreements/{id}/document", may=anyone, note="who is in the agreement", **gives(JSON))
async def settlement_document(id: Id, caller: CurrentCaller, store: CurrentStore) -> Response:
    """The present version in canonical form: of these very bytes the SHA-256 is its digest. Where a
    party was erased they are not those that were signed: `masked` says so.
    """
    state, found = await seen(store, caller, id, "document of an agreement")
    written = canonical(document_of(state, found[state.version]))
    return Response(written, media_type=JSON, headers=_saved_as(f"{id}.json"))


@queries.get(
    "/agreements/{id}/settlement", may=anyone, note="who is in the agreement", **gives(PDF)
)
async def settlement(id: Id, caller: CurrentCaller, store: CurrentStore) -> Response:
    """The present version to be printed, with who has signed it when and what proves it."""
    state, found = await seen(store, caller, id, "settlement to be printed")
    written = document_of(state, found[state.version])
    proof = Proof(
        state.digest,
        {one.party: one.at for one in state.signatures},
        state.status is not Status.DRAFTED,
    )
    loop = asyncio.get_running_loop()
    content = await loop.run_in_executor(_printers, settlement_pdf, written, proof)
    return Response(content, media_type=PDF, headers=_saved_as(f"{id}.pdf"))


@queries.get("/public/agreements/{id}", may=public)
async def check_settlement(
    id: Id,
    digest: Annotated[str, Query(min_length=64, max_length=64, pattern="^[0-9a-fA-F]{64}$")],
    store: CurrentStore,
) -> Response:
    """Whether this is the digest of an agreement that all parties signed, and what became of it. A
    digest that does not fit is answered as an agreement that there is not.
    """
    snapshot = await store.get(agreement, id)
    known = Agreement() if snapshot is None else snapshot.state
    verdict: dict[str, Any] = {"agreement": id, "verdict": "unknown"}
    if compare_digest(known.digest, digest.lower()):
        verdict = {
            "agreement": id,
            "number": known.version,
            "verdict": VERDICTS[known.status],
            "since": known.since,
        }
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(verdict), media_type=JSON, headers=headers)


VERDICTS = {
    Status.NONE: "unknown",
    Status.DRAFTED: "not-signed",
    Status.DROPPED: "not-signed",
    Status.SIGNED: "signed",
    Status.IN_FORCE: "in-force",
    Status.KEPT: "kept",
    Status.BROKEN: "broken",
    Status.REVOKED: "revoked",
}
"""What is told of an agreement to who has its document."""


def _saved_as(name: str) -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
