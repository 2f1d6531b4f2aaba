"""Residents: a household is a unit, who asks is confirmed, who wishes it is forgotten."""

from datetime import datetime, timedelta

import msgspec
import pytest

from services.community.domain.resident import (
    ASKING_LASTS,
    ErasureGrounded,
    Home,
    HouseholdAsked,
    Resident,
    ResidentDescribed,
    Standing,
    Status,
    due,
    open_verbs,
    resident,
)
from services.community.domain.resident_commands import (
    AskToMove,
    Confirm,
    DescribeResident,
    Erase,
    Grounds,
    HearTheHousehold,
    MoveHousehold,
    MoveOut,
    Refusal,
    Refuse,
    RegisterAnew,
    RegisterResident,
    Vouch,
)
from shared.contracts.community import (
    MoveRefused,
    RegistrationRefused,
    ResidentErased,
    ResidentMoved,
    ResidentMovedOut,
    ResidentRegistered,
    ResidentVouchedFor,
)
from shared.contracts.event import Event, Personal
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Command, Tick
from tests.given import NOTHING_SPECIAL, given

PATH = ("gl", "jm", "b3", "b3-301")
UNIT = Home(PlaceKind.UNIT, PATH)
REGISTER = RegisterResident("grid-1", "wang", "b3-301", "王小明", "13800000000", "三号楼301")
ASK = RegisterResident("wang", "wang", "b3-301", "王小明")
REGISTERED = ResidentRegistered("wang", "b3-301")
LAPSES = NOTHING_SPECIAL + ASKING_LASTS
ASKED = HouseholdAsked("wang", "b3-301", PATH, LAPSES)
ASKED_TO_MOVE = HouseholdAsked("wang", "b4-102", PATH, LAPSES)
ERASED = ResidentErased("wang")


def test_a_person_is_registered_in_a_unit_and_described_in_the_dossier() -> None:
    given(resident).when(REGISTER, facts=UNIT).then(
        REGISTERED, ResidentDescribed("王小明", "13800000000", "三号楼301")
    )


def test_nothing_personal_is_in_the_state_or_in_a_public_event() -> None:
    events = resident.decide(REGISTER, resident.initial, NOTHING_SPECIAL, UNIT)
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
    closed = Home(PlaceKind.UNIT, PATH, is_open=False)
    given(resident).when(REGISTER, facts=closed).then_rejected("household-closed")


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


# --- being confirmed ---------------------------------------------------------------------------


def test_who_registers_themselves_waits_until_somebody_confirms_it() -> None:
    given(resident).when(ASK, facts=UNIT).then(ASKED, ResidentDescribed("王小明", None, None)).when(
        ASK, facts=UNIT
    ).then_rejected("asked-already").when(Vouch("wang", "li")).then_rejected("not-confirmed").when(
        Confirm("wang")
    ).then_rejected("own-confirmation").when(Confirm("grid-1")).then(REGISTERED).when(
        Confirm("grid-1")
    ).then_rejected("nothing-asked")


def test_staff_may_enter_who_has_asked_themselves() -> None:
    given(resident, ASKED).when(REGISTER, facts=UNIT).then_among(REGISTERED)


def test_who_is_refused_is_forgotten_and_may_ask_again() -> None:
    given(resident, ASKED).when(Refuse("grid-1", Refusal.NOT_PROVEN)).then(
        RegistrationRefused("wang", "b3-301", "not-proven")
    ).when(DescribeResident("wang", "王明")).then_rejected("lives-nowhere").when(
        ASK, facts=UNIT
    ).then_among(ASKED)
    assert RegistrationRefused.forgets
    assert not MoveRefused.forgets


def test_what_nobody_confirms_lapses_after_thirty_days() -> None:
    assert timedelta(days=30) == ASKING_LASTS
    asked = given(resident, ASKED)
    assert due(asked.state) == LAPSES
    asked.when(Tick(), at=LAPSES - timedelta(milliseconds=1)).then()
    refused = asked.when(Tick(), at=LAPSES).then(RegistrationRefused("wang", "b3-301", "lapsed"))
    assert due(refused.state) is None
    given(resident, REGISTERED, ASKED_TO_MOVE).when(Tick(), at=LAPSES).then(
        MoveRefused("wang", "b4-102", "lapsed")
    )


def test_one_of_the_household_vouches_for_another() -> None:
    given(resident, REGISTERED).when(Vouch("wang", "li")).then(
        ResidentVouchedFor("li", "b3-301", "wang", True)
    )
    given(resident, REGISTERED).when(Vouch("wang", "wang")).then_rejected("own-confirmation")
    for status in (RegistrationRefused("wang", "b3-301", "lapsed"), ResidentMovedOut("wang", "u")):
        given(resident, ASKED, status).when(Vouch("wang", "li")).then_rejected("lives-nowhere")


def test_the_household_is_heard_only_on_who_asked_to_live_there() -> None:
    asked = given(resident, ASKED)
    asked.when(HearTheHousehold("b4-102", True)).then()
    asked.when(HearTheHousehold("b3-301", False)).then(
        RegistrationRefused("wang", "b3-301", "not-known")
    )
    asked.when(HearTheHousehold("b3-301", True)).then(REGISTERED).when(
        HearTheHousehold("b3-301", False)
    ).then()


def test_who_moves_by_themselves_lives_where_they_lived_until_it_is_confirmed() -> None:
    here = given(resident, REGISTERED)
    here.when(AskToMove("wang", "b3-301"), facts=UNIT).then_rejected("lives-there")
    asked = here.when(AskToMove("wang", "b4-102"), facts=UNIT).then(ASKED_TO_MOVE)
    assert (asked.state.household, asked.state.status) == ("b3-301", Status.REGISTERED)
    asked.when(HearTheHousehold("b4-102", True)).then(ResidentMoved("wang", "b4-102", "b3-301"))
    asked.when(Refuse("grid-1", Refusal.WRONG_HOUSEHOLD)).then(
        MoveRefused("wang", "b4-102", "wrong-household")
    ).when(Vouch("wang", "li")).then(ResidentVouchedFor("li", "b3-301", "wang", True))


def test_who_moves_out_may_come_back() -> None:
    given(resident, REGISTERED).when(MoveOut("wang")).then(ResidentMovedOut("wang", "b3-301")).when(
        MoveOut("wang")
    ).then_rejected("lives-nowhere").when(REGISTER, facts=UNIT).then_among(REGISTERED)


# --- erasure -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "past",
    [
        (ASKED,),
        (REGISTERED,),
        (REGISTERED, ASKED_TO_MOVE),
        (ASKED, RegistrationRefused("wang", "b3-301", "lapsed")),
        (REGISTERED, ResidentMovedOut("wang", "b3-301")),
    ],
)
def test_of_an_erased_person_only_that_is_left(past: tuple[Event, ...]) -> None:
    erased = (
        given(resident, *past)
        .when(Erase("wang"), facts=Standing())
        .then(ErasureGrounded("own-wish"), ERASED)
    )
    assert erased.state == Resident("wang", status=Status.ERASED)
    assert due(erased.state) is None
    assert ResidentErased.forgets


def test_others_name_their_grounds() -> None:
    registered = given(resident, REGISTERED)
    registered.when(Erase("admin"), facts=Standing()).then_rejected("wrong-grounds")
    registered.when(Erase("wang", Grounds.DECEASED), facts=Standing()).then_rejected(
        "wrong-grounds"
    )
    registered.when(Erase("admin", Grounds.DECEASED), facts=Standing()).then(
        ErasureGrounded("deceased"), ERASED
    )


def test_who_holds_a_post_stands_in_or_has_a_shift_hands_it_on_first() -> None:
    for standing, code in (
        (Standing(posts=("jm:property",)), "holds-a-post"),
        (Standing(deputy=("jm:property",)), "is-a-deputy"),
        (Standing(rotas=("spring",)), "has-a-shift"),
    ):
        given(resident, REGISTERED).when(Erase("wang"), facts=standing).then_rejected(code)


def test_after_erasure_only_an_administrator_begins_anew() -> None:
    erased = given(resident, REGISTERED, ERASED)
    for command in (REGISTER, ASK):
        erased.when(command, facts=UNIT).then_rejected("resident-erased")
    others: tuple[Command, ...] = (
        Erase("wang"),
        Confirm("grid-1"),
        HearTheHousehold("b3-301", True),
        DescribeResident("wang", "王明"),
        MoveHousehold("admin", "b4-102"),
    )
    for command in others:
        erased.when(command, facts=Standing()).then_rejected("resident-erased")
    erased.when(Tick()).then()
    again = RegisterAnew("admin", "b3-301", "王小明")
    erased.when(again, facts=UNIT).then(REGISTERED, ResidentDescribed("王小明", None, None))
    given(resident, REGISTERED).when(again, facts=UNIT).then_rejected("not-erased")


def test_the_verbs_that_are_offered_are_taken() -> None:
    pasts: dict[tuple[Event, ...], datetime | None] = {
        (ASKED,): LAPSES,
        (REGISTERED,): None,
        (REGISTERED, ASKED_TO_MOVE): LAPSES,
        (REGISTERED, ResidentMovedOut("wang", "b3-301")): None,
        (REGISTERED, ERASED): None,
    }
    commands: tuple[Command, ...] = (
        Confirm("grid-1"),
        Refuse("grid-1", Refusal.DUPLICATE),
        Vouch("wang", "li"),
        AskToMove("wang", "b4-103"),
        MoveHousehold("admin", "b4-103"),
        MoveOut("wang"),
        DescribeResident("wang", "王明"),
        Erase("wang"),
        RegisterAnew("admin", "b3-301", "王小明"),
    )
    for past, until in pasts.items():
        here = given(resident, *past)
        assert due(here.state) == until
        for command in commands:
            facts = None if isinstance(command, Erase) else UNIT
            taken = here.when(command, facts=facts).rejected is None
            assert taken == (command.verb in open_verbs(here.state)), (past, command)
