"""Posts over HTTP: the table, lists, and who is responsible."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.community.access import the_holder
from services.community.domain.post import open_verbs as post_verbs
from services.community.domain.post import post
from services.community.domain.post_commands import (
    AssignPost,
    CallOff,
    EstablishPost,
    NameDeputy,
    Relieve,
    ReplaceHolder,
    Resign,
    ReturnEarly,
    TakeLeave,
)
from services.community.domain.post_state import (
    Post,
    away_at,
    holder_at,
    post_id,
    responsible_at,
)
from services.community.tree import lineage, path_of
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
        "name-deputy": Verb(NameDeputy, may=the_holder | administrator),
        "take-leave": Verb(TakeLeave, may=the_holder | administrator),
        "return-early": Verb(ReturnEarly, may=the_holder | administrator),
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

    `responsible` is the holder, or the deputy while the holder is on leave, or null where nobody
    is. `climbed_over` tells the places on the way where nobody was, and why.
    """
    line = lineage(copies["place"], place)
    if not line:
        raise Invalid("place", "no such place is registered")
    posts = copies["post"]
    now = clock.now()
    climbed_over: list[dict[str, Any]] = []
    for here in reversed(line if climb else line[-1:]):
        held: Post | None = posts.get(post_id(here.code, duty))
        if held is not None and responsible_at(held, now) is not None:
            return {**who(held, now), "climbed_over": climbed_over}
        climbed_over.append(why_nobody(here.code, held, now))
    return {**who(Post(place, duty), now), "climbed_over": climbed_over}


@queries.get("/responsibilities", may=anyone)
async def what_somebody_answers_for(
    caller: CurrentCaller, copies: CurrentCopies, clock: CurrentClock, person: Id | None = None
) -> dict[str, Any]:
    """The duties that a person (the caller, where none is named) does now: as holder, or as the
    deputy of somebody on leave.
    """
    asked, now = person or caller.sub, clock.now()
    posts: Mapping[str, Post] = copies["post"]
    items = [who(held, now) for held in posts.values() if responsible_at(held, now) == asked]
    return {"person": asked, "items": sorted(items, key=lambda item: str(item["place"]))}


@queries.get("/vacancies", may=anyone)
async def list_vacancies(
    caller: CurrentCaller,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Posts that must be filled and are not, at a place and all below it: what is due first."""
    posts: Mapping[str, Post] = copies["post"]
    after = cursors.decode(cursor)
    if after is not None and [type(part) for part in after] != [datetime, str]:
        raise Invalid("cursor", "is not one that this list gave")
    found = sorted(
        (held.vacancy.due, id)
        for id, held in posts.items()
        if held.vacancy is not None
        and (place is None or place in path_of(copies["place"], held.place))
    )
    found = [one for one in found if after is None or one > (after[0], after[1])]
    page = found[:limit]
    items = []
    for due, id in page:
        held = posts[id]
        assert held.vacancy is not None, "it was found among the vacancies"
        items.append(
            {
                "post": id,
                "place": held.place,
                "duty": held.duty,
                "since": held.vacancy.since,
                "due": due,
                "overdue": held.vacancy.overdue,
                "to": held.vacancy.to,
                "climbs_at": held.vacancy.climbs_at,
            }
        )
    return {"items": items, "next": cursors.encode(page[-1] if found[limit:] else None)}


def who(held: Post, now: datetime) -> dict[str, Any]:
    """Who does the duty of a post now."""
    term, leave = holder_at(held, now), away_at(held, now)
    return {
        "duty": held.duty,
        "place": held.place,
        "holder": None if term is None else term.holder,
        "responsible": responsible_at(held, now),
        "organisation": None if term is None else term.organisation,
        "since": None if term is None else term.since,
        "until": None if term is None else term.until,
        "away_until": None if leave is None else leave.until,
    }


def why_nobody(place: str, held: Post | None, now: datetime) -> dict[str, Any]:
    """Why nobody does the duty at a place: there is no such post, it is vacant, or its holder is
    away without a deputy.
    """
    if held is None:
        return {"place": place, "because": "no-post", "due": None}
    if (leave := away_at(held, now)) is not None and holder_at(held, now) is not None:
        return {"place": place, "because": "on-leave", "due": leave.until}
    return {
        "place": place,
        "because": "vacant",
        "due": None if held.vacancy is None else held.vacancy.due,
    }
