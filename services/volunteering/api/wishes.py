"""Over HTTP: wishes (微心愿)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query

from services.volunteering.access import STAFF, some_staff, staff_there
from services.volunteering.domain.wishes.wish import NOT_SHOWN, open_verbs, wish
from services.volunteering.domain.wishes.wish_commands import (
    ClaimWish,
    CloseWish,
    ConfirmGrant,
    CorrectHours,
    DeclineWish,
    DisputeGrant,
    GiveBackWish,
    GrantWish,
    PostWish,
    ProlongWish,
    ReferWish,
    ReleaseWording,
    ReplyToDispute,
    ReturnWish,
    RewordWish,
    SettleDispute,
    WithdrawWish,
    WordWish,
)
from services.volunteering.domain.wishes.wish_state import Status, Wish
from services.volunteering.views.wishes import wishes_below, wishes_of
from shared.contracts.types import Id, PlaceCode
from shared.contracts.volunteering.wishes import WishKind
from shared.neighbourhood.scopes import path_of, scopes
from shared.runtime.api import (
    AggregateApi,
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry, Page
from shared.runtime.own_data import Held
from shared.runtime.policies import Policy, anyone, holder, owner, public, within_place
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store

own_wish = Policy(
    "resident for themselves",
    lambda caller, _state, command, _path: (
        "resident" in caller.roles and not (command is not None and command.on_behalf)
    ),
)
the_owner = owner("owner")
the_poster = owner("poster")
organisers = holder("organisers")
"""Who has claimed it: with a team its leaders."""
helpers = holder("served_by")
asking = the_owner | the_poster
concerned = asking | organisers | helpers | staff_there
for_the_owner = asking | staff_there
told_the_words = asking | organisers | helpers | within_place(*STAFF)
"""Who may know how to reach the owner: no administrator has to."""

SHOWN = (
    frozenset(Status) - NOT_SHOWN - {Status.NONE, Status.REFERRED, Status.PETITION, Status.ENDED}
)
once_shown = Policy(
    "everybody, once it is shown",
    lambda _caller, state, _command, _path: state is not None and state.status in SHOWN,
)
WITH_CONTACT = frozenset({Status.CLAIMED, Status.GRANTED, Status.DISPUTED})
"""While it is theirs to grant, volunteers see how to reach the owner."""
OF_HELPERS = frozenset({"WishWorded", "WishGrantTold", "WishThanked"})
"""What volunteers see of the words, now and later."""


def lies_in(copies: Copies, state: Wish | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Wish, caller: Caller) -> dict[str, Any]:
    """What those concerned see of it."""
    claim, serving = state.claim, state.serving
    return {
        "status": state.status,
        "kind": state.kind,
        "place": state.place,
        "path": state.path,
        "owner": state.owner,
        "poster": state.poster,
        "consent": state.consent,
        "until": state.until,
        "hints": state.hints,
        "doubts": state.doubts,
        "worded_by": state.worded_by,
        "least_age": state.least_age,
        "trainings": state.trainings,
        "claim": None
        if claim is None
        else {
            "volunteer": claim.volunteer,
            "team": claim.team,
            "since": claim.since,
            "until": claim.until,
            "organisers": state.organisers,
        },
        "granted": None
        if serving is None
        else {
            "begun": serving.begun,
            "ended": serving.ended,
            "minutes": dict(serving.minutes),
            "confirmed": dict(state.confirmed),
        },
        "disputed": state.disputed_because,
        "stars": state.stars,
        "late": state.alarm,
        "petition": state.petition,
        "outcome": state.outcome,
    }


def entry_for(name: str, data: Mapping[str, Any], state: Wish, caller: Caller) -> Mapping[str, Any]:
    """An entry of the dossier as the caller is shown it: volunteers see no reasons of staff, and
    how to reach the owner only while they need it.
    """
    if caller.sub in (state.owner, state.poster):
        return data
    if caller.sub in state.organisers or caller.sub in state.served_by:
        if name in OF_HELPERS or (name == "WishTold" and state.status in WITH_CONTACT):
            return data
        return {}
    return data


def household(state: Wish, caller: Caller) -> Collection[str]:
    """Where exactly the owner lives is in the timeline for nobody else."""
    return () if state.household is None or caller.sub == state.owner else (state.household,)


wishes_api = aggregate_api(
    wish,
    collection="wishes",
    tag="Wishes",
    create=Create(PostWish, may=own_wish | staff_there),
    verbs={
        "word": Verb(WordWish, may=staff_there),
        "release": Verb(ReleaseWording, may=staff_there),
        "return": Verb(ReturnWish, may=staff_there),
        "reword": Verb(RewordWish, may=asking),
        "decline": Verb(DeclineWish, may=staff_there),
        "refer": Verb(ReferWish, may=staff_there),
        "prolong": Verb(ProlongWish, may=for_the_owner),
        "claim": Verb(ClaimWish, may=anyone, see=once_shown),
        "give-back": Verb(GiveBackWish, may=organisers),
        "grant": Verb(GrantWish, may=organisers),
        "confirm": Verb(ConfirmGrant, may=for_the_owner),
        "dispute": Verb(DisputeGrant, may=for_the_owner),
        "reply": Verb(ReplyToDispute, may=organisers),
        "settle": Verb(SettleDispute, may=staff_there),
        "correct": Verb(CorrectHours, may=staff_there),
        "withdraw": Verb(WithdrawWish, may=asking),
        "close": Verb(CloseWish, may=staff_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=concerned,
    shown=shown,
    dossier=Dossier(see=told_the_words, subject="owner", shown=entry_for),
    lies_in=lies_in,
    veil=household,
    history=for_the_owner,
)

queries = Queries(tags=["Wishes"])


@queries.get("/public/wishes", may=public, note="open ones, without who")
async def open_wishes(
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    kind: WishKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Wishes at a place or below that wait for a volunteer, the oldest first."""
    if not path_of(copies, place):
        raise NotFound
    asked = wishes_below([place], [Status.OPEN], kind=kind, limit=limit, after=decode(cursor))
    page = await store.journal.find("wish", asked)
    words = await store.journal.dossiers([wish.stream(item.id) for item in page.items])
    items = [
        in_public(item.id, store.read(wish, item), words.get(wish.stream(item.id), ()))
        for item in page.items
    ]
    return {"items": items, "next": encode(page.next)}


@queries.get("/public/wishes/counts", may=public)
async def count_wishes(
    store: CurrentStore, copies: CurrentCopies, place: PlaceCode
) -> dict[str, Any]:
    """How many wishes at a place or below wait, are being granted, and came true."""
    if not path_of(copies, place):
        raise NotFound
    groups = {
        "open": [Status.OPEN],
        "at_work": sorted(WITH_CONTACT),
        "fulfilled": [Status.FULFILLED],
        "became_petitions": [Status.PETITION],
    }
    counted = {
        name: await store.journal.count("wish", wishes_below([place], those).where)
        for name, those in groups.items()
    }
    return {"place": place, **counted}


@queries.get("/public/wishes/{id}", may=public, note="an open one, without who")
async def open_wish(id: Id, store: CurrentStore) -> dict[str, Any]:
    """One wish that waits for a volunteer."""
    snapshot = await store.get(wish, id)
    if snapshot is None or snapshot.state.status is not Status.OPEN:
        raise NotFound
    return in_public(id, snapshot.state, await store.journal.dossier(wish.stream(id)))


@queries.get("/wishes", may=some_staff, note="of their places")
async def screen_wishes(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    late: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What waits for staff: to be screened, filed or settled; `late`: what was not done in time,
    whatever it is.
    """
    waiting = (Status.POSTED, Status.WORDED, Status.REFERRED, Status.DISPUTED)
    statuses = status or (tuple(Status) if late else waiting)
    asked = wishes_below(
        scopes(caller, place, copies, everywhere="administrator"),
        statuses,
        late=late,
        limit=limit,
        after=decode(cursor),
    )
    page = await store.journal.find("wish", asked)
    return await listed(page, caller, store, "work queue")


@queries.get("/wishes/mine", may=anyone, note="their own")
async def my_wishes(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller hopes for, the latest first."""
    page = await store.journal.find("wish", wishes_of("owner", caller.sub, limit, decode(cursor)))
    return await listed(page, caller, store, None)


@queries.get("/wishes/posted", may=anyone, note="posted by themselves")
async def posted_wishes(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller posted, for themselves or somebody else, the latest first."""
    page = await store.journal.find("wish", wishes_of("poster", caller.sub, limit, decode(cursor)))
    return await listed(page, caller, store, None)


@queries.get("/wishes/claimed", may=anyone, note="claimed by themselves or their team")
async def claimed_wishes(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller has claimed, alone or with the leaders of a team, the latest first."""
    asked = wishes_of("organisers", caller.sub, limit, decode(cursor))
    return await listed(await store.journal.find("wish", asked), caller, store, None)


def in_public(id: str, state: Wish, words: Sequence[DossierEntry]) -> dict[str, Any]:
    """An open wish as everybody sees it: the wording, and nobody's name."""
    wording = _latest(words, "WishWorded")
    return {
        "id": id,
        "kind": state.kind,
        "place": state.place,
        "title": wording.get("title"),
        "text": wording.get("text"),
        "until": state.until,
        "least_age": state.least_age,
        "trainings": state.trainings,
    }


async def listed(page: Page, caller: Caller, store: Store, purpose: str | None) -> dict[str, Any]:
    """A page with titles: the one that is shown, else the owner's. `purpose` records the reading of
    what others told.
    """
    streams = [wish.stream(item.id) for item in page.items]
    if purpose is not None and streams:
        await store.journal.record_reading(caller.sub, streams, purpose, store.clock.now())
    words = await store.journal.dossiers(streams)
    items = []
    for item, stream in zip(page.items, streams, strict=True):
        entries = words.get(stream, ())
        wording = _latest(entries, "WishWorded") or _latest(entries, "WishTold")
        items.append(
            {
                "id": item.id,
                "version": item.version,
                "title": wording.get("title"),
                **shown(store.read(wish, item), caller),
            }
        )
    return {"items": items, "next": encode(page.next)}


def _latest(words: Sequence[DossierEntry], name: str) -> Mapping[str, Any]:
    return next((one.data for one in reversed(words) if one.name == name), {})


APIS: tuple[AggregateApi, ...] = (wishes_api,)
QUERIES: tuple[Queries, ...] = (queries,)
HELD: tuple[Held, ...] = (
    Held(wishes_api, "owner"),
    Held(wishes_api, "organisers", shown),
    Held(wishes_api, "served_by", shown),
)
"""Where something about a person lies."""
