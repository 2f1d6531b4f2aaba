"""Agreements are signed, with a code of one's own that is good for minutes."""

from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.api.agreements.drafts import body_of, parsed
from services.mediation.api.agreements.words import is_in
from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import SignAgreement
from services.mediation.domain.agreements.agreement_state import Agreement
from services.mediation.domain.agreements.terms import MOST_VERSIONS
from services.mediation.sign_codes import DIGITS, code_at, good_until, is_code, secret_in_use
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.bodies import read_body
from shared.runtime.endpoints import cause_of
from shared.runtime.identity import Caller
from shared.runtime.policies import anyone
from shared.runtime.problems import Forbidden, NotFound, Refused
from shared.runtime.queries import Queries
from shared.runtime.store import Store
from shared.runtime.tries import Locked, Tries

MOST_BODY = 4 * 1024
"""Bytes."""

queries = Queries(tags=["Agreements"])


class Signature(BaseModel):
    """The number of the version that is signed, its digest, and the code for it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: Annotated[int, Field(ge=1, le=MOST_VERSIONS)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    code: Annotated[str, Field(pattern=rf"^[0-9]{{{DIGITS}}}$")]


@queries.get("/agreements/{id}/sign-code", may=anyone, note="who signs for a party")
async def sign_code(
    id: Id, caller: CurrentCaller, store: CurrentStore, response: Response
) -> dict[str, Any]:
    """The caller's code for the present version: good for five minutes at most."""
    state = await _signer(store, caller, id)
    now = store.clock.now()
    response.headers["Cache-Control"] = "no-store"
    return {
        "agreement": id,
        "number": state.version,
        "digest": state.digest,
        "code": code_at(id, state.version, state.digest, caller.sub, now, secret_in_use()),
        "until": good_until(now),
    }


@queries.post(
    "/agreements/{id}/sign",
    may=anyone,
    note="who signs for a party, with their code",
    openapi_extra=body_of(Signature),
)
async def sign(
    id: Id,
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    response: Response,
) -> dict[str, Any]:
    """Signs a version for one's party. After five wrong codes none is looked at for a quarter of an
    hour.
    """
    raw = await read_body(request, MOST_BODY)
    await _signer(store, caller, id)
    given = parsed(Signature, raw)
    tries: Tries = copies["tries"]
    key, now = f"{id} {caller.sub}", store.clock.now()
    try:
        tries.one_more(key, now)
    except Locked as locked:
        raise Refused(
            "sign-code-locked",
            f"too many wrong codes: wait {locked.seconds} seconds",
            429,
            {"Retry-After": str(locked.seconds)},
            seconds=locked.seconds,
        ) from None
    cause, fingerprint = cause_of(request, caller, raw)
    number, digest = given.number, given.digest
    known = await store.journal.by_cause([] if cause is None else [cause])
    fits = is_code(given.code, id, number, digest, caller.sub, now, secret_in_use())
    if not fits and not known:
        raise Refused("wrong-sign-code", "this code is wrong, or too old: ask for another", 409)
    tries.clear(key)
    outcome = await store.do(
        agreement,
        id,
        SignAgreement(caller.sub, number, digest),
        actor=caller.sub,
        cause=cause,
        fingerprint=fingerprint,
    )
    response.headers["ETag"] = f'"{outcome.version}"'
    response.headers["Cache-Control"] = "no-store"
    return {"id": id, "version": outcome.version}


async def _signer(store: Store, caller: Caller, id: str) -> Agreement:
    """The agreement, for who speaks for a party of it. Raises `NotFound`, `Forbidden`."""
    snapshot = await store.get(agreement, id)
    if snapshot is None or not is_in(snapshot.state, caller.sub):
        raise NotFound
    if caller.sub not in snapshot.state.holders:
        raise Forbidden
    return snapshot.state
