"""Is it this one? Petitions that may be about the same thing: for the resident who is about to file
it again and can support the other one instead, and for the clerk who can merge both.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from services.petitions.api.petitions import desk, petitions_api
from services.petitions.api.sight import released_title
from services.petitions.api.standing import STAFF, staff_there
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from services.petitions.likeness.finding import Alike, Sought, alike
from services.petitions.likeness.sketch import hashes
from services.petitions.recent import RecentPetitions, is_compared, supporters, words_of
from shared.contracts.types import Code, Id, PlaceCode, PlaceKind, Text, Title
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Rejected
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import resident, role
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store

AROUND = (PlaceKind.NEIGHBOURHOOD, PlaceKind.COMMUNITY, PlaceKind.STREET)
"""In which places duplicates lie, the innermost first."""
INSIDE = frozenset({PlaceKind.GRID, PlaceKind.BUILDING, PlaceKind.UNIT})
"""Kinds of place that would tell others who lives there."""

Within = Literal["neighbourhood", "community", "street"]

queries = Queries(tags=["Petitions"])


class Draft(BaseModel):
    """What somebody is about to file. Duplicates are looked for `within` the place around it."""

    model_config = ConfigDict(extra="forbid")

    place: PlaceCode
    title: Title
    text: Text
    category: Code | None = None
    within: Within = "community"


@queries.post(
    "/petitions/candidates",
    may=resident | desk,
    note="titles of those only that the caller may see, or everybody",
)
async def candidates_for_a_draft(
    draft: Draft,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
) -> dict[str, Any]:
    """Petitions that may be about the same as what the caller is about to file, the likeliest
    first: the public part of each, and the title where the caller may see it or everybody may.

    Nothing is kept of the draft. While `complete` is false, not all petitions have been read yet.
    """
    places: Mapping[str, KnownPlace] = copies["place"]
    there = places.get(draft.place)
    if there is None:
        raise Rejected("unknown-place", f"there is no place {draft.place}", place=draft.place)
    words = hashes(draft.title, draft.text)
    around = _around(there.path, places, draft.within)
    return await _answer(Sought(words, around, draft.category), caller, store, copies)


@queries.get("/petitions/{id}/candidates", may=role(*STAFF), note="for petitions of their places")
async def candidates(
    id: Annotated[Id, Path()],
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    within: Within = "community",
) -> dict[str, Any]:
    """Petitions that may be about the same as this one, the likeliest first.

    Its words are read for it, which is recorded. While `complete` is false, not all petitions have
    been read yet.
    """
    found = await store.get(petition, id)
    if found is None or not (
        petitions_api.see.allows(caller, found.state, None)
        and staff_there.allows(caller, found.state, None)
    ):
        raise NotFound
    stream = petition.stream(id)
    await store.journal.record_reading(caller.sub, [stream], "duplicates", store.clock.now())
    words = words_of(await store.journal.dossier(stream))
    sought = Sought(
        hashes(*(words or ("",))),
        _around(found.state.path, copies["place"], within),
        found.state.category,
        id,
    )
    return await _answer(sought, caller, store, copies)


async def _answer(sought: Sought, caller: Caller, store: Store, copies: Copies) -> dict[str, Any]:
    """What is found, as this caller may see it, as it is stored now."""
    recent: RecentPetitions = copies[RecentPetitions.name]
    found = alike(recent.table, sought)
    states = await _states(store, [each.id for each in found])
    # A merged one is answered with another: that is the one to support.
    mains = {
        id: state.merging.into
        for id, state in states.items()
        if state.merging is not None and state.merging.into is not None
    }
    states |= await _states(store, [id for id in mains.values() if id not in states])
    shown: dict[str, Alike] = {}
    for each in found:
        id = mains.get(each.id, each.id)
        if id != sought.id and id in states and is_compared(states[id]):
            shown.setdefault(id, each)
    titles = await _titles({id: states[id] for id in shown}, recent, caller, store)
    places: Mapping[str, KnownPlace] = copies["place"]
    now = store.clock.now()
    return {
        "items": [
            {
                "id": id,
                "score": round(each.score, 2),
                "why": _why(each, sought, places),
                "category": states[id].category,
                "place": _outside(states[id].path, places),
                "days": ((states[id].closed_at or now) - states[id].filed_at).days,
                "status": states[id].status,
                "supporters": supporters(states[id]),
                **({} if titles[id] is None else {"title": titles[id]}),
            }
            for id, each in shown.items()
            if id in titles
        ],
        "complete": recent.complete,
    }


async def _states(store: Store, ids: list[str]) -> dict[str, Petition]:
    stored = await store.journal.load(petition.kind, ids) if ids else {}
    return {id: store.read(petition, each) for id, each in stored.items()}


async def _titles(
    states: Mapping[str, Petition], recent: RecentPetitions, caller: Caller, store: Store
) -> dict[str, str | None]:
    """The titles that the caller may see: the petitioner's own, or the one for everybody where that
    is out; None for the others. What was erased is left out, and no longer compared. That others
    see a petitioner's title is recorded.
    """
    streams = {id: petition.stream(id) for id in states}
    dossiers = await store.journal.dossiers(list(streams.values())) if streams else {}
    titles: dict[str, str | None] = {}
    read: list[str] = []
    for id, state in states.items():
        entries = dossiers.get(streams[id], ())
        words = words_of(entries)
        if words is None:
            recent.table.drop(id)
            continue
        is_own = state.petitioner == caller.sub
        may = is_own or _may_read(caller, state)
        titles[id] = words[0] if may else released_title(state, entries)
        if may and not is_own:
            read.append(streams[id])
    if read:
        await store.journal.record_reading(caller.sub, read, "duplicates", store.clock.now())
    return titles


def _may_read(caller: Caller, state: Petition) -> bool:
    dossier = petitions_api.dossier
    return dossier is not None and dossier.see.allows(caller, state, None)


def _why(each: Alike, sought: Sought, places: Mapping[str, KnownPlace]) -> list[str]:
    """The reasons, in words that do not change."""
    kind = places[sought.places[each.steps]].kind
    why = ["similar-words", f"same-{kind}"]
    if sought.category is not None and each.same_category:
        why.append("same-category")
    return why


def _around(path: tuple[str, ...], places: Mapping[str, KnownPlace], within: Within) -> list[str]:
    """The places of a path in which duplicates lie, the innermost first."""
    kinds = AROUND[: AROUND.index(PlaceKind(within)) + 1]
    there = ((places[code].kind, code) for code in reversed(path) if code in places)
    return [code for kind, code in there if kind in kinds]


def _outside(path: tuple[str, ...], places: Mapping[str, KnownPlace]) -> str | None:
    """The innermost place of a path that everybody may know of."""
    for code in reversed(path):
        if code in places and places[code].kind not in INSIDE:
            return code
    return None
