"""At a till: the account's code is shown, and the till of a shop takes points with it."""

from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.volunteering.access import for_a_shop
from services.volunteering.api.bank.accounts import kept
from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import Redeem
from services.volunteering.till_codes import (
    DIGITS,
    code_at,
    good_until,
    is_code,
    secret_in_use,
)
from shared.contracts.types import Id, Points
from shared.runtime.aggregate import Rejected
from shared.runtime.api import CurrentCaller, CurrentStore
from shared.runtime.bodies import read_body
from shared.runtime.endpoints import cause_of
from shared.runtime.policies import anyone
from shared.runtime.problems import Problem, field_errors
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_BODY = 4 * 1024
"""Bytes."""

queries = Queries(tags=["Points bank"])


class Taken(BaseModel):
    """The code that was shown, and how many points the till takes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: Annotated[str, Field(pattern=rf"^[0-9]{{{DIGITS}}}$")]
    points: Points


TAKEN: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Taken.model_json_schema()}},
    }
}


@queries.get("/accounts/{id}/till-code", may=anyone, note="who keeps the account")
async def till_code(
    id: Id, caller: CurrentCaller, store: CurrentStore, response: Response
) -> dict[str, Any]:
    """The code to show at a till, with the account's id: good for two minutes at most, and once."""
    state = await kept(store, caller, id)
    now = store.clock.now()
    response.headers["Cache-Control"] = "no-store"
    return {
        "account": id,
        "code": code_at(id, state.till.uses, now, secret_in_use()),
        "until": good_until(now),
        "balance": state.balance,
    }


@queries.post(
    "/accounts/{id}/redeem",
    may=for_a_shop,
    note="the tills of admitted shops, with the account's code",
    openapi_extra=TAKEN,
)
async def redeem(
    id: Id, request: Request, caller: CurrentCaller, store: CurrentStore, response: Response
) -> dict[str, Any]:
    """The shop's till takes points. A wrong code is counted: after five no till takes anything from
    the account for a quarter of an hour.
    """
    raw = await read_body(request, MOST_BODY)
    try:
        given = Taken.model_validate_json(raw or b"{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None
    cause, fingerprint = cause_of(request, caller, raw)
    snapshot = await store.get(account, id)
    uses = 0 if snapshot is None else snapshot.state.till.uses
    # A code is reckoned in any case, so that both refusals take as long.
    fits = is_code(given.code, id, uses, store.clock.now(), secret_in_use())
    if snapshot is None:
        raise _wrong_code()
    command = Redeem(caller.org or "", given.points, uses if fits else None)
    outcome = await store.do(
        account, id, command, actor=caller.sub, cause=cause, fingerprint=fingerprint
    )
    if outcome.repeated:
        fits = await _took(store, cause)
    if not fits:
        raise _wrong_code()
    response.headers["Cache-Control"] = "no-store"
    return {"id": id, "version": outcome.version}


async def _took(store: Store, cause: str | None) -> bool:
    """Whether the request had taken points when it came first."""
    seen = await store.journal.by_cause([] if cause is None else [cause])
    return any(event.name == "PointsRedeemed" for one in seen.values() for event in one.events)


def _wrong_code() -> Rejected:
    return Rejected("wrong-till-code", "this code is wrong, or too old: show the present one")
