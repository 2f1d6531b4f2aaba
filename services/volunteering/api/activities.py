"""Over HTTP: activities, from the draft to the hours; lists of them, and who takes part."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.volunteering.access import (
    but_drafts,
    convenor_there,
    for_their_team,
    has_a_place,
    organises,
    some_staff,
    staff_there,
)
from services.volunteering.check_in_codes import (
    DIGITS,
    STEP,
    code_at,
    good_until,
    otpauth_uri,
    secret_in_use,
)
from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import (
    AcceptOffer,
    CallOff,
    CheckIn,
    CheckInFor,
    CheckInHere,
    CheckOut,
    CheckOutFor,
    CheckOutHere,
    ConfirmHours,
    DecideDispute,
    DeclineOffer,
    DenyPresence,
    DescribeActivity,
    DisputeHours,
    DropDispute,
    Enlist,
    MoveActivity,
    NameContact,
    NameOrganisers,
    OpenActivity,
    PlanActivity,
    RecordPresence,
    Resize,
    Revise,
    SignUp,
    StrikeOff,
    Withdraw,
)
from services.volunteering.domain.activities.state import (
    Activity,
    Status,
    number_of,
    offer_to,
)
from services.volunteering.domain.activities.verbs import open_verbs
from services.volunteering.views import activities as views
from shared.contracts.types import Id, PlaceCode
from shared.contracts.volunteering.activities import Theme
from shared.neighbourhood.scopes import path_of, scopes
from shared.runtime.api import (
    AggregateApi,
    Create,
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
    show_dossier,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.journal import Query as Asked
from shared.runtime.listing import listed as a_page
from shared.runtime.own_data import Held
from shared.runtime.policies import Policy, anyone
from shared.runtime.problems import Forbidden, NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store

leads = organises | convenor_there
insiders = organises | staff_there


def lies_in(copies: Copies, state: Activity | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place) if state is None else state.path


# --- what is shown -------------------------------------------------------------------------------


def own(state: Activity, person: str) -> dict[str, Any]:
    """What somebody has to do with it: a place, an offer, a number on the waiting list; from when
    to when they were there, and the minutes that were confirmed.
    """
    offer = offer_to(state, person)
    number = number_of(state, person)
    dispute = next((one for one in state.disputes if one.person == person), None)
    return {
        "place": state.places.role_of(person),
        "offer": None if offer is None else {"role": offer.role, "until": offer.until},
        "waiting": None
        if number is None
        else {"role": state.waiting.role_of(person), "number": number},
        "presence": _stints(state, person),
        "minutes": next((one.minutes for one in state.served if one.person == person), None),
        "dispute": None if dispute is None else _claim(dispute),
    }


def _stints(state: Activity, person: str) -> list[dict[str, datetime | None]]:
    return [{"came": came, "left": left} for came, left in state.presence.stints(person)]


def _claim(dispute: Any) -> dict[str, Any]:
    return {"because": dispute.because, "came": dispute.came, "left": dispute.left}


def shown(state: Activity, caller: Caller) -> dict[str, Any]:
    """What everybody sees: what, where and when it is, how many places are left; and of the people
    oneself.
    """
    return {
        "status": state.status,
        "place": state.place,
        "path": state.path,
        "team": state.team,
        "series": state.series,
        "organisers": state.organisers,
        "title": state.title,
        "text": state.text,
        "meet_at": state.meet_at,
        "meeting": state.meeting,
        "by_code": state.by_code,
        "theme": state.theme,
        "begin": state.begin,
        "end": state.end,
        "sign_up_from": state.sign_up_from,
        "sign_up_until": state.sign_up_until,
        "withdraw_until": state.withdraw_until,
        "roles": [
            {
                "code": role.code,
                "number": role.number,
                "free": role.number - taken,
                "waiting": state.waiting.roles.count(role.code),
                "least_age": role.least_age,
                "most_age": role.most_age,
                "trainings": role.trainings,
                "team_only": role.team_only,
            }
            for role, taken in zip(state.roles, state.taken, strict=True)
        ],
        "you": own(state, caller.sub),
    }


def told(state: Activity, caller: Caller) -> Mapping[str, Any]:
    """What became of it for the caller: whether there was a place, or which number they have."""
    return {"you": own(state, caller.sub)}


# --- the table -----------------------------------------------------------------------------------


def of_oneself(command: Any) -> Verb:
    """What one does oneself; whether one can, the rules say."""
    return Verb(command, may=anyone, tells=told)


activities_api = aggregate_api(
    activity,
    collection="activities",
    tag="Activities",
    create=Create(PlanActivity, may=for_their_team | convenor_there),
    verbs={
        "revise": Verb(Revise, may=organises),
        "open": Verb(OpenActivity, may=organises),
        "describe": Verb(DescribeActivity, may=organises),
        "resize": Verb(Resize, may=organises),
        "move": Verb(MoveActivity, may=organises),
        "call-off": Verb(CallOff, may=leads),
        "name-contact": Verb(NameContact, may=organises),
        "name-organisers": Verb(NameOrganisers, may=convenor_there),
        "sign-up": of_oneself(SignUp),
        "withdraw": of_oneself(Withdraw),
        "accept-offer": of_oneself(AcceptOffer),
        "decline-offer": of_oneself(DeclineOffer),
        "enlist": Verb(Enlist, may=organises),
        "strike-off": Verb(StrikeOff, may=organises),
        "check-in": of_oneself(CheckIn),
        "check-in-here": of_oneself(CheckInHere),
        "check-in-for": Verb(CheckInFor, may=organises),
        "check-out": of_oneself(CheckOut),
        "check-out-here": of_oneself(CheckOutHere),
        "check-out-for": Verb(CheckOutFor, may=organises),
        "record-presence": Verb(RecordPresence, may=leads),
        "deny-presence": Verb(DenyPresence, may=leads),
        "confirm-hours": Verb(ConfirmHours, may=leads),
        "dispute-hours": of_oneself(DisputeHours),
        "drop-dispute": of_oneself(DropDispute),
        "decide-dispute": Verb(DecideDispute, may=convenor_there),
    },
    open=lambda state, caller: open_verbs(state, caller.sub),
    see=but_drafts | insiders,
    shown=shown,
    lies_in=lies_in,
    history=insiders,
)
APIS: tuple[AggregateApi, ...] = (activities_api,)

HELD: tuple[Held, ...] = (
    Held(activities_api, "people", shown=lambda state, caller: shown(state, caller)),
)
"""Where something about a person lies."""

# --- queries -------------------------------------------------------------------------------------

queries = Queries(tags=["Activities"])
QUERIES: tuple[Queries, ...] = (queries,)


async def listed(store: Store, caller: Caller, asked: Asked) -> dict[str, Any]:
    """A page of activities."""
    return await a_page(store, activity, asked, lambda state: shown(state, caller))


@queries.get("/activities", may=anyone, note="but for drafts")
async def list_activities(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode | None = None,
    team: Id | None = None,
    series: Id | None = None,
    theme: Theme | None = None,
    status: Annotated[list[Status] | None, Query(max_length=10)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What takes place at a place or below it, of a team, or of a series: the next first. Without
    `status`: what is open, full, or running.
    """
    asked = views.listing(
        place=place,
        team=team,
        series=series,
        theme=theme,
        statuses=status or (),
        since=since,
        until=until,
        limit=limit,
        after=decode(cursor),
    )
    return await listed(store, caller, asked)


@queries.get("/activities/mine", may=anyone, note="the caller's own")
async def my_activities(
    caller: CurrentCaller,
    store: CurrentStore,
    part: views.Part = views.Part.PLACE,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Where the caller has a place, an offer, waits, or is an organiser."""
    asked = views.of_person(
        caller.sub,
        part,
        since=since,
        until=until,
        limit=limit,
        after=decode(cursor),
    )
    return await listed(store, caller, asked)


@queries.get("/activities/unsettled", may=some_staff, note="of their places")
async def unsettled(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What waits for staff: hours that no organiser has confirmed, and those that are disputed."""
    within = scopes(caller, place, copies, everywhere="administrator")
    page = await store.journal.find(
        activity.kind, views.at_the_office(within, limit, decode(cursor))
    )
    items = []
    for one in page.items:
        state = store.read(activity, one)
        items.append(
            {
                "id": one.id,
                "version": one.version,
                **shown(state, caller),
                "unsettled": state.unsettled,
                "asked": state.asked,
                "disputes": [{"person": each.person, **_claim(each)} for each in state.disputes],
            }
        )
    return {"items": items, "next": encode(page.next)}


async def seen(id: str, caller: Caller, store: Store, may: Policy) -> Activity:
    """The activity, for those who may. Raises `NotFound` where they may not know of it, else
    `Forbidden`.
    """
    snapshot = await store.get(activity, id)
    if snapshot is None or not activities_api.see.allows(
        caller, snapshot.state, None, snapshot.state.path
    ):
        raise NotFound
    if not may.allows(caller, snapshot.state, None, snapshot.state.path):
        raise Forbidden
    return snapshot.state


@queries.get("/activities/{id}/people", may=anyone, note="organisers, staff of the place")
async def people(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """Who has a place, in the order they got it, and when they were there; to whom a place is
    held; who waits, in order.
    """
    state = await seen(id, caller, store, insiders)
    minutes = {one.person: one.minutes for one in state.served}
    return {
        "places": [
            {
                "person": person,
                "role": role,
                "presence": _stints(state, person),
                "minutes": minutes.get(person),
            }
            for person, role in zip(state.places.people, state.places.roles, strict=True)
        ],
        "offers": state.offers,
        "waiting": [
            {"person": person, "role": role}
            for person, role in zip(state.waiting.people, state.waiting.roles, strict=True)
        ],
        "disputes": [{"person": one.person, **_claim(one)} for one in state.disputes],
    }


@queries.get("/activities/{id}/check-in-code", may=anyone, note="organisers")
async def check_in_code(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    clock: CurrentClock,
    response: Response,
) -> dict[str, Any]:
    """What an organiser's telephone makes the codes of the minute from (`uri`, for any
    authenticator app, without a network), and the code of this minute.
    """
    state = await seen(id, caller, store, organises)
    now, secret = clock.now(), secret_in_use()
    response.headers["Cache-Control"] = "no-store"
    return {
        "uri": otpauth_uri(id, state.title, secret),
        "code": code_at(id, now, secret),
        "good_until": good_until(now),
        "digits": DIGITS,
        "seconds": STEP // timedelta(seconds=1),
    }


@queries.get("/activities/{id}/contact", may=anyone, note="who has a place, organisers, staff")
async def contact(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """Whom those who take part can call; the reading is recorded."""
    await seen(id, caller, store, has_a_place | insiders)
    stream = activity.stream(id)
    entries = await show_dossier(store, caller, stream, "GET /activities/{id}/contact")
    named = [entry.data for entry in entries if entry.name == "ActivityContactNamed"]
    if not named:
        raise NotFound
    return {"name": named[-1]["name"], "phone": named[-1]["phone"]}
