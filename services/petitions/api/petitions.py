"""Petitions over HTTP: the table of verbs with who may, and what can be asked."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.petitions import views
from services.petitions.domain.commands import (
    Answer,
    Assign,
    Close,
    Comment,
    ConfirmSolved,
    File,
    HandUp,
    Rate,
    Return,
    Take,
    Withdraw,
)
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.verbs import can
from shared.contracts.types import Code, Id, Level, PlaceCode
from shared.neighbourhood.place import KnownPlace
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.journal import Page
from shared.runtime.policies import Policy, holder, owner, role, within_place
from shared.runtime.problems import Forbidden
from shared.runtime.store import Store

STAFF = (
    "grid-worker",
    "neighbourhood-staff",
    "area-staff",
    "community-staff",
    "street-staff",
    "district-staff",
)
"""Who answers petitions, from the grid to the district; each for the places in their token."""

own_matter = Policy(
    "resident for themselves",
    lambda caller, _state, command, _path: (
        "resident" in caller.roles
        and not (command is not None and (command.on_behalf or command.raised_at is not None))
    ),
)
desk = role("intake", *STAFF)
"""The hotline desk and staff on their rounds: they file for others, too."""

petitioner = owner("petitioner")
assignee = holder("assignee")
staff_there = within_place(*STAFF)
concerned = petitioner | assignee | staff_there


def shown(state: Petition, caller: Caller) -> dict[str, Any]:
    """What anybody concerned sees: where it is, who has it, how long is left."""
    return {
        "status": state.status,
        "kind": state.kind,
        "category": state.category,
        "urgency": state.urgency,
        "channel": state.channel,
        "place": state.place,
        "path": state.path,
        "petitioner": state.petitioner,
        "raised_at": state.raised_at,
        "filed_at": state.filed_at,
        "level": state.level,
        "at": state.at,
        "assignee": state.assignee,
        "duty": state.duty,
        "answer_by": state.answer_by,
        "overdue_days": state.overdue_days,
        "follow_up_until": state.follow_up_until,
        "reopened": state.reopened,
        "outcome": state.outcome,
    }


petitions_api = aggregate_api(
    petition,
    collection="petitions",
    tag="Petitions",
    create=Create(File, may=own_matter | desk),
    verbs={
        "assign": Verb(Assign, may=staff_there),
        "take": Verb(Take, may=assignee | staff_there),
        "answer": Verb(Answer, may=assignee | staff_there),
        "hand-up": Verb(HandUp, may=assignee | staff_there),
        "return": Verb(Return, may=assignee | staff_there),
        "comment": Verb(Comment, may=concerned),
        "rate": Verb(Rate, may=petitioner),
        "confirm-solved": Verb(ConfirmSolved, may=petitioner),
        "withdraw": Verb(Withdraw, may=petitioner),
        "close": Verb(Close, may=within_place("district-staff")),
    },
    open=lambda state, caller: can(state, caller.sub),
    see=concerned,
    shown=shown,
    dossier=Dossier(see=concerned, subject="petitioner"),
)

queries = APIRouter(tags=["Petitions"])


@queries.get("/petitions")
async def work_queue(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    level: Level | None = None,
    overdue: bool | None = None,
    assignee: Id | None = None,
    category: Code | None = None,
    q: Annotated[str | None, Query(min_length=2, max_length=100)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The work queue of the caller's places: what is due first stands first.

    Without `status`: what still waits for an answer. `place` narrows it to a place below the
    caller's own; `q` searches titles and texts.
    """
    page = await store.journal.find(
        "petition",
        views.work_queue(
            now=clock.now(),
            places=_places(caller, place, copies["place"]),
            statuses=status or (),
            level=level,
            overdue=overdue,
            assignee=assignee,
            category=category,
            text=q,
            limit=limit,
            after=decode(cursor),
        ),
    )
    return await _listed(page, caller, store, "work queue")


@queries.get("/petitions/mine")
async def mine(
    caller: CurrentCaller,
    store: CurrentStore,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What the caller has raised, the latest first."""
    page = await store.journal.find(
        "petition", views.filed_by(caller.sub, limit=limit, after=decode(cursor))
    )
    return await _listed(page, caller, store, None)


def _places(caller: Caller, place: str | None, known: Any) -> Sequence[str]:
    """The roots of what the caller may look at: their own places, or one below them."""
    if not caller.roles.intersection(STAFF) or not caller.places:
        raise Forbidden()
    if place is None:
        return sorted(caller.places)
    there: KnownPlace | None = known.get(place)
    if there is None or caller.places.isdisjoint(there.path):
        raise Forbidden()
    return [place]


async def _listed(page: Page, caller: Caller, store: Store, purpose: str | None) -> dict[str, Any]:
    """A page with titles. Whose own they are reads them without a record; `purpose` records it."""
    streams = [petition.stream(item.id) for item in page.items]
    if purpose is not None and streams:
        await store.journal.record_reading(caller.sub, streams, purpose, store.clock.now())
    dossiers = await store.journal.dossiers(streams)
    items = []
    for item, stream in zip(page.items, streams, strict=True):
        titles = (
            entry.data["title"]
            for entry in dossiers.get(stream, ())
            if entry.name == "PetitionDescribed"
        )
        items.append(
            {
                "id": item.id,
                "version": item.version,
                "title": next(titles, None),
                **shown(store.read(petition, item), caller),
            }
        )
    return {"items": items, "next": encode(page.next)}
