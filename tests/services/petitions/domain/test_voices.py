"""Joint petitions are signed by households, and neighbours support what troubles them, too."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from services.petitions.domain.voices import (
    Sign,
    Support,
    VoiceHeard,
    WithdrawSignature,
    WithdrawSupport,
)
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionSignatureWithdrawn,
    PetitionSigned,
    PetitionSupported,
    PetitionSupportWithdrawn,
)
from shared.contracts.types import PetitionKind
from tests.given import Given, given
from tests.services.petitions.town import (
    FILE,
    GRID_HEAD,
    ID,
    MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    filed,
    reply,
    told,
)

NEIGHBOUR, OTHER = "resident-zheng", "resident-wu"
JOINT = replace(FILE, household="b1-101")


def joint(*more: Sign) -> Given[Petition]:
    return told((JOINT, MONDAY), *((sign, MONDAY) for sign in more))


def test_the_spokesperson_signs_first_and_other_households_follow() -> None:
    state = joint().state
    assert state.voices is not None
    assert (state.joint, state.voices.signers) == (True, (RESIDENT,))
    past = joint().when(Sign(by=NEIGHBOUR, household="b1-102"), at=TUESDAY, facts=TOWN)
    signed = past.then(PetitionSigned(ID, NEIGHBOUR, "b1-102", 2), VoiceHeard(NEIGHBOUR, TUESDAY))
    assert signed.state.informed == (NEIGHBOUR,)


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        (Sign(by=NEIGHBOUR, household="b1-101"), "household-signed"),
        (Sign(by=RESIDENT, household="b1-103"), "signed-already"),
    ],
)
def test_a_household_and_a_person_sign_once(sign: Sign, code: str) -> None:
    joint().when(sign, facts=TOWN).then_rejected(code)


def test_only_a_household_signs_and_only_a_joint_petition() -> None:
    nowhere = replace(TOWN, is_household=lambda place: place == "b1-101")
    joint().when(Sign(by=NEIGHBOUR, household="b9"), facts=nowhere).then_rejected("no-household")
    filed().when(Sign(by=NEIGHBOUR, household="b1-102"), facts=TOWN).then_rejected("not-joint")


def test_a_joint_petition_has_a_spokesperson_who_can_be_named() -> None:
    unknown = replace(JOINT, on_behalf=True, petitioner=None)
    given(petition).when(unknown, facts=TOWN).then_rejected("no-spokesperson")
    secret = replace(JOINT, kind=PetitionKind.REPORT)
    given(petition).when(secret, facts=TOWN).then_rejected("no-spokesperson")


def test_a_signature_is_taken_back_but_for_the_spokespersons() -> None:
    past = joint(Sign(by=NEIGHBOUR, household="b1-102"))
    past.when(WithdrawSignature(by=NEIGHBOUR), facts=TOWN).then(
        PetitionSignatureWithdrawn(ID, NEIGHBOUR, "b1-102", 1)
    )
    past.when(WithdrawSignature(by=RESIDENT), facts=TOWN).then_rejected("spokesperson")
    past.when(WithdrawSignature(by=OTHER), facts=TOWN).then_rejected("not-signed")


def test_who_has_the_same_trouble_supports_it_once() -> None:
    happened = filed().when(Support(by=NEIGHBOUR), at=TUESDAY, facts=TOWN)
    past = happened.then(PetitionSupported(ID, NEIGHBOUR, 1), VoiceHeard(NEIGHBOUR, TUESDAY))
    past.when(Support(by=NEIGHBOUR), facts=TOWN).then_rejected("supported-already")
    past.when(Support(by=RESIDENT), facts=TOWN).then_rejected("own-petition")
    past.when(WithdrawSupport(by=NEIGHBOUR), facts=TOWN).then(
        PetitionSupportWithdrawn(ID, NEIGHBOUR, 0)
    )
    past.when(WithdrawSupport(by=OTHER), facts=TOWN).then_rejected("not-supported")


def heard(state: Petition) -> dict[str, datetime]:
    assert state.voices is not None
    return dict(state.voices.heard)


def test_a_voice_is_heard_at_its_time_and_no_longer_when_it_is_taken_back() -> None:
    past = told(
        (JOINT, MONDAY),
        (Support(by=OTHER), MONDAY),
        (Support(by=NEIGHBOUR), MONDAY),
        (Sign(by=NEIGHBOUR, household="b1-102"), TUESDAY),
    )
    assert heard(past.state) == {OTHER: MONDAY, NEIGHBOUR: TUESDAY}
    quiet = past
    for command, left in (
        (WithdrawSupport(by=NEIGHBOUR), {OTHER: MONDAY, NEIGHBOUR: TUESDAY}),
        (WithdrawSignature(by=NEIGHBOUR), {OTHER: MONDAY}),
        (WithdrawSupport(by=OTHER), {}),
    ):
        happened = quiet.when(command, facts=TOWN)
        quiet = happened.then(*happened.events)
        assert heard(quiet.state) == left


def test_nobody_supports_a_report() -> None:
    report = told((replace(FILE, kind=PetitionKind.REPORT), MONDAY))
    report.when(Support(by=NEIGHBOUR), facts=TOWN).then_rejected("report-unsupported")


def test_all_who_signed_or_supported_hear_of_the_answer() -> None:
    past = told(
        (JOINT, MONDAY),
        (Sign(by=NEIGHBOUR, household="b1-102"), MONDAY),
        (Support(by=OTHER), MONDAY),
    )
    (answer, *_) = [
        event
        for event in past.when(reply(GRID_HEAD), at=TUESDAY, facts=TOWN).events
        if isinstance(event, PetitionAnswered)
    ]
    assert answer.informed == (NEIGHBOUR, OTHER)
