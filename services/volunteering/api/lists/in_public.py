"""Projects as everybody may see them: what is done where, and what came of it; nobody's name."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query

from services.volunteering.domain.lists.project import project
from services.volunteering.domain.lists.project_state import Project, Stage, Status
from services.volunteering.views.lists import below
from shared.contracts.types import LEVELS, Id, PlaceCode, PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import CurrentCopies, CurrentStore
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.journal import DossierEntry
from shared.runtime.policies import public
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

SHOWN = (Status.RUNNING, Status.REPORTED, Status.MET)
LEVEL_KINDS = frozenset(PlaceKind(level) for level in LEVELS)
WITHOUT_WHO = "without who"

queries = Queries(tags=["Lists"])


@queries.get("/public/projects", may=public, note=WITHOUT_WHO)
async def projects_in_the_open(
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: Annotated[list[Status] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Projects at a place or below it, the first planned in front; none that were called off."""
    if not path_of(copies, place):
        raise NotFound
    statuses = [one for one in status or SHOWN if one in SHOWN]
    page = await store.journal.find(
        project.kind, below(place, statuses, limit=limit, after=decode(cursor))
    )
    words = await store.journal.dossiers([project.stream(item.id) for item in page.items])
    items = [
        _shown(
            item.id,
            store.read(project, item),
            words.get(project.stream(item.id), ()),
            copies,
        )
        for item in page.items
    ]
    return {"items": items, "next": encode(page.next)}


@queries.get("/public/projects/{id}", may=public, note=WITHOUT_WHO)
async def project_in_the_open(id: Id, store: CurrentStore, copies: CurrentCopies) -> dict[str, Any]:
    """One of them."""
    snapshot = await store.get(project, id)
    if snapshot is None or snapshot.state.status not in SHOWN:
        raise NotFound
    entries = await store.journal.dossier(project.stream(id))
    return _shown(id, snapshot.state, entries, copies)


def _shown(
    id: str, state: Project, words: Sequence[DossierEntry], copies: Copies
) -> dict[str, Any]:
    """Its title is told, its text is not: that was written for those who work on it."""
    said = next((one.data for one in reversed(words) if one.name == "ProjectDescribed"), {})
    kept = [task for task in state.tasks if task.stage is not Stage.DROPPED]
    return {
        "id": id,
        "status": state.status,
        "place": _public_place(copies, state.path),
        "title": said.get("title"),
        "until": state.until,
        "needs": len(state.needs),
        "tasks": len(kept),
        "confirmed_tasks": sum(task.stage is Stage.CONFIRMED for task in kept),
        "results": dict(state.results),
        "stars": state.stars,
    }


def _public_place(copies: Copies, path: Sequence[str]) -> str:
    """Where it is, no closer than the neighbourhood."""
    known: dict[str, KnownPlace] = copies["place"]
    levels = [code for code in path if (at := known.get(code)) and at.kind in LEVEL_KINDS]
    return levels[-1] if levels else path[0]
