"""Over HTTP: who could mediate a dispute, and who could sit on its panel, each with reasons."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.mediation.access import convenor_there, some_convenor
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.panels.conflicts import conflicts
from services.mediation.domain.panels.fitness import WEIGHTS, best, fit
from services.mediation.domain.panels.mediator_state import Mediator, Standing
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_state import Bonds, Panel
from services.mediation.seats import candidates
from shared.contracts.types import Code, Id, LanguageTag
from shared.neighbourhood.home import home
from shared.neighbourhood.member import member
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.cursors import Limit
from shared.runtime.identity import Caller
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_LOOKED_AT = 500
"""Mediators of the places around that are weighed, those who serve the nearest ones first."""

queries = Queries(tags=["Panels"])


@queries.get("/panels/{id}/suggestions", may=some_convenor, note="of their places")
async def suggest_mediators(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    language: LanguageTag | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Who could mediate it, the best first, with the reasons; then who could not, and why not."""
    state, of = await _looked_at(id, caller, store)
    mediators: Mapping[str, Mediator] = copies["mediator"]
    # Of those who serve places elsewhere nobody has to be told why they do not come.
    there = [
        one
        for one, known in mediators.items()
        if known.standing is not Standing.RETIRED and not set(known.serves).isdisjoint(state.path)
    ]
    there.sort(key=lambda one: (-nearest(mediators[one], state), one))
    people = there[:MOST_LOOKED_AT]
    bonds = await bonds_of(store, people)
    now = clock.now()
    fits = best(
        fit(
            one,
            mediators[one],
            path_of(copies, mediators[one].place),
            state,
            of,
            bonds[one],
            now,
            language,
        )
        for one in people
    )
    return {
        "weights": WEIGHTS,
        "items": [
            {
                "mediator": one.mediator,
                "fits": one.unfit is None,
                "why_not": one.unfit,
                "conflicts": one.conflicts,
                "score": one.score,
                "parts": dict(one.parts),
                "steps": one.steps,
                "at_hand": one.cases,
                "most_cases": one.most_cases,
                "settled": one.settled,
                "ended": one.ended,
            }
            for one in fits[:limit]
        ],
        "weighed": len(people),
    }


@queries.get("/panels/{id}/candidates", may=some_convenor, note="of their places")
async def propose_members(
    id: Id, seat: Code, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Who has a duty at the place that fits the seat, the nearest first, and what ties them."""
    state, of = await _looked_at(id, caller, store)
    found = list(candidates(seat, state.path, copies["post"]))
    bonds = await bonds_of(store, [one.person for one in found])
    items = []
    for one in found:
        tied = [each.value for each in conflicts(one.person, state, of, bonds[one.person])]
        part = one.person == state.mediator or state.seat_of(one.person) is not None
        items.append(
            {
                "person": one.person,
                "duty": one.duty,
                "place": one.place,
                "steps": one.steps,
                "conflicts": tied,
                "on_the_panel": part,
                "fits": not tied and not part,
            }
        )
    items.sort(key=lambda item: (not item["fits"], item["steps"]))
    return {"seat": seat, "items": items}


def nearest(known: Mediator, state: Panel) -> int:
    """How far down the path the nearest place lies that they serve."""
    return max(n for n, code in enumerate(state.path) if code in known.serves)


async def bonds_of(store: Store, people: Iterable[str]) -> dict[str, Bonds]:
    """Where each belongs."""
    asked = list(people)
    homes = await store.journal.load("home", asked)
    bodies = await store.journal.load("member", asked)
    return {
        one: Bonds(
            store.read(home, homes[one]).household if one in homes else None,
            store.read(member, bodies[one]).organisations if one in bodies else (),
        )
        for one in asked
    }


async def _looked_at(id: str, caller: Caller, store: Store) -> tuple[Panel, Dispute]:
    """The panel and its dispute, for its convenor. Raises `NotFound` for anybody else."""
    known, of = await store.get(panel, id), await store.get(dispute, id)
    if known is None or of is None:
        raise NotFound
    if not convenor_there.allows(caller, known.state, None, known.state.path):
        raise NotFound
    return known.state, of.state
