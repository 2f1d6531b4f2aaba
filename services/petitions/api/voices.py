"""Voices over HTTP: what is read before it is signed. The verbs stand in the table of petitions."""

from typing import Annotated, Any

from fastapi import Path

from services.petitions.api.known import community_around
from services.petitions.api.standing import impartial, neighbour, open_matter, signer
from services.petitions.domain.petition import petition
from services.petitions.recent import words_of
from shared.contracts.types import Id
from shared.neighbourhood.home import home
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

queries = Queries(tags=["Petitions"])


@queries.get(
    "/petitions/{id}/to-sign",
    may=neighbour,
    note="of a joint one, to who is registered in its community",
)
async def to_sign(
    id: Annotated[Id, Path()],
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
) -> dict[str, Any]:
    """What somebody signs who signs it: title and text, and how many households have so far. That
    it was read is recorded.
    """
    found = await store.get(petition, id)
    lives = await store.get(home, caller.sub)
    unit = None if lives is None or lives.state.household is None else lives.state.household
    there = copies["place"].get(unit)
    if (
        found is None
        or there is None
        or not found.state.joint
        or not (open_matter & impartial).allows(caller, found.state, None)
        or community_around(copies, found.state.path) not in there.path
    ):
        raise NotFound
    stream = petition.stream(id)
    words = words_of(await store.journal.dossier(stream))
    if words is None:
        raise NotFound
    await store.journal.record_reading(caller.sub, [stream], "signing", store.clock.now())
    return {
        "id": id,
        "status": found.state.status,
        "category": found.state.category,
        "title": words[0],
        "text": words[1],
        "households": 0 if found.state.voices is None else len(found.state.voices.households),
        "signed": signer.allows(caller, found.state, None),
    }
