"""The town in which a hundred and thirty disputes are lived through: places, people, offices."""

from datetime import timedelta

from services.community.domain.place import place
from services.community.domain.place_commands import RegisterPlace
from services.community.domain.post import post
from services.community.domain.post_commands import EstablishPost
from services.community.domain.post_state import post_id
from services.community.domain.resident import resident
from services.community.domain.resident_commands import RegisterResident
from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.mediator_commands import RegisterMediator, TrainMediator
from services.mediation.domain.sessions.room import Open, OpenRoom, room
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.types import PlaceKind
from shared.neighbourhood.member import LearnMembership, member
from tests.services.mediation.lives.machine import BEGINS, Machine
from tests.simulation.town import Secrets

ADMIN = "admin"
DISTRICT, STREET, COMMUNITY = "d1", "s1", "c1"
NEIGHBOURHOODS = ("n1", "n2", "n3")
BUILDINGS = {f"{where}-b1": where for where in NEIGHBOURHOODS}
HOUSEHOLDS = tuple(f"{building}-u{n}" for building in BUILDINGS for n in range(1, 15))
LIVES_IN = {f"r-{n}": HOUSEHOLDS[n % len(HOUSEHOLDS)] for n in range(126)}
"""Three people live in each household."""
RESIDENTS = tuple(LIVES_IN)
MEDIATORS = RESIDENTS[::4][:30]
"""Thirty of them mediate, whatever quarrels their households have."""
FIRMS = ("o-1", "o-2")
BELONGS_TO = {f"s-{firm}": firm for firm in FIRMS} | {RESIDENTS[4]: FIRMS[0]}
"""Who acts for a firm; and a mediator who works for one."""
CONVENOR, WORKER, OFFICER = "s-convenor", "s-worker", "s-officer"
POSTS = {
    "mediation": OFFICER,
    "petitions": "s-petitions",
    "police": "s-police",
    "party-secretary": "s-secretary",
    "lawyer": "s-lawyer",
    "property": "s-property",
}
PANEL = {
    "party-secretary": "s-secretary",
    "police-officer": "s-police",
    "lawyer": "s-lawyer",
    "property-or-street": "s-property",
}
ROOMS = ("hall", "parlour")
TRAININGS = ("mediation", "family-mediation", "labour-mediation", "medical-mediation")


async def found(machine: Machine, secrets: Secrets) -> None:
    """Sets the town up."""
    tree = [
        (DISTRICT, PlaceKind.DISTRICT, None),
        (STREET, PlaceKind.STREET, DISTRICT),
        (COMMUNITY, PlaceKind.COMMUNITY, STREET),
        *((one, PlaceKind.NEIGHBOURHOOD, COMMUNITY) for one in NEIGHBOURHOODS),
        *((one, PlaceKind.BUILDING, where) for one, where in BUILDINGS.items()),
        *((one, PlaceKind.UNIT, one.rpartition("-")[0]) for one in HOUSEHOLDS),
    ]
    for code, kind, parent in tree:
        register = RegisterPlace(ADMIN, code, kind, f"名{code}", parent)
        assert await machine.do("community", place, code, register, ADMIN)
        await machine.rest()
    for duty, holder in POSTS.items():
        establish = EstablishPost(ADMIN, COMMUNITY, duty, holder)
        assert await machine.do("community", post, post_id(COMMUNITY, duty), establish, ADMIN)
    for person, household in LIVES_IN.items():
        command = RegisterResident(ADMIN, person, household, secrets.name(), secrets.phone())
        assert await machine.do("community", resident, person, command, ADMIN)
    for person, firm in BELONGS_TO.items():
        await machine.do("mediation", member, person, LearnMembership(firm))
    await machine.rest()
    for person in MEDIATORS:
        await _mediates(machine, person, secrets)
    hours = tuple(Open(day, "08:00-21:00") for day in range(7))
    for code in ROOMS:
        opened = OpenRoom(CONVENOR, code, COMMUNITY, "会议室", 40, hours)
        assert await machine.do("mediation", room, code, opened, CONVENOR)
    await machine.rest()


async def _mediates(machine: Machine, person: str, secrets: Secrets) -> None:
    register = RegisterMediator(
        CONVENOR,
        person,
        COMMUNITY,
        (COMMUNITY,),
        tuple(DisputeKind),
        ("zh-Hans",),
        8,
        BEGINS + timedelta(days=700),
        secrets.name(),
    )
    assert await machine.do("mediation", mediator, person, register, CONVENOR)
    for training in TRAININGS:
        trained = TrainMediator(CONVENOR, training)
        assert await machine.do("mediation", mediator, person, trained, CONVENOR)
