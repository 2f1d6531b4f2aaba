"""Over HTTP: the panel of a dispute, under the dispute's id."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.mediation.access import CONVENORS, convenor_there, the_mediator
from services.mediation.domain.panels.panel import open_verbs, panel
from services.mediation.domain.panels.panel_commands import (
    AcceptCase,
    AddSeat,
    AppointMediator,
    DeclareKinship,
    DeclareTies,
    Decline,
    DropSeat,
    Leave,
    NameMember,
    RefuseMediator,
    Release,
)
from services.mediation.domain.panels.panel_state import Panel, Seat, asked_for
from services.mediation.views.panels import panels_of
from shared.runtime.api import (
    AggregateApi,
    CurrentCaller,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, anyone
from shared.runtime.queries import Queries


def _speaks(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.side_of(caller.sub) is not None


def _is_asked(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and asks(state, caller.sub)


def _sits(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and caller.sub in state.members


def asks(state: Panel, person: str) -> bool:
    """Whether somebody is asked for something now: whoever is only in a line does not know it."""
    mediating = state.asked is not None and state.asked.person == person
    return mediating or any(asked_for(one) == person for one in state.seats)


def is_convenor(state: Panel, caller: Caller) -> bool:
    """Whether they organise this panel."""
    return bool(caller.roles & set(CONVENORS)) and not caller.places.isdisjoint(state.path)


speaks_there = Policy("who speaks for a party", _speaks)
is_asked = Policy("who is asked", _is_asked)
sits = Policy("who sits on the panel", _sits)
has_part = the_mediator | is_asked | sits
concerned = speaks_there | has_part | convenor_there
organises = the_mediator | convenor_there


def shown(state: Panel, caller: Caller) -> Mapping[str, Any]:
    """Convenors see all of it. The others see who mediates and sits; a side its own refusal; who is
    asked what they are asked for.
    """
    if is_convenor(state, caller):
        return {
            "status": state.status,
            "kind": state.kind,
            "place": state.place,
            "mediator": state.mediator,
            "asked": state.asked,
            "line": state.line,
            "refused_by": state.refused_by,
            "out": state.out,
            "seats": state.seats,
            "complete": bool(state.complete),
            "ties": state.ties,
            "answered": state.answered,
        }
    side = state.side_of(caller.sub)
    asked = state.asked if side is not None or asks(state, caller.sub) else None
    return {
        "status": state.status,
        "kind": state.kind,
        "place": state.place,
        "mediator": state.mediator,
        "asked": asked,
        "refused": side in state.refused_by,
        "seats": [seat_for(one, caller) for one in state.seats],
        "complete": bool(state.complete),
    }


def seat_for(seat: Seat, caller: Caller) -> Mapping[str, Any]:
    """Who has it; that somebody is asked only they themselves see."""
    mine = seat.asked if asked_for(seat) == caller.sub else None
    return {"code": seat.code, "extra": seat.extra, "person": seat.person, "asked": mine}


def part_of_their_own(state: Panel, caller: Caller) -> Mapping[str, Any]:
    """Their part in a panel, for their own data."""
    seat = state.seat_of(caller.sub)
    return {
        "status": state.status,
        "mediates": state.mediator == caller.sub,
        "seat": None if seat is None else seat.code,
        "asked": asks(state, caller.sub),
        "ties": [one.conflict for one in state.ties if one.person == caller.sub],
    }


def entry_for(
    _name: str, data: Mapping[str, Any], state: Panel, caller: Caller
) -> Mapping[str, Any]:
    """Reasons are between whoever gave them and convenors."""
    return data if data["by"] == caller.sub or is_convenor(state, caller) else {}


def households(state: Panel, _caller: Caller) -> Collection[str]:
    """Where exactly parties live the timeline tells nobody."""
    return state.households


panels_api: AggregateApi = aggregate_api(
    panel,
    collection="panels",
    tag="Panels",
    verbs={
        "appoint": Verb(AppointMediator, may=convenor_there),
        "accept": Verb(AcceptCase, may=is_asked),
        "refuse-mediator": Verb(RefuseMediator, may=speaks_there),
        "add-seat": Verb(AddSeat, may=organises),
        "drop-seat": Verb(DropSeat, may=organises),
        "name-member": Verb(NameMember, may=convenor_there),
        "declare": Verb(DeclareTies, may=has_part),
        "declare-kinship": Verb(DeclareKinship, may=convenor_there),
        "decline": Verb(Decline, may=is_asked),
        "leave": Verb(Leave, may=the_mediator | sits),
        "release": Verb(Release, may=convenor_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=concerned,
    shown=shown,
    dossier=Dossier(see=concerned, shown=entry_for),
    veil=households,
    history=convenor_there,
)

queries = Queries(tags=["Panels"])


@queries.get("/panels/mine", may=anyone, note="where they mediate, sit or are asked")
async def my_panels(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The panels in which the caller has a part, the latest first. Where they are only in a line
    they do not hear of it, so a page may be shorter than asked for.
    """
    page = await store.journal.find("panel", panels_of(caller.sub, limit, decode(cursor)))
    states = [(item, store.read(panel, item)) for item in page.items]
    items = [
        {"id": item.id, "version": item.version, **shown(state, caller)}
        for item, state in states
        if has_part.allows(caller, state, None, state.path)
    ]
    return {"items": items, "next": encode(page.next)}
