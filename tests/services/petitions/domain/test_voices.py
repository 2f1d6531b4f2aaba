"""Joint petitions are signed by households, and neighbours support what troubles them, too."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.petitions.domain.commands import AskReview, Contact, Rate
from services.petitions.domain.dossier import PetitionDescribed
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition, Status, Voices
from services.petitions.domain.succession import Forget, SpokespersonForgotten
from services.petitions.domain.voices import (
    PassOn,
    Sign,
    Support,
    VoiceHeard,
    WithdrawSignature,
    WithdrawSupport,
)
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionReopened,
    PetitionSentToReview,
    PetitionSignatureWithdrawn,
    PetitionSigned,
    PetitionSpokespersonChanged,
    PetitionSupported,
    PetitionSupportWithdrawn,
)
from shared.contracts.types import Level, PetitionKind
from shared.runtime.aggregate import Command
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


def living(household: str | None) -> Surroundings:
    """The town, as who signs is registered in this household."""
    return replace(TOWN, home=household)


def after(past: Given[Petition], command: Command, facts: Surroundings = TOWN) -> Given[Petition]:
    happened = past.when(command, at=MONDAY, facts=facts)
    assert happened.rejected is None, f"{command}: {happened.rejected}"
    return happened.then(*happened.events)


def joint(*more: Sign) -> Given[Petition]:
    """A joint petition, signed by each for their own household."""
    past = told((JOINT, MONDAY), facts=living("b1-101"))
    for sign in more:
        past = after(past, sign, living(sign.household))
    return past


SIGN = Sign(by=NEIGHBOUR, household="b1-102")


def test_the_spokesperson_signs_first_and_other_households_follow() -> None:
    state = joint().state
    assert state.voices is not None
    assert (state.joint, state.voices.signers) == (True, (RESIDENT,))
    past = joint().when(SIGN, at=TUESDAY, facts=living("b1-102"))
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
    joint().when(sign, facts=living(sign.household)).then_rejected(code)


def test_only_a_joint_petition_is_signed() -> None:
    filed().when(SIGN, facts=living("b1-102")).then_rejected("not-joint")


@pytest.mark.parametrize(
    ("registered", "code"), [(None, "no-household"), ("b1-103", "other-household")]
)
def test_nobody_signs_for_the_household_of_others(registered: str | None, code: str) -> None:
    joint().when(SIGN, facts=living(registered)).then_rejected(code)
    given(petition).when(JOINT, facts=living(registered)).then_rejected(code)


def test_a_joint_petition_has_a_spokesperson_who_can_be_named() -> None:
    unknown = replace(JOINT, on_behalf=True, petitioner=None)
    given(petition).when(unknown, facts=TOWN).then_rejected("no-spokesperson")
    secret = replace(JOINT, kind=PetitionKind.REPORT)
    given(petition).when(secret, facts=TOWN).then_rejected("no-spokesperson")


def test_a_signature_is_taken_back_but_for_the_spokespersons() -> None:
    past = joint(SIGN)
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
    supported = after(after(joint(), Support(by=OTHER)), Support(by=NEIGHBOUR))
    signed = supported.when(SIGN, at=TUESDAY, facts=living("b1-102"))
    past = signed.then(*signed.events)
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
    past = after(joint(SIGN), Support(by=OTHER))
    (answer, *_) = [
        event
        for event in past.when(reply(GRID_HEAD), at=TUESDAY, facts=TOWN).events
        if isinstance(event, PetitionAnswered)
    ]
    assert answer.informed == (NEIGHBOUR, OTHER)
    low = after(past, reply(GRID_HEAD)).when(Rate(by=RESIDENT, stars=1), at=TUESDAY, facts=TOWN)
    low.then_among(PetitionReopened(ID, 1, Level.AREA, RESIDENT, (NEIGHBOUR, OTHER)))


def test_all_who_signed_or_supported_hear_of_the_review() -> None:
    past = after(after(joint(SIGN), reply(GRID_HEAD)), Rate(by=RESIDENT, stars=4))
    asked = past.when(AskReview(by=RESIDENT, reason="没有修好"), at=MONDAY, facts=TOWN)
    asked.then_among(PetitionSentToReview(ID, "mawei", RESIDENT, (NEIGHBOUR,)))


# --- who speaks for all --------------------------------------------------------------------------

PASS_ON = PassOn(by=RESIDENT, to=NEIGHBOUR)


def test_another_one_who_signed_speaks_for_all_from_then_on() -> None:
    changed = PetitionSpokespersonChanged(ID, NEIGHBOUR, RESIDENT, "passed-on")
    past = joint(SIGN).when(PASS_ON, facts=TOWN).then(changed)
    assert (past.state.petitioner, past.state.informed) == (NEIGHBOUR, (RESIDENT,))
    answered = after(past, reply(GRID_HEAD))
    answered.when(Rate(by=RESIDENT, stars=5), facts=TOWN).then_rejected("not-petitioner")
    after(answered, Rate(by=NEIGHBOUR, stars=5))
    gone = after(past, WithdrawSignature(by=RESIDENT))
    assert gone.state.informed == ()


@pytest.mark.parametrize(
    ("pass_on", "code"),
    [
        (PassOn(by=NEIGHBOUR, to=RESIDENT), "not-petitioner"),
        (PassOn(by=RESIDENT, to=OTHER), "no-signer"),
        (PassOn(by=RESIDENT, to=RESIDENT), "no-signer"),
    ],
)
def test_the_spokesperson_passes_it_on_to_one_who_signed(pass_on: PassOn, code: str) -> None:
    joint(SIGN).when(pass_on, facts=TOWN).then_rejected(code)


def test_only_a_joint_petition_is_passed_on() -> None:
    filed().when(PASS_ON, facts=TOWN).then_rejected("not-joint")


def test_what_others_have_signed_outlives_its_spokesperson() -> None:
    words = (PetitionDescribed("坡道", "要一条坡道", Contact("林", "13900000000")),)
    past = joint(SIGN).when(Forget(RESIDENT, words), facts=TOWN)
    left = past.then(
        PetitionSignatureWithdrawn(ID, RESIDENT, "b1-101", 1),
        PetitionSpokespersonChanged(ID, NEIGHBOUR, RESIDENT, "erased"),
        SpokespersonForgotten(RESIDENT),
        PetitionDescribed("坡道", "要一条坡道", None),
    ).state
    assert (left.status, left.petitioner) == (Status.ASSIGNED, NEIGHBOUR)
    assert left.voices == Voices(
        signers=(NEIGHBOUR,), households=("b1-102",), heard=((NEIGHBOUR, MONDAY),)
    )


def test_who_spoke_for_it_before_is_forgotten_too() -> None:
    past = after(joint(SIGN), PASS_ON)
    left = past.when(Forget(RESIDENT), facts=TOWN).then(
        PetitionSignatureWithdrawn(ID, RESIDENT, "b1-101", 1), SpokespersonForgotten(RESIDENT)
    )
    assert left.state.voices == Voices(
        signers=(NEIGHBOUR,), households=("b1-102",), heard=((NEIGHBOUR, MONDAY),)
    )


def test_what_nobody_else_signed_ends_with_its_spokesperson() -> None:
    past = after(joint(SIGN), WithdrawSignature(by=NEIGHBOUR))
    left = after(past, Forget(RESIDENT))
    assert (left.state.status, left.state.petitioner) == (Status.CLOSED, None)
    assert left.state.voices == Voices()


def test_an_erased_neighbour_stands_behind_nothing_any_more() -> None:
    past = after(joint(SIGN), Support(by=OTHER))
    past = past.when(Forget(NEIGHBOUR), facts=TOWN).then(
        PetitionSignatureWithdrawn(ID, NEIGHBOUR, "b1-102", 1)
    )
    past = past.when(Forget(OTHER), facts=TOWN).then(PetitionSupportWithdrawn(ID, OTHER, 0))
    assert past.state.informed == ()
    past.when(Forget(OTHER), facts=TOWN).then()
