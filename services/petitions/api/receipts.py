"""By receipt, without a token: where a petition stands, and what its answer is worth. For those
who called, came by, or do not want to log in; the code that belongs to the receipt is their key.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.petitions import views
from services.petitions.api.known import public_place
from services.petitions.domain.by_receipt import ANYBODY, RateByReceipt
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from services.petitions.domain.verbs import OPEN
from services.petitions.receipts import (
    Misread,
    grouped,
    is_code,
    read_receipt,
    secret_in_use,
)
from shared.contracts.types import Stars, Word
from shared.runtime.api import CurrentCopies, CurrentStore
from shared.runtime.bodies import read_body
from shared.runtime.copies import Copies
from shared.runtime.endpoints import cause_of
from shared.runtime.identity import Caller
from shared.runtime.policies import public
from shared.runtime.problems import NotFound, Problem, Refused, field_errors
from shared.runtime.queries import Queries
from shared.runtime.store import Store
from shared.runtime.tries import Locked, Tries

MOST_BODY = 16 * 1024
"""Bytes of a judgement: who sends it is not known."""

queries = Queries(tags=["Receipts"])

Receipt = Annotated[str, Path(max_length=40)]
Code = Annotated[str, Query(min_length=1, max_length=40)]


class Judgement(BaseModel):
    """What is said of the answer, and the receipt's code."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: Annotated[str, Field(min_length=1, max_length=40)]
    stars: Stars
    solved: bool = False
    word: Word = ""


JUDGEMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Judgement.model_json_schema()}},
    }
}


@queries.get("/receipts/{receipt}", may=public, note="who has the receipt's code")
async def by_receipt(
    receipt: Receipt, code: Code, response: Response, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Where a petition stands; its answer, once there is one. No names, no words of the petition.

    A wrong code is answered as a receipt that there is not; after five of them, 429 for a quarter
    of an hour. 422 `receipt-misread` where the check digit does not fit.
    """
    id, state = await _found(store, copies, receipt, code)
    response.headers["Cache-Control"] = "no-store"
    return {
        "receipt": None if state.receipt is None else grouped(state.receipt),
        "status": state.status,
        "category": state.category,
        "place": public_place(copies, state.path),
        "level": state.level,
        "filed_at": state.filed_at,
        "answer_by": state.answer_by,
        "suspended_until": None if state.pause is None else state.pause.until,
        "outcome": state.outcome,
        "answer": await _answer(store, id, state),
        "can_rate": state.petitioner is None and "rate" in OPEN[state.status],
    }


@queries.post(
    "/receipts/{receipt}/rate",
    may=public,
    note="who has the receipt's code",
    openapi_extra=JUDGEMENT,
)
async def rate_by_receipt(
    receipt: Receipt,
    request: Request,
    response: Response,
    store: CurrentStore,
    copies: CurrentCopies,
) -> dict[str, Any]:
    """Judges the answer to a petition that nobody was logged in for."""
    raw = await read_body(request, MOST_BODY)
    try:
        given = Judgement.model_validate_json(raw or b"{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None
    id, state = await _found(store, copies, receipt, given.code)
    cause, fingerprint = cause_of(request, Caller(f"{ANYBODY}:{state.receipt}"), raw)
    outcome = await store.do(
        petition,
        id,
        RateByReceipt(given.stars, given.solved, given.word),
        actor=ANYBODY,
        cause=cause,
        fingerprint=fingerprint,
    )
    response.headers["Cache-Control"] = "no-store"
    return {"receipt": grouped(state.receipt or ""), "version": outcome.version}


async def _found(store: Store, copies: Copies, given: str, code: str) -> tuple[str, Petition]:
    """The petition of a receipt, for whoever has its code. Raises `Refused`, `NotFound`."""
    try:
        receipt = read_receipt(given)
    except Misread:
        raise Refused(
            "receipt-misread", "this is no receipt number: compare it digit by digit", 422
        ) from None
    async with _tried(copies["tries"], store, receipt):
        page = await store.journal.find(petition.kind, views.by_receipt(receipt))
    # A code is compared in any case, so that both refusals take as long.
    stored = page.items[0] if page.items else None
    if not is_code(code, "" if stored is None else stored.id, secret_in_use()) or stored is None:
        raise NotFound
    copies["tries"].clear(receipt)
    return stored.id, store.read(petition, stored)


@asynccontextmanager
async def _tried(tries: Tries, store: Store, receipt: str) -> AsyncIterator[None]:
    """Counts a try, unless it could not be looked at. Raises `Refused`."""
    try:
        tries.one_more(receipt, store.clock.now())
    except Locked as locked:
        raise Refused(
            "receipt-locked",
            f"too many wrong codes: try again in {-(-locked.seconds // 60)} minutes",
            429,
            {"Retry-After": str(locked.seconds)},
            minutes=-(-locked.seconds // 60),
        ) from None
    try:
        yield
    except Exception:
        tries.clear(receipt)
        raise


async def _answer(store: Store, id: str, state: Petition) -> dict[str, Any] | None:
    """The last answer in its own words; None before there is one."""
    if not state.answered_by:
        return None
    entries = await store.journal.dossier(petition.stream(id))
    written = [entry for entry in entries if entry.name == "AnswerWritten"]
    if not written:  # forgotten
        return None
    words = written[-1].data
    return {
        "at": written[-1].at,
        **{name: words.get(name) for name in ("done", "done_by", "follows")},
    }
