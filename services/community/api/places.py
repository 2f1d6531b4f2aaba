"""Places over HTTP: the table, the tree, and its import from a file."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import AwareDatetime

from services.community.domain.place import open_verbs as place_verbs
from services.community.domain.place import place
from services.community.domain.place_commands import (
    AdoptPattern,
    CallOffPlan,
    ClosePlace,
    DescribePlace,
    MovePlace,
    RegisterPlace,
    RenamePlace,
    SplitPlace,
)
from services.community.domain.place_state import Place, parent_at
from services.community.importing import MAX_BYTES, NotImportable, read
from services.community.patterns import PATTERNS
from services.community.planting import plant
from services.community.tree import Places, lineage, lineage_at
from services.community.views import places_query
from shared.contracts.types import PlaceCode, PlaceKind
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
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.policies import administrator, anyone
from shared.runtime.problems import FieldError, Invalid, NotFound, Problem
from shared.runtime.queries import Queries

MOST_IN_A_TREE = 2_000
"""Places that one answer shows."""

places_api = aggregate_api(
    place,
    collection="places",
    tag="Places",
    create=Create(RegisterPlace, may=administrator, id=lambda command: command.code),
    verbs={
        "rename": Verb(RenamePlace, may=administrator),
        "move": Verb(MovePlace, may=administrator),
        "close": Verb(ClosePlace, may=administrator),
        "split": Verb(SplitPlace, may=administrator),
        "call-off": Verb(CallOffPlan, may=administrator),
        "describe": Verb(DescribePlace, may=administrator),
        "adopt-pattern": Verb(AdoptPattern, may=administrator),
    },
    open=lambda state, _caller: place_verbs(state),
    see=anyone,
)

queries = Queries(tags=["Places"])


@queries.get("/places", may=anyone)
async def list_places(
    caller: CurrentCaller,
    store: CurrentStore,
    parent: PlaceCode | None = None,
    kind: PlaceKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Places by code: the children of `parent`, those of a kind, or all."""
    asked = places_query(parent=parent, kind=kind, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("place", asked)
    states: list[Place] = [store.read(place, stored) for stored in page.items]
    return {"items": [shown_place(state) for state in states], "next": cursors.encode(page.next)}


@queries.post("/places/import", may=administrator)
async def import_places(
    request: Request, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, int]:
    """Brings the tree up to a file (``text/yaml``, ``text/csv``); with an error in it, not at all.

    Doing it again changes nothing, so a request that broke off is simply repeated.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("text/csv", "text/yaml", "application/yaml"):
        raise Invalid("Content-Type", "must be text/yaml or text/csv")
    content = await body_of(request)
    try:
        rows = await asyncio.to_thread(read, content, media_type)
        return (await plant(rows, caller.sub, store, copies)).shown()
    except NotImportable as refusal:
        errors = [FieldError(f"line {error.line}", error.detail) for error in refusal.errors]
        raise Problem(422, "invalid", errors=errors) from None


@queries.get("/places/tree", may=anyone)
async def tree_at(
    caller: CurrentCaller,
    copies: CurrentCopies,
    clock: CurrentClock,
    root: PlaceCode,
    at: AwareDatetime | None = None,
    depth: Annotated[int, Query(ge=1, le=8)] = 2,
) -> dict[str, Any]:
    """What lay below a place at a time (now where none is named), down to so many levels."""
    moment = at or clock.now()
    places: Places = copies["place"]
    if not lineage_at(places, root, moment):
        raise NotFound
    children: defaultdict[str, list[Place]] = defaultdict(list)
    for one in places.values():
        lay = parent_at(one, moment)
        if lay is not None and lay.parent is not None and open_at(one, moment):
            children[lay.parent].append(one)
    left = MOST_IN_A_TREE

    def branch(one: Place, levels: int) -> dict[str, Any]:
        nonlocal left
        left -= 1
        if left < 0:
            raise Invalid("depth", f"more than {MOST_IN_A_TREE} places: ask for fewer levels")
        shown: dict[str, Any] = {"code": one.code, "kind": one.kind, "name": one.name}
        if levels:
            below = sorted(children[one.code], key=lambda child: child.code)
            shown["places"] = [branch(child, levels - 1) for child in below]
        return shown

    return {"at": moment, "tree": branch(places[root], depth)}


@queries.get("/places/patterns", may=anyone)
async def list_patterns(caller: CurrentCaller) -> dict[str, Any]:
    """The sets of duties that a place can be asked to fill."""
    return PATTERNS.model_dump(mode="json")


@queries.get("/places/{id}/history", may=anyone)
async def where_it_lay(
    id: PlaceCode, caller: CurrentCaller, copies: CurrentCopies
) -> dict[str, Any]:
    """Every parent the place had, with the path that followed from it when it began."""
    state: Place | None = copies["place"].get(id)
    if state is None:
        raise NotFound
    items = []
    for lay in state.lay:
        line = lineage_at(copies["place"], id, lay.since) if lay.since is not None else None
        path = None if line is None else [one.code for one in line]
        items.append({"parent": lay.parent, "since": lay.since, "path": path})
    return {"code": id, "items": items, "closed": state.closed, "successors": state.successors}


@queries.get("/places/{id}", may=anyone)
async def one_place(
    id: PlaceCode,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    response: Response,
    at: AwareDatetime | None = None,
) -> dict[str, Any]:
    """A place with all above it, from the district down, with names: as it is, or with `at` as it
    lay at a time (names are those of now).
    """
    snapshot = await store.get(place, id)
    if snapshot is None:
        raise NotFound
    state = snapshot.state
    line = lineage(copies["place"], id) if at is None else lineage_at(copies["place"], id, at)
    if not line and at is not None:
        raise NotFound
    response.headers["ETag"] = f'"{snapshot.version}"'
    response.headers["Cache-Control"] = "no-store"
    return {
        "id": id,
        "version": snapshot.version,
        **shown_place(state),
        "parent": state.parent if at is None else (line[-2].code if line[1:] else None),
        "path": [above.code for above in line],
        "hours": in_force(line),
        "languages": state.languages,
        "contacts": state.contacts,
        "plan": state.plan,
        "successors": state.successors,
        "pattern": state.pattern,
        "ancestors": ancestors(line),
        "can": verbs_open_to(places_api, state, caller),
    }


def in_force(line: Sequence[Place]) -> dict[str, Any] | None:
    """The hours of the place: its own, or those of the nearest above that has some."""
    for here in reversed(line):
        if here.hours is not None:
            return {
                "place": here.code,
                "every_day": here.hours.every_day,
                "spans": [f"{clock_of(begin)}-{clock_of(end)}" for begin, end in here.hours.spans],
            }
    return None


def clock_of(minute: int) -> str:
    """510 is ``08:30``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def open_at(state: Place, moment: datetime) -> bool:
    """Whether it had not been closed by then."""
    return state.closed is None or state.closed > moment


async def body_of(request: Request) -> bytes:
    """The request's body, refused as soon as it is larger than a file may be."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            raise Problem(413, "too-large", most=MAX_BYTES)
    return bytes(content)


def ancestors(line: Sequence[Place]) -> list[dict[str, Any]]:
    """All above a place, from the district down."""
    return [shown_place(above) for above in line[:-1]]


def shown_place(state: Place) -> dict[str, Any]:
    """A place in a list."""
    return {
        "code": state.code,
        "kind": state.kind,
        "name": state.name,
        "parent": state.parent,
        "closed": state.closed,
    }
