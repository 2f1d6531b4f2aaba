"""Resources (资源) over HTTP."""

from collections.abc import Collection, Sequence
from typing import Any

from services.volunteering.access import staff_there
from services.volunteering.api.lists.sight import acts_for, is_staff, listed
from services.volunteering.domain.lists.resource import (
    ChangeResource,
    DeclineNeed,
    OfferResource,
    WithdrawResource,
    open_verbs,
    resource,
)
from services.volunteering.domain.lists.resource_state import Resource, Status, left
from services.volunteering.views.lists import below, of
from shared.contracts.types import PlaceCode
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
from shared.runtime.policies import Policy, anyone, owner
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

WORDS = "ResourceDescribed"
its_unit = acts_for("organisation")
its_owner = owner("person") | its_unit
somebody_to_offer = Policy(
    "who acts for an organisation, or resident with their check-in",
    lambda caller, _state, command, _path: (
        "resident" in caller.roles
        if command is not None and command.checkin is not None
        else caller.org is not None
    ),
)


def lies_in(copies: Copies, state: Resource | None, command: Any) -> Sequence[str]:
    """The path of the place that it is offered to."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Resource, caller: Caller) -> dict[str, Any]:
    """What anybody sees of it; to whom it is promised, those who offer it and staff."""
    concerned = caller.sub == state.person or caller.org == state.organisation is not None
    free = None
    if state.begin is not None and state.until is not None:
        free = left(state, state.begin, state.until)
    return {
        "status": state.status,
        "kind": state.kind,
        "measure": state.measure,
        "place": state.place,
        "path": state.path,
        "organisation": state.organisation,
        "person": state.person,
        "quantity": state.quantity,
        "left": free,
        "renews": state.renews,
        "begin": state.begin,
        "until": state.until,
        "promised": state.reservations if concerned or is_staff(caller) else (),
    }


def whose(state: Resource, caller: Caller) -> Collection[str]:
    """What somebody offers as a person, is theirs for staff only."""
    if state.person is None or caller.sub == state.person or is_staff(caller):
        return ()
    return (state.person,)


resources_api = aggregate_api(
    resource,
    collection="resources",
    tag="Lists",
    create=Create(OfferResource, may=somebody_to_offer),
    verbs={
        "change": Verb(ChangeResource, may=its_owner),
        "decline-need": Verb(DeclineNeed, may=its_owner),
        "withdraw": Verb(WithdrawResource, may=its_owner | staff_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
    shown=shown,
    dossier=Dossier(see=anyone, subject="person"),
    lies_in=lies_in,
    veil=whose,
    history=its_owner | staff_there,
)

queries = Queries(tags=["Lists"])


@queries.get("/resources", may=anyone)
async def list_resources(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    kind: Provision | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What is offered to a place or to one below it, the first offered in front."""
    if not path_of(copies, place):
        raise NotFound
    asked = below(place, [Status.OFFERED], kind=kind, limit=limit, after=decode(cursor))
    return await listed(resources_api, WORDS, asked, caller, store)


@queries.get("/resources/mine", may=anyone, note="their own, or their organisation's")
async def my_resources(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller offers, or with an organisation in the token, that, the latest first."""
    field, whom = ("person", caller.sub) if caller.org is None else ("organisation", caller.org)
    asked = of(field, whom, limit, decode(cursor))
    return await listed(resources_api, WORDS, asked, caller, store)


HELD = (Held(resources_api, "person"),)
