"""Rewards over HTTP: the table for the counter, and what everybody sees of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.volunteering.access import acts_for_the_shop, convenor_there, counter
from services.volunteering.domain.bank.reward import is_offered, open_verbs, reward
from services.volunteering.domain.bank.reward_state import (
    Cancel,
    ChangeTerms,
    Describe,
    HandOver,
    PutUp,
    Restock,
    Reward,
    TakeDown,
    WithdrawReservation,
)
from services.volunteering.views.bank import rewards_at, rewards_of
from shared.contracts.types import Id, PlaceCode
from shared.neighbourhood.scopes import path_of
from shared.runtime import cursors
from shared.runtime.api import Create, CurrentCaller, CurrentStore, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.identity import Caller
from shared.runtime.policies import anyone
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries


def lies_in(copies: Copies, state: Reward | None, command: Any) -> Sequence[str]:
    """Where it can be fetched."""
    return path_of(copies, command.place) if state is None else state.path


rewards_api = aggregate_api(
    reward,
    collection="rewards",
    tag="Points bank",
    create=Create(PutUp, may=acts_for_the_shop | convenor_there),
    verbs={
        "change-terms": Verb(ChangeTerms, may=counter),
        "describe": Verb(Describe, may=counter),
        "restock": Verb(Restock, may=counter),
        "take-down": Verb(TakeDown, may=counter),
        "hand-over": Verb(HandOver, may=counter),
        "withdraw": Verb(WithdrawReservation, may=counter),
        # What lies ready for whom, the rules say.
        "cancel": Verb(Cancel, may=anyone, see=anyone),
    },
    open=lambda state, caller: open_verbs(state, caller.sub),
    see=counter,
    lies_in=lies_in,
)

queries = Queries(tags=["Points bank"])


@queries.get("/rewards", may=anyone)
async def list_rewards(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode | None = None,
    shop: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What is offered at a place or below it, the cheapest first; or all that a shop offers and
    offered.
    """
    if (place is None) == (shop is None):
        raise Invalid("place", "name a place or a shop")
    after = cursors.decode(cursor)
    if place is not None:
        asked = rewards_at(place, limit=limit, after=after)
    else:
        asked = rewards_of(shop or "", limit=limit, after=after)
    page = await store.journal.find(reward.kind, asked)
    now = store.clock.now()
    items = []
    for stored in page.items:
        state = store.read(reward, stored)
        items.append({"id": stored.id, **seen(state, caller), "open": is_offered(state, now)})
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/rewards/{id}", may=anyone, note="reservations: one's own, the shop's")
async def one_reward(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """A reward: what it is, what it costs, how many are left, and what lies ready for the caller;
    for the counter, for everybody.
    """
    snapshot = await store.get(reward, id)
    if snapshot is None:
        raise NotFound
    state = snapshot.state
    return {
        "id": id,
        "version": snapshot.version,
        **seen(state, caller),
        "text": state.text,
        "open": is_offered(state, store.clock.now()),
        "can": verbs_open_to(rewards_api, state, caller, state.path),
    }


def seen(state: Reward, caller: Caller) -> Mapping[str, Any]:
    """What a caller sees of a reward."""
    all_of_them = counter.allows(caller, state, None, state.path)
    return {
        "status": state.status,
        "shop": state.shop,
        "place": state.place,
        "title": state.title,
        "terms": state.terms,
        "stock": state.stock,
        "reservations": [one for one in state.reservations if all_of_them or one.by == caller.sub],
    }
