"""Agreements are signed, with a code of one's own that is good for minutes."""

from typing import Any

from fastapi import Response

from services.mediation.api.agreements.words import is_in
from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import GiveSignCode, SignAgreement
from services.mediation.sign_codes import code_at, good_until, is_code, secret_in_use
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentStore, Sent
from shared.runtime.policies import anyone
from shared.runtime.problems import Forbidden, NotFound, Refused
from shared.runtime.queries import Queries
from shared.runtime.tries import Locked, Tries

queries = Queries(tags=["Agreements"])


@queries.get("/agreements/{id}/sign-code", may=anyone, note="who signs for a party")
async def sign_code(
    id: Id, caller: CurrentCaller, store: CurrentStore, response: Response
) -> dict[str, Any]:
    """The caller's code for the present version: good for five minutes at most."""
    snapshot = await store.get(agreement, id)
    if snapshot is None or not is_in(snapshot.state, caller.sub):
        raise NotFound
    state = snapshot.state
    if caller.sub not in state.holders:
        raise Forbidden
    now = store.clock.now()
    response.headers["Cache-Control"] = "no-store"
    return {
        "agreement": id,
        "number": state.version,
        "digest": state.digest,
        "code": code_at(id, state.version, state.digest, caller.sub, now, secret_in_use()),
        "until": good_until(now),
    }


async def signature(sent: Sent, asked: GiveSignCode) -> SignAgreement:
    """A good code is a signature. After five wrong ones none is looked at for a quarter of an hour.
    Raises `Refused`.
    """
    tries: Tries = sent.copies["tries"]
    key, now = f"{sent.id} {asked.by}", sent.store.clock.now()
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
    number, digest, secret = asked.number, asked.digest, secret_in_use()
    if not is_code(asked.code, sent.id, number, digest, asked.by, now, secret):
        raise Refused("wrong-sign-code", "this code is wrong, or too old: ask for another", 409)
    tries.clear(key)
    return SignAgreement(asked.by, number, digest)
