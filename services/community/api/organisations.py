"""Organisations over HTTP: the table, lists, and who answers for a category."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.community.access import COMMUNITY_STAFF, convenor, its_head, its_member
from services.community.domain.organisation import (
    Admit,
    AnswerFor,
    CloseOrganisation,
    Dismiss,
    Leave,
    Organisation,
    RegisterOrganisation,
    RenameOrganisation,
    Serve,
    answers_at,
    organisation,
)
from services.community.domain.organisation import open_verbs as organisation_verbs
from services.community.tree import path_of
from shared.contracts.types import Code, OrganisationKind, PlaceCode
from shared.runtime import cursors
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.policies import administrator, anyone
from shared.runtime.queries import Queries


def lies_in(copies: Copies, state: Organisation | None, command: Any) -> Sequence[str]:
    """The path of the place where it has its seat."""
    return path_of(copies["place"], command.home if state is None else state.home)


def shown(state: Organisation, caller: Caller) -> Mapping[str, Any]:
    """What everybody sees; who belongs to it is for those who do, and for staff."""
    seen = {
        "kind": state.kind,
        "name": state.name,
        "home": state.home,
        "serves": state.serves,
        "answers": state.answers,
        "size": len(state.members),
        "closed": state.closed,
    }
    inside = its_member.allows(caller, state, None) or administrator.allows(caller, state, None)
    if inside or caller.roles & frozenset(COMMUNITY_STAFF):
        seen["members"] = state.members
    return seen


organisations_api = aggregate_api(
    organisation,
    collection="organisations",
    tag="Organisations",
    create=Create(RegisterOrganisation, may=convenor, id=lambda command: command.organisation),
    verbs={
        "rename": Verb(RenameOrganisation, may=convenor),
        "serve": Verb(Serve, may=convenor),
        "answer-for": Verb(AnswerFor, may=convenor | its_head),
        "admit": Verb(Admit, may=convenor | its_head),
        "dismiss": Verb(Dismiss, may=convenor | its_head),
        "leave": Verb(Leave, may=its_member),
        "close": Verb(CloseOrganisation, may=convenor),
    },
    open=lambda state, _caller: organisation_verbs(state),
    see=anyone,
    shown=shown,
    lies_in=lies_in,
)

queries = Queries(tags=["Organisations"])


@queries.get("/organisations", may=anyone)
async def list_organisations(
    caller: CurrentCaller,
    store: CurrentStore,
    kind: OrganisationKind | None = None,
    home: PlaceCode | None = None,
    serves: PlaceCode | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Organisations that exist, by id: of a kind, with their seat in a place, that serve one."""
    where: dict[str, Any] = {"closed": False}
    for field, wanted in (("kind", kind), ("home", home), ("serves", serves)):
        if wanted is not None:
            where[field] = str(wanted)
    page = await store.journal.find(
        "organisation", Query(where, limit=limit, after=cursors.decode(cursor))
    )
    items = [
        {"id": one.id, "version": one.version, **shown(store.read(organisation, one), caller)}
        for one in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/answering", may=anyone)
async def who_answers(
    caller: CurrentCaller, copies: CurrentCopies, clock: CurrentClock, category: Code
) -> dict[str, Any]:
    """The departments that answer for a category now, and under which duty."""
    now = clock.now()
    found = [
        {"organisation": id, "duty": answers.duty, "since": answers.since}
        for id, one in sorted(copies["organisation"].items())
        if not one.closed
        for answers in answers_at(one, now)
        if category in answers.categories
    ]
    return {"category": category, "items": found}
