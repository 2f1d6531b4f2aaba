"""Volunteers over HTTP: the table, and lists for staff and guardians."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.volunteering.access import (
    convenor_there,
    some_staff,
    staff_there,
    the_guardian,
    the_person,
)
from services.volunteering.domain.teams.volunteer import open_verbs, volunteer
from services.volunteering.domain.teams.volunteer_commands import (
    AgreeToBeNamed,
    ChangeProfile,
    ConfirmGuardian,
    Consent,
    CorrectBirthYear,
    DescribeVolunteer,
    Insure,
    MoveVolunteer,
    NameGuardian,
    RecordTraining,
    RefuseGuardian,
    RegisterVolunteer,
    ResumeVolunteer,
    StopVolunteering,
    StrikeTraining,
    SuspendVolunteer,
    WithdrawConsent,
    WithdrawNaming,
)
from services.volunteering.domain.teams.volunteer_state import Volunteer
from services.volunteering.facts.teams import open_path
from services.volunteering.trainings import TRAININGS
from services.volunteering.views.teams import (
    guardians_to_confirm,
    volunteers_of_place,
    wards_of,
)
from shared.contracts.types import Code, Id, PlaceCode
from shared.runtime import cursors
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
    all_fields,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.own_data import Held
from shared.runtime.policies import anyone, role
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store


def lies_in(copies: Copies, state: Volunteer | None, command: Any) -> Sequence[str]:
    """The places of the volunteer's home. Whom staff move lies in what both homes have in common:
    to move somebody away is not for one side alone.
    """
    if state is None:
        return open_path(copies["place"], command.place)
    if isinstance(command, MoveVolunteer):
        there = open_path(copies["place"], command.place)
        return [code for code in state.path if code in there] if there else state.path
    return state.path


volunteers_api = aggregate_api(
    volunteer,
    collection="volunteers",
    tag="Volunteers",
    create=Create(
        RegisterVolunteer,
        may=staff_there | (role("resident") & the_person),
        id=lambda command: command.volunteer,
    ),
    verbs={
        "change": Verb(ChangeProfile, may=the_person | staff_there),
        "move": Verb(MoveVolunteer, may=the_person | staff_there),
        "correct-birth-year": Verb(CorrectBirthYear, may=staff_there),
        "describe": Verb(DescribeVolunteer, may=the_person | staff_there),
        "stop": Verb(StopVolunteering, may=the_person),
        "agree-to-be-named": Verb(AgreeToBeNamed, may=the_person | the_guardian),
        "withdraw-naming": Verb(WithdrawNaming, may=the_person | the_guardian),
        "name-guardian": Verb(NameGuardian, may=the_person | staff_there),
        "confirm-guardian": Verb(ConfirmGuardian, may=staff_there),
        "refuse-guardian": Verb(RefuseGuardian, may=staff_there),
        "consent": Verb(Consent, may=the_guardian),
        "withdraw-consent": Verb(WithdrawConsent, may=the_guardian),
        "record-training": Verb(RecordTraining, may=staff_there),
        "strike-training": Verb(StrikeTraining, may=staff_there),
        "insure": Verb(Insure, may=staff_there),
        "suspend": Verb(SuspendVolunteer, may=convenor_there),
        "resume": Verb(ResumeVolunteer, may=convenor_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=the_person | the_guardian | staff_there,
    dossier=Dossier(see=the_person | the_guardian | staff_there, subject="person"),
    lies_in=lies_in,
)


def wardship(state: Volunteer, _caller: Caller) -> Mapping[str, Any]:
    """What of a volunteer under age concerns their guardian."""
    return {
        "guardian_confirmed": state.guardian_confirmed,
        "consent_until": state.consent_until,
        "consent_works": state.consent_works,
        "consent_latest": state.consent_latest,
    }


HELD = (Held(volunteers_api, "_id"), Held(volunteers_api, "guardian", wardship))

queries = Queries(tags=["Volunteers"])


@queries.get("/volunteers", may=some_staff, note="of their places")
async def list_volunteers(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    skill: Code | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who serves and is at home at a place or below it; with a skill, where one is named."""
    must_look_after(copies, caller, place)
    asked = volunteers_of_place(place, skill, limit=limit, after=cursors.decode(cursor))
    return await listed(store, asked, caller)


@queries.get("/volunteers/guardians", may=some_staff, note="of their places")
async def guardians_asked(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Volunteers under age at a place or below it whose guardian nobody has confirmed yet."""
    must_look_after(copies, caller, place)
    asked = guardians_to_confirm(place, limit=limit, after=cursors.decode(cursor))
    return await listed(store, asked, caller)


@queries.get("/volunteers/wards", may=anyone, note="the caller's own")
async def wards(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Volunteers under age whose confirmed guardian the caller is."""
    return await listed(
        store, wards_of(caller.sub, limit=limit, after=cursors.decode(cursor)), caller
    )


@queries.get("/volunteers/{id}/readings", may=anyone, note="about the caller only")
async def readings_of_volunteer(
    id: Id, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Who read the caller's name and number here, why and when."""
    if id != caller.sub:
        raise NotFound
    return {"items": await store.journal.readings(volunteer.stream(id))}


@queries.get("/trainings", may=anyone)
async def list_trainings(caller: CurrentCaller) -> dict[str, Any]:
    """What volunteers learn, and for how many days it holds; null for good."""
    items = [{"training": code, **one.model_dump()} for code, one in TRAININGS.items()]
    return {"items": items, "next": None}


def must_look_after(copies: Copies, caller: Caller, place: str) -> None:
    """Raises `NotFound` for a place that is not among the caller's."""
    known = copies["place"].get(place)
    if known is None or not staff_there.allows(caller, None, None, known.path):
        raise NotFound


async def listed(store: Store, asked: Query, caller: Caller) -> dict[str, Any]:
    """One page of volunteers."""
    page = await store.journal.find("volunteer", asked)
    items = [
        {"id": one.id, "version": one.version, **all_fields(store.read(volunteer, one), caller)}
        for one in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}
