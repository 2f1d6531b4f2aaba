"""Needs (需求) over HTTP: stated, matched with resources, offered to who has checked in."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any

from fastapi import Query

from services.volunteering.access import some_staff, staff_there
from services.volunteering.api.lists.sight import is_staff, listed
from services.volunteering.domain.lists.matching import best
from services.volunteering.domain.lists.need import need, open_verbs
from services.volunteering.domain.lists.need_commands import (
    AcceptNeed,
    AskResource,
    DeclineOffer,
    ReleaseResource,
    StateNeed,
    WithdrawNeed,
)
from services.volunteering.domain.lists.need_state import Answer, Need, Status
from services.volunteering.domain.lists.resource import resource
from services.volunteering.views.lists import below, of, serving
from shared.contracts.types import Id, PlaceCode
from shared.contracts.volunteering.lists import Provision
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode
from shared.runtime.identity import Caller
from shared.runtime.own_data import Held
from shared.runtime.policies import Policy, anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

WORDS = "NeedDescribed"


def _was_offered(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return any(_is_to(caller, one) for one in getattr(state, "offers", ()))


def _is_to(caller: Caller, offer: Any) -> bool:
    if offer.person is not None:
        return bool(offer.person == caller.sub)
    return offer.organisation is not None and bool(offer.organisation == caller.org)


was_offered = Policy("who was offered it", _was_offered)
"""Somebody who has checked in; for an organisation, who acts for it."""


def lies_in(copies: Copies, state: Need | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Need, caller: Caller) -> dict[str, Any]:
    """What anybody sees of it; who was asked, staff and they themselves."""
    offers = [one for one in state.offers if is_staff(caller) or _is_to(caller, one)]
    return {
        "status": state.status,
        "kind": state.kind,
        "measure": state.measure,
        "place": state.place,
        "path": state.path,
        "quantity": state.quantity,
        "covered": state.covered,
        "lacking": state.lacking,
        "begin": state.begin,
        "until": state.until,
        "by": state.by,
        "resources": state.asks,
        "offers": offers,
        "accepted": sum(one.answer is Answer.ACCEPTED for one in state.offers),
        "met": state.met,
        "project": state.project,
        "outcome": state.outcome,
    }


def asked_others(state: Need, caller: Caller) -> Collection[str]:
    """Who else was asked is for staff only."""
    if is_staff(caller):
        return ()
    return {one.person for one in state.offers if one.person not in (None, caller.sub)}


needs_api = aggregate_api(
    need,
    collection="needs",
    tag="Lists",
    create=Create(StateNeed, may=staff_there),
    verbs={
        "ask-resource": Verb(AskResource, may=staff_there),
        "release-resource": Verb(ReleaseResource, may=staff_there),
        "accept": Verb(AcceptNeed, may=was_offered),
        "decline": Verb(DeclineOffer, may=was_offered),
        "withdraw": Verb(WithdrawNeed, may=staff_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
    shown=shown,
    dossier=Dossier(see=anyone),
    lies_in=lies_in,
    veil=asked_others,
    history=staff_there,
)

queries = Queries(tags=["Lists"])


@queries.get("/needs", may=anyone)
async def list_needs(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: Annotated[list[Status] | None, Query()] = None,
    kind: Provision | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What is needed at a place or below it, the first stated in front."""
    if not path_of(copies, place):
        raise NotFound
    statuses = status or [Status.OPEN]
    asked = below(place, statuses, kind=kind, limit=limit, after=decode(cursor))
    return await listed(needs_api, WORDS, asked, caller, store)


@queries.get("/needs/offered", may=anyone, note="offered to themselves or their organisation")
async def offered_needs(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller was asked to do, or with an organisation in the token, that."""
    field, whom = ("person", caller.sub) if caller.org is None else ("organisation", caller.org)
    asked = of(f"offers.{field}", whom, limit, decode(cursor))
    return await listed(needs_api, WORDS, asked, caller, store)


@queries.get("/needs/{id}/matches", may=some_staff, note="of their places")
async def matches(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    limit: Limit = 20,
) -> dict[str, Any]:
    """The resources that serve the need's place, the best first, each with the reasons: how near it
    is, for how much of the time, how much of it is left; and why one does not fit.
    """
    snapshot = await store.get(need, id)
    if snapshot is None:
        raise NotFound
    state = snapshot.state
    if not staff_there.allows(caller, state, None, state.path):
        raise NotFound
    page = await store.journal.find("resource", serving(state.path, state.kind))
    found = best(state, (store.read(resource, item) for item in page.items))
    items = [
        {
            "resource": one.resource,
            "score": one.score,
            "reasons": dict(one.parts),
            "steps": one.steps,
            "days": one.days,
            "days_needed": one.days_needed,
            "left": one.left,
            "offers": one.offers,
            "lacking": state.lacking,
            "unfit": one.unfit,
        }
        for one in found[:limit]
    ]
    return {"need": id, "items": items}


HELD = (Held(needs_api, "offers.person", shown),)
