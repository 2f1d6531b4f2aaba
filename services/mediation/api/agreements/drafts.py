"""Agreements are drafted: the words come from the mediator or a party, the names under which the
parties stand in it from themselves.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from services.mediation.api.agreements.words import is_in, versions
from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import (
    Cents,
    ClauseDraft,
    DraftAgreement,
)
from services.mediation.domain.agreements.agreement_events import AgreementWorded
from services.mediation.domain.agreements.agreement_state import Agreement, Status
from services.mediation.domain.agreements.terms import MOST_CLAUSES, MOST_OPEN_POINTS
from services.mediation.domain.circle import Circle, circle_of
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.views.agreements import settled_in
from shared.contracts.types import Code, Id, Title, at_most
from shared.runtime.api import CurrentCaller, CurrentStore
from shared.runtime.bodies import read_body
from shared.runtime.endpoints import cause_of
from shared.runtime.identity import Caller
from shared.runtime.outcome import Outcome, Snapshot
from shared.runtime.policies import anyone
from shared.runtime.problems import Forbidden, NotFound, Problem, Refused, field_errors
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_BODY = 512 * 1024
"""Bytes of a draft."""
LONGEST_WHAT = 2_000

What = Annotated[str, Field(min_length=1, max_length=LONGEST_WHAT)]

queries = Queries(tags=["Agreements"])


def _whole_milliseconds(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


class DraftedClause(BaseModel):
    """Which party does what until when, and how much it pays, in cents."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    party: Code
    what: What
    until: Annotated[AwareDatetime, AfterValidator(_whole_milliseconds)]
    cents: Cents | None = None


class Draft(BaseModel):
    """A version: its clauses, and what it leaves open."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    clauses: Annotated[tuple[DraftedClause, ...], at_most(MOST_CLAUSES)]
    open_points: Annotated[tuple[What, ...], at_most(MOST_OPEN_POINTS)] = ()


class ShownName(BaseModel):
    """The name under which one's party stands in the agreement; none where it is null."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Title | None


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """How the OpenAPI document tells of a body."""
    schema = {"schema": model.model_json_schema()}
    return {"requestBody": {"required": True, "content": {"application/json": schema}}}


M = TypeVar("M", bound=BaseModel)


def parsed(model: type[M], raw: bytes) -> M:
    """A body. Raises `Problem`."""
    try:
        return model.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None


@queries.post(
    "/disputes/{id}/agreements",
    may=anyone,
    note="the mediator, and who speaks for a party",
    status_code=201,
    openapi_extra=body_of(Draft),
)
async def draft_agreement(
    id: Id, request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Drafts the agreement of a dispute. There is one in the making at a time: where there is one
    already, another version of it is drafted.
    """
    raw = await read_body(request, MOST_BODY)
    found = await store.get(dispute, id)
    circle = Circle() if found is None else circle_of(found.state)
    if not circle.has(caller.sub):
        if found is not None and caller.sub in found.state.people:
            raise Forbidden
        raise NotFound
    draft = parsed(Draft, raw)
    number = await store.journal.count("agreement", settled_in(id)) + 1
    command = _command(caller, id, draft, {})
    new = f"{id}.{number}"
    cause, fingerprint = cause_of(request, caller, raw)

    def permit(_state: Agreement, version: int) -> None:
        if version:
            raise Refused(
                "agreement-drafted", "an agreement is in the making: draft a version of it", 409
            )

    outcome = await store.do(
        agreement,
        new,
        command,
        actor=caller.sub,
        cause=cause,
        fingerprint=fingerprint,
        permit=permit,
    )
    response.headers["Location"] = f"/agreements/{outcome.id}"
    return _told(response, outcome)


@queries.post(
    "/agreements/{id}/draft",
    may=anyone,
    note="the mediator, and who speaks for a party",
    openapi_extra=body_of(Draft),
)
async def draft_version(
    id: Id, request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Drafts another version; what was signed of the one before counts no more."""
    raw = await read_body(request, MOST_BODY)
    snapshot, worded = await _drafted(store, caller, id)
    draft = parsed(Draft, raw)
    names = {} if worded is None else dict(worded.names)
    command = _command(caller, snapshot.state.dispute, draft, names)
    cause, fingerprint = cause_of(request, caller, raw)
    outcome = await store.do(
        agreement,
        id,
        command,
        actor=caller.sub,
        cause=cause,
        fingerprint=fingerprint,
        permit=_as_read(snapshot),
    )
    return _told(response, outcome)


@queries.post(
    "/agreements/{id}/show-name",
    may=anyone,
    note="who speaks for a party",
    openapi_extra=body_of(ShownName),
)
async def show_name(
    id: Id, request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Chooses the name under which one's own party stands in the document, or none: the same
    clauses in another version.
    """
    raw = await read_body(request, MOST_BODY)
    snapshot, worded = await _drafted(store, caller, id)
    given = parsed(ShownName, raw)
    party = snapshot.state.circle.party_of(caller.sub)
    if party is None:
        raise Forbidden
    # Where there is no draft any more, the rules say so.
    was = worded or AgreementWorded(0, (), (), ())
    names = {key: name for key, name in was.names if key != party}
    if given.name is not None:
        names[party] = given.name
    named = tuple(sorted(names.items()))
    dispute_id = snapshot.state.dispute
    command = DraftAgreement(caller.sub, dispute_id, was.clauses, was.open_points, named)
    cause, fingerprint = cause_of(request, caller, raw)
    outcome = await store.do(
        agreement,
        id,
        command,
        actor=caller.sub,
        cause=cause,
        fingerprint=fingerprint,
        permit=_as_read(snapshot),
    )
    return _told(response, outcome)


async def _drafted(
    store: Store, caller: Caller, id: str
) -> tuple[Snapshot[Agreement], AgreementWorded | None]:
    """An agreement that the caller is in, and the words of its present version."""
    snapshot = await store.get(agreement, id)
    if snapshot is None or not is_in(snapshot.state, caller.sub):
        raise NotFound
    if snapshot.state.status is not Status.DRAFTED:
        return snapshot, None
    found = versions(await store.journal.dossier(agreement.stream(id)))
    now = found.get(snapshot.state.version)
    return snapshot, None if now is None else now.worded


def _as_read(snapshot: Snapshot[Agreement]) -> Any:
    """The command rests on this version of words and names: another one would lose somebody's."""

    def permit(state: Agreement, _version: int) -> None:
        if state.version != snapshot.state.version:
            raise Refused("draft-overtaken", "somebody drafted meanwhile: read that first", 409)

    return permit


def _command(caller: Caller, dispute: str, draft: Draft, names: dict[str, str]) -> DraftAgreement:
    clauses = tuple(ClauseDraft(one.party, one.what, one.until, one.cents) for one in draft.clauses)
    return DraftAgreement(
        caller.sub, dispute, clauses, draft.open_points, tuple(sorted(names.items()))
    )


def _told(response: Response, outcome: Outcome) -> dict[str, Any]:
    response.headers["ETag"] = f'"{outcome.version}"'
    response.headers["Cache-Control"] = "no-store"
    return {"id": outcome.id, "version": outcome.version}
