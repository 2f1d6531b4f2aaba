"""Residents: a household is a unit, and what is personal stays in the dossier."""

import msgspec

from services.community.domain.resident import (
    DescribeResident,
    Home,
    MoveHousehold,
    RegisterResident,
    ResidentDescribed,
    resident,
)
from shared.contracts.community import ResidentMoved, ResidentRegistered
from shared.contracts.event import Personal
from shared.contracts.types import PlaceKind
from tests.given import given

UNIT = Home(PlaceKind.UNIT)
REGISTER = RegisterResident("grid-1", "wang", "b3-301", "王小明", "13800000000", "三号楼301")
REGISTERED = ResidentRegistered("wang", "b3-301")


def test_a_person_is_registered_in_a_unit_and_described_in_the_dossier() -> None:
    given(resident).when(REGISTER, facts=UNIT).then(
        REGISTERED, ResidentDescribed("王小明", "13800000000", "三号楼301")
    )


def test_nothing_personal_is_in_the_state_or_in_a_public_event() -> None:
    events = resident.decide(REGISTER, resident.initial, None, UNIT)
    public = [event for event in events if not isinstance(event, Personal)]
    kept = msgspec.json.encode([public, resident.fold(resident.initial, events)]).decode()
    assert "wang" in kept
    for secret in ("王小明", "13800000000", "三号楼"):
        assert secret not in kept


def test_a_household_is_a_registered_unit() -> None:
    given(resident).when(REGISTER).then_rejected("unknown-place")
    given(resident).when(REGISTER, facts=Home(PlaceKind.BUILDING)).then_rejected("not-a-unit")
    moved = given(resident, REGISTERED).when(MoveHousehold("grid-1", "b4"))
    moved.then_rejected("unknown-place")


def test_a_person_is_registered_once() -> None:
    given(resident, REGISTERED).when(REGISTER, facts=UNIT).then_rejected("resident-exists")


def test_a_move_tells_both_households_and_moving_nowhere_nothing() -> None:
    given(resident, REGISTERED).when(MoveHousehold("grid-1", "b4-102"), facts=UNIT).then(
        ResidentMoved("wang", "b4-102", "b3-301")
    ).when(MoveHousehold("grid-1", "b4-102"), facts=UNIT).then()


def test_a_description_is_given_anew() -> None:
    given(resident, REGISTERED).when(DescribeResident("wang", "王明")).then(
        ResidentDescribed("王明", None, None)
    )
    given(resident).when(DescribeResident("wang", "王明")).then_rejected("unknown-resident")
