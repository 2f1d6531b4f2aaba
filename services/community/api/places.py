"""Places over HTTP: the table, the tree, and its import from a file."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response

from services.community.domain.place import MovePlace, Place, RegisterPlace, RenamePlace, place
from services.community.domain.place import open_verbs as place_verbs
from services.community.importing import MAX_BYTES, NotImportable, read
from services.community.planting import plant
from services.community.tree import lineage
from services.community.views import places_query
from shared.contracts.types import PlaceCode, PlaceKind
from shared.runtime import cursors
from shared.runtime.api import (
    Create,
    CurrentCaller,
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


@queries.get("/places/{id}", may=anyone)
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
