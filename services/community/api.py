"""community over HTTP: the tables of commands, and the queries."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.community.access import looks_after, registrar, the_holder
from services.community.domain.place import MovePlace, Place, RegisterPlace, RenamePlace, place
from services.community.domain.place import open_verbs as place_verbs
from services.community.domain.post import (
    AssignPost,
    CallOff,
    EstablishPost,
    Post,
    Relieve,
    ReplaceHolder,
    Resign,
    holder_at,
    post,
    post_id,
)
from services.community.domain.post import open_verbs as post_verbs
from services.community.domain.resident import (
    DescribeResident,
    MoveHousehold,
    RegisterResident,
    resident,
)
from services.community.domain.resident import open_verbs as resident_verbs
from services.community.importing import MAX_BYTES, NotImportable, read
from services.community.planting import plant
from services.community.tree import lineage
from services.community.views import household_query, places_query, posts_query
from shared.contracts.types import Code, Id, PlaceCode, PlaceKind
from shared.runtime import cursors
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.journal import DossierEntry
from shared.runtime.policies import administrator, anyone, owner
from shared.runtime.problems import FieldError, Forbidden, Invalid, NotFound, Problem

places_api = aggregate_api(
    place,
    collection="places",
    tag="Places",
    create=Create(RegisterPlace, may=administrator, id=lambda command: command.code),
    verbs={
        "rename": Verb(RenamePlace, may=administrator),
        "move": Verb(MovePlace, may=administrator),
    },
    open=lambda state, _caller: place_verbs(state),
    see=anyone,
)

posts_api = aggregate_api(
    post,
    collection="posts",
    tag="Posts",
    create=Create(
        EstablishPost,
        may=administrator,
        id=lambda command: post_id(command.place, command.duty),
    ),
    verbs={
        "assign": Verb(AssignPost, may=administrator),
        "replace": Verb(ReplaceHolder, may=administrator),
        "resign": Verb(Resign, may=the_holder),
        "relieve": Verb(Relieve, may=administrator),
        "call-off": Verb(CallOff, may=administrator),
    },
    open=lambda state, _caller: post_verbs(state),
    see=anyone,
)

residents_api = aggregate_api(
    resident,
    collection="residents",
    tag="Residents",
    create=Create(RegisterResident, may=registrar, id=lambda command: command.resident),
    verbs={
        "move": Verb(MoveHousehold, may=administrator),
        "describe": Verb(DescribeResident, may=owner("resident") | administrator),
    },
    open=lambda state, _caller: resident_verbs(state),
    # Staff of the place find people by household: `GET /households/{code}`.
    see=owner("resident") | administrator,
    dossier=Dossier(see=owner("resident") | administrator, subject="resident"),
)

# --- queries -----------------------------------------------------------------------------------

queries = APIRouter()

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=2_000)]


@queries.get("/places", tags=["Places"])
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


@queries.post("/places/import", tags=["Places"])
async def import_places(
    request: Request, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, int]:
    """Brings the tree up to a file (``text/yaml``, ``text/csv``); with an error in it, not at all.

    Doing it again changes nothing, so a request that broke off is simply repeated.
    """
    if not administrator.allows(caller, None, None):
        raise Forbidden
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


@queries.get("/places/{id}", tags=["Places"])
async def one_place(
    id: PlaceCode,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    response: Response,
) -> dict[str, Any]:
    """A place with all above it, from the district down, with names."""
    snapshot = await store.get(place, id)
    if snapshot is None:
        raise NotFound
    response.headers["ETag"] = f'"{snapshot.version}"'
    response.headers["Cache-Control"] = "no-store"
    return {
        "id": id,
        "version": snapshot.version,
        **shown_place(snapshot.state),
        "ancestors": ancestors(lineage(copies["place"], id)),
        "can": verbs_open_to(places_api, snapshot.state, caller),
    }


async def body_of(request: Request) -> bytes:
    """The request's body, refused as soon as it is larger than a file may be."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            raise Problem(413, "too-large", most=MAX_BYTES)
    return bytes(content)


@queries.get("/posts", tags=["Posts"])
async def list_posts(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode | None = None,
    holder: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Posts at a place, of a holder, or all."""
    asked = posts_query(place=place, holder=holder, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("post", asked)
    items = [{"id": stored.id, "version": stored.version, **stored.state} for stored in page.items]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/duty", tags=["Posts"])
async def who_is_responsible(
    caller: CurrentCaller,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode,
    duty: Code,
    climb: bool = False,
) -> dict[str, Any]:
    """Who has a duty at a place now; with `climb`, at the nearest one above where somebody does.

    `holder` is null where nobody has it.
    """
    line = lineage(copies["place"], place)
    if not line:
        raise Invalid("place", "no such place is registered")
    posts = copies["post"]
    now = clock.now()
    for here in reversed(line if climb else line[-1:]):
        held: Post | None = posts.get(post_id(here.code, duty))
        if held is not None and (term := holder_at(held, now)) is not None:
            return {
                "duty": duty,
                "place": here.code,
                "holder": term.holder,
                "since": term.since,
                "until": term.until,
            }
    return {"duty": duty, "place": place, "holder": None, "since": None, "until": None}


@queries.get("/households/{code}", tags=["Residents"])
async def household(
    code: PlaceCode, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Who lives in a unit, for the staff of a place that it lies in. Every reading is recorded."""
    line = lineage(copies["place"], code)
    if not line or line[-1].kind is not PlaceKind.UNIT:
        raise NotFound
    if not looks_after(caller, [above.code for above in line]):
        raise NotFound
    page = await store.journal.find("resident", household_query(code))
    streams = [resident.stream(stored.id) for stored in page.items]
    await store.journal.record_reading(caller.sub, streams, "household", store.clock.now())
    dossiers = await store.journal.dossiers(streams)
    items = [
        {
            "id": stored.id,
            "version": stored.version,
            "described": latest(dossiers.get(resident.stream(stored.id), [])),
        }
        for stored in page.items
    ]
    return {"household": code, "ancestors": ancestors(line), "items": items}


def latest(entries: Sequence[DossierEntry]) -> dict[str, Any] | None:
    """The description that holds: the last one; None after it was erased."""
    return dict(entries[-1].data) if entries else None


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
    }
