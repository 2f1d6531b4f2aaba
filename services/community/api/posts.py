"""Posts over HTTP: the table, lists, and who is responsible."""

from typing import Any

from services.community.access import the_holder
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
from services.community.tree import lineage
from services.community.views import posts_query
from shared.contracts.types import Code, Id, PlaceCode
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
from shared.runtime.policies import administrator, anyone
from shared.runtime.problems import Invalid
from shared.runtime.queries import Queries

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

queries = Queries(tags=["Posts"])


@queries.get("/posts", may=anyone)
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


@queries.get("/duty", may=anyone)
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
