"""By receipt, without a token: where a petition stands, and what its petitioner has to say. For
those who called, came by, or do not want to log in; the code that belongs to the receipt is their
key.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.petitions import views
from services.petitions.api.known import public_place
from services.petitions.domain.by_receipt import (
    ANYBODY,
    AskReviewByReceipt,
    CommentByReceipt,
    JudgePromiseByReceipt,
    RateByReceipt,
    WithdrawByReceipt,
    can,
)
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition, Status
from services.petitions.receipts import (
    Misread,
    grouped,
    is_code,
    read_receipt,
    secret_in_use,
)
from shared.contracts.types import PromiseNumber, Stars, Text, Word
from shared.runtime.aggregate import Command
from shared.runtime.api import CurrentCopies, CurrentStore
from shared.runtime.bodies import read_body
from shared.runtime.copies import Copies
from shared.runtime.endpoints import cause_of
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry
from shared.runtime.policies import public
from shared.runtime.problems import NotFound, Problem, Refused, field_errors
from shared.runtime.queries import Queries
from shared.runtime.store import Store
from shared.runtime.tries import Locked, Tries

MOST_BODY = 64 * 1024
"""Bytes of what is said: who sends it is not known."""

WHO = "who has the receipt's code"

queries = Queries(tags=["Receipts"])

Receipt = Annotated[str, Path(max_length=40)]
Code = Annotated[str, Query(min_length=1, max_length=40)]


class _Said(BaseModel):
    """What is said of the petition, and the receipt's code."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: Annotated[str, Field(min_length=1, max_length=40)]


class Judgement(_Said):
    """What the answer is worth."""

    stars: Stars
    solved: bool = False
    word: Word = ""


class Remark(_Said):
    """What is to be known about it: the facts that were asked for, say."""

    text: Text


class PromiseJudgement(_Said):
    """Whether a promise was kept."""

    promise: PromiseNumber
    kept: bool
    word: Word = ""


class ReviewWanted(_Said):
    """Why the district should look at the answer again."""

    reason: Text


class TakenBack(_Said):
    """Why it is taken back."""

    reason: Word = ""


S = TypeVar("S", bound=_Said)


def _sends(body: type[_Said]) -> dict[str, Any]:
    """For the description of a request: this body."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body.model_json_schema()}},
        }
    }


@queries.get("/receipts/{receipt}", may=public, note=WHO)
async def by_receipt(
    receipt: Receipt, code: Code, response: Response, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Where a petition stands; the question it was returned with, while it waits for facts; its
    answer and what that promised, once there is one; what can be done now. No names, no words of
    the petition.

    A wrong code is answered as a receipt that there is not; after five of them, 429 for a quarter
    of an hour. 422 `receipt-misread` where the check digit does not fit.
    """
    id, state = await _found(store, copies, receipt, code)
    entries = await store.journal.dossier(petition.stream(id))
    open_now = can(state)
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
        "question": await _question(store, id, state, entries),
        "answer": _answer(state, entries),
        "promises": _promises(state, entries),
        "can": sorted(open_now),
        "can_rate": "rate" in open_now,
    }


@dataclass(frozen=True, slots=True)
class Verb:
    """``POST /receipts/{receipt}/<verb>``: what is said, which command that is, its meaning."""

    body: type[_Said]
    command: Callable[[Any], Command]
    meaning: str


VERBS: Mapping[str, Verb] = {
    "rate": Verb(
        Judgement,
        lambda said: RateByReceipt(said.stars, said.solved, said.word),
        "Judges the answer to a petition that nobody was logged in for.",
    ),
    "comment": Verb(
        Remark,
        lambda said: CommentByReceipt(said.text),
        "Adds what is to be known: the answer to the `question`, say.",
    ),
    "judge-promise": Verb(
        PromiseJudgement,
        lambda said: JudgePromiseByReceipt(said.promise, said.kept, said.word),
        "Says whether a promise was kept.",
    ),
    "ask-review": Verb(
        ReviewWanted,
        lambda said: AskReviewByReceipt(said.reason),
        "Asks the district to review the answer, once it is closed.",
    ),
    "withdraw": Verb(TakenBack, lambda said: WithdrawByReceipt(said.reason), "Takes it back."),
}


def _endpoint(name: str, verb: Verb) -> Callable[..., Any]:
    async def endpoint(
        receipt: Receipt,
        request: Request,
        response: Response,
        store: CurrentStore,
        copies: CurrentCopies,
    ) -> dict[str, Any]:
        raw = await read_body(request, MOST_BODY)
        said = _read(verb.body, raw)
        command = verb.command(said)
        return await _carry_out(command, said, receipt, raw, request, response, store, copies)

    endpoint.__name__ = f"{name.replace('-', '_')}_by_receipt"
    endpoint.__doc__ = verb.meaning
    return endpoint


for _name, _verb in VERBS.items():
    queries.post(
        f"/receipts/{{receipt}}/{_name}", may=public, note=WHO, openapi_extra=_sends(_verb.body)
    )(_endpoint(_name, _verb))


def _read(body: type[S], raw: bytes) -> S:
    """What was sent. Raises `Problem`."""
    try:
        return body.model_validate_json(raw or b"{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None


async def _carry_out(
    command: Command,
    said: _Said,
    receipt: str,
    raw: bytes,
    request: Request,
    response: Response,
    store: Store,
    copies: Copies,
) -> dict[str, Any]:
    """Does it for whoever has the code."""
    id, state = await _found(store, copies, receipt, said.code)
    cause, fingerprint = cause_of(request, Caller(f"{ANYBODY}:{state.receipt}"), raw)
    outcome = await store.do(
        petition, id, command, actor=ANYBODY, cause=cause, fingerprint=fingerprint
    )
    response.headers["Cache-Control"] = "no-store"
    return {"receipt": grouped(state.receipt or ""), "version": outcome.version}


def read_or_refuse(given: str) -> str:
    """The receipt number that was typed. Raises `Refused`."""
    try:
        return read_receipt(given)
    except Misread:
        raise Refused(
            "receipt-misread", "this is no receipt number: compare it digit by digit", 422
        ) from None


async def _found(store: Store, copies: Copies, given: str, code: str) -> tuple[str, Petition]:
    """The petition of a receipt, for whoever has its code. Raises `Refused`, `NotFound`."""
    receipt = read_or_refuse(given)
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


async def _question(
    store: Store, id: str, state: Petition, entries: Sequence[DossierEntry]
) -> str | None:
    """What was asked when it was returned, while nobody has said anything to it."""
    before = state.status if state.pause is None else state.pause.before
    if before is not Status.RETURNED:
        return None
    commits = await store.journal.history(petition.stream(id))
    returned = {
        commit.version
        for commit in commits
        if any(event.name == "PetitionReturned" for event in commit.events)
    }
    asked = [e for e in entries if e.name == "CommentWritten" and e.version in returned]
    return str(asked[-1].data["text"]) if asked else None


def _answer(state: Petition, entries: Sequence[DossierEntry]) -> dict[str, Any] | None:
    """The last answer in its own words; None before there is one."""
    written = [entry for entry in entries if entry.name == "AnswerWritten"]
    if not state.answered_by or not written:  # the words may be forgotten
        return None
    words = written[-1].data
    return {
        "at": written[-1].at,
        **{name: words.get(name) for name in ("done", "done_by", "follows")},
    }


def _promises(state: Petition, entries: Sequence[DossierEntry]) -> list[dict[str, Any]]:
    """What was promised, until when, and whether a judgement is waited for."""
    words = {
        entry.data["promise"]: entry.data["text"]
        for entry in entries
        if entry.name == "PromiseWritten" and entry.data["about"] == "promised"
    }
    return [
        {
            "promise": promise.n,
            "text": words.get(promise.n),
            "due": promise.due,
            "judge_by": promise.judge_by,
            "kept": promise.kept,
            "over": promise.over,
        }
        for promise in state.promises
    ]
