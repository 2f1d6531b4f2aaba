"""Patrol rotas over HTTP: the table, and lists."""

from collections.abc import Mapping
from typing import Any

from services.volunteering.access import (
    for_their_team,
    on_the_rota,
    organises,
    some_staff,
    staff_there,
)
from services.volunteering.api.patrols.where import lies_in, must_look_after
from services.volunteering.domain.patrols.rota import open_verbs, patrol_rota
from services.volunteering.domain.patrols.rota_commands import (
    ConfirmSwap,
    DeclineSwap,
    DrawAgain,
    DrawUp,
    PatrolRota,
    ProposeSwap,
    PublishRota,
    StandIn,
    WithdrawSwap,
)
from services.volunteering.views.patrols import rotas_kept_by, rotas_of, rotas_with
from shared.contracts.types import PlaceCode
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
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.policies import anyone
from shared.runtime.queries import Queries
from shared.runtime.store import Store

keeps = organises | staff_there


def ones_own(state: PatrolRota, caller: Caller) -> Mapping[str, Any]:
    """What of a rota is about one of those who are on it."""
    return {
        "name": state.name,
        "place": state.place,
        "shifts": [
            {"begin": shift.begin, "end": shift.end}
            for shift in state.shifts
            if caller.sub in shift.crew
        ],
    }


rotas_api = aggregate_api(
    patrol_rota,
    collection="patrol-rotas",
    tag="Patrols",
    create=Create(DrawUp, may=staff_there | for_their_team),
    verbs={
        "draw-again": Verb(DrawAgain, may=keeps),
        "publish": Verb(PublishRota, may=keeps),
        "stand-in": Verb(StandIn, may=keeps),
        # Whose shift it is, the rules say.
        "propose-swap": Verb(ProposeSwap, may=on_the_rota),
        "confirm-swap": Verb(ConfirmSwap, may=on_the_rota),
        "decline-swap": Verb(DeclineSwap, may=on_the_rota),
        "withdraw-swap": Verb(WithdrawSwap, may=on_the_rota),
    },
    open=lambda state, _caller: open_verbs(state),
    see=on_the_rota | keeps,
    lies_in=lies_in,
)

queries = Queries(tags=["Patrols"])


@queries.get("/patrol-rotas", may=some_staff, note="of their places")
async def list_patrol_rotas(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The rotas of a place that are not over."""
    must_look_after(copies, caller, place)
    after = cursors.decode(cursor)
    return await _listed(store, rotas_of([place], clock.now(), limit=limit, after=after))


@queries.get("/patrol-rotas/mine", may=anyone, note="that the caller is on")
async def my_patrol_rotas(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The rotas that the caller is on."""
    after = cursors.decode(cursor)
    return await _listed(store, rotas_with(caller.sub, limit=limit, after=after))


@queries.get("/patrol-rotas/kept", may=anyone, note="that the caller answers for")
async def kept_patrol_rotas(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The rotas that the caller answers for."""
    after = cursors.decode(cursor)
    return await _listed(store, rotas_kept_by(caller.sub, limit=limit, after=after))


async def _listed(store: Store, asked: Query) -> dict[str, Any]:
    """One page of rotas, without their shifts."""
    page = await store.journal.find("patrol-rota", asked)
    fields = ("place", "route", "name", "status", "keeper", "organisers", "over")
    items = []
    for one in page.items:
        told = {field: one.state[field] for field in fields}
        kinds = sorted({line["kind"] for line in one.state["lines"]})
        count = len(one.state["shifts"])
        items.append(
            {"id": one.id, "version": one.version, **told, "kinds": kinds, "shifts": count}
        )
    return {"items": items, "next": cursors.encode(page.next)}
