"""Rotas over HTTP: the table, lists, and who is on duty."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime

from services.community.access import REGISTRARS, the_keeper
from services.community.domain.rota import on_duty, open_verbs, rota, rota_id
from services.community.domain.rota_commands import (
    ConfirmSwap,
    DeclineSwap,
    DrawAgain,
    DrawUp,
    ProposeSwap,
    PublishRota,
    Rota,
    RotaStatus,
    StandIn,
    WithdrawSwap,
)
from services.community.tree import lineage, path_of
from services.community.views import rotas_query
from shared.contracts.types import Id, PlaceCode
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
from shared.runtime.policies import administrator, anyone, within_place
from shared.runtime.problems import Invalid
from shared.runtime.queries import Queries


def lies_in(copies: Copies, state: Rota | None, command: Any) -> Sequence[str]:
    """The places of the rota's place."""
    return path_of(copies["place"], command.place if state is None else state.place)


keeps = the_keeper | within_place(*REGISTRARS) | administrator

rotas_api = aggregate_api(
    rota,
    collection="rotas",
    tag="Rotas",
    create=Create(
        DrawUp,
        may=within_place(*REGISTRARS) | administrator,
        id=lambda command: rota_id(command.place, command.name),
    ),
    verbs={
        "draw-again": Verb(DrawAgain, may=keeps),
        "publish": Verb(PublishRota, may=keeps),
        "stand-in": Verb(StandIn, may=keeps),
        # Whose shift it is, the rules say.
        "propose-swap": Verb(ProposeSwap, may=anyone),
        "confirm-swap": Verb(ConfirmSwap, may=anyone),
        "decline-swap": Verb(DeclineSwap, may=anyone),
        "withdraw-swap": Verb(WithdrawSwap, may=anyone),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
    lies_in=lies_in,
)

queries = Queries(tags=["Rotas"])


@queries.get("/rotas", may=anyone)
async def list_rotas(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode | None = None,
    person: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Rotas of a place, with a person on them, or all."""
    asked = rotas_query(place=place, person=person, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("rota", asked)
    items = [
        {
            "id": stored.id,
            "version": stored.version,
            **{field: stored.state[field] for field in ("place", "name", "status", "keeper")},
            "shifts": len(stored.state["shifts"]),
        }
        for stored in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/on-duty", may=anyone)
async def who_is_on_duty(
    caller: CurrentCaller,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode,
    at: AwareDatetime | None = None,
    climb: bool = False,
) -> dict[str, Any]:
    """Who is on duty at a place at a time (now where none is named); with `climb`, at the nearest
    one above where somebody is.
    """
    line = lineage(copies["place"], place)
    if not line:
        raise Invalid("place", "no such place is registered")
    rotas: Mapping[str, Rota] = copies["rota"]
    moment = at or clock.now()
    for here in reversed(line if climb else line[-1:]):
        if found := at_place(rotas, here.code, moment):
            return {"place": here.code, "at": moment, "items": found}
    return {"place": place, "at": moment, "items": []}


def at_place(rotas: Mapping[str, Rota], place: str, moment: datetime) -> list[dict[str, Any]]:
    """The shifts that run at a place, with the rota they are of."""
    return [
        {"rota": id, "person": shift.person, "start": shift.start, "end": shift.end}
        for id, rota in sorted(rotas.items())
        if rota.place == place and rota.status is RotaStatus.PUBLISHED
        for shift in on_duty(rota, moment)
    ]
