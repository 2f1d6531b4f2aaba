"""Publication: what was answered, in masked words, after a second look where the masker doubts."""

from dataclasses import replace

import pytest

from services.petitions.domain.commands import Withdraw
from services.petitions.domain.dossier import ReasonGiven
from services.petitions.domain.publication import (
    ConfirmRelease,
    DoubtfulPlace,
    RefuseRelease,
    Release,
    ReleaseDrafted,
    ReleaseRefused,
    ReleaseWritten,
    WithdrawRelease,
)
from services.petitions.domain.state import Petition, Publication
from shared.contracts.petitions import PetitionReleased, PetitionReleaseWithdrawn
from shared.contracts.types import PetitionKind
from tests.given import Given
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    FILE,
    GRID_HEAD,
    ID,
    LOW,
    MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    WEDNESDAY,
    answered,
    filed,
    told,
)

PLAIN = Release(
    by=COMMUNITY_SECRETARY, title="下水道堵塞", question="25号楼下水道堵塞", answer="已疏通"
)
CLEAR = replace(PLAIN, question="王先生（13812345678）反映堵塞")
DOUBTFUL = replace(PLAIN, answer="已疏通，见编号7654321")
RELEASED = PetitionReleased(petition=ID, place="banyan", category="sanitation")


def released() -> Given[Petition]:
    return (
        answered()
        .when(PLAIN, at=WEDNESDAY, facts=TOWN)
        .then(ReleaseWritten(PLAIN.title, PLAIN.question, PLAIN.answer), RELEASED)
    )


def drafted() -> Given[Petition]:
    return (
        answered()
        .when(DOUBTFUL, at=WEDNESDAY, facts=TOWN)
        .then(
            ReleaseDrafted(ID, COMMUNITY_SECRETARY, 1),
            ReleaseWritten(
                PLAIN.title,
                PLAIN.question,
                DOUBTFUL.answer,
                (DoubtfulPlace("answer", "number", 7, 14),),
            ),
        )
    )


def test_what_the_masker_is_sure_of_is_public_at_once_and_masked() -> None:
    answered().when(CLEAR, at=WEDNESDAY, facts=TOWN).then(
        ReleaseWritten(PLAIN.title, "某先生（〔电话〕）反映堵塞", PLAIN.answer), RELEASED
    )


def test_where_it_is_is_told_no_closer_than_the_neighbourhood() -> None:
    inside = replace(TOWN, path=(*TOWN.path, "banyan-3", "banyan-3-2"))
    there = answered()
    there = replace(there, state=replace(there.state, place="banyan-3-2", path=inside.path))
    public = there.when(PLAIN, at=WEDNESDAY, facts=inside).then_among(RELEASED)
    assert public.state.publication == Publication(out=True)


def test_a_doubt_waits_for_another_person() -> None:
    waiting = drafted()
    waiting.when(ConfirmRelease(by=COMMUNITY_SECRETARY), facts=TOWN).then_rejected("second-look")
    waiting.when(ConfirmRelease(by=GRID_HEAD), facts=TOWN).then(RELEASED)


def test_the_second_person_refuses_with_a_reason() -> None:
    refused = (
        drafted()
        .when(RefuseRelease(by=GRID_HEAD, reason="编号可认出本人"), facts=TOWN)
        .then(ReleaseRefused(ID, GRID_HEAD), ReasonGiven("refuse-release", "编号可认出本人"))
    )
    refused.when(ConfirmRelease(by=GRID_HEAD), facts=TOWN).then_rejected("no-draft")


def test_a_draft_is_written_anew_without_waiting() -> None:
    drafted().when(PLAIN, at=WEDNESDAY, facts=TOWN).then_among(RELEASED)


def test_the_second_person_gives_a_reason() -> None:
    drafted().when(RefuseRelease(by=GRID_HEAD, reason=" "), facts=TOWN).then_rejected(
        "reason-needed"
    )


def test_what_is_public_is_taken_back_with_a_reason() -> None:
    back = (
        released()
        .when(WithdrawRelease(by=GRID_HEAD, reason="本人要求"), facts=TOWN)
        .then(PetitionReleaseWithdrawn(ID), ReasonGiven("withdraw-release", "本人要求"))
    )
    back.when(WithdrawRelease(by=GRID_HEAD, reason="再次"), facts=TOWN).then_rejected(
        "not-released"
    )


def test_it_is_taken_back_after_it_was_reopened_too() -> None:
    reopened = released().when(LOW, at=WEDNESDAY, facts=TOWN)
    reopened.then(*reopened.events).when(
        WithdrawRelease(by=GRID_HEAD, reason="重新办理"), facts=TOWN
    ).then_among(PetitionReleaseWithdrawn(ID))


def test_what_is_public_is_not_released_again() -> None:
    released().when(PLAIN, facts=TOWN).then_rejected("already-released")
    released().when(ConfirmRelease(by=GRID_HEAD), facts=TOWN).then_rejected("no-draft")


def test_only_what_was_answered_is_released() -> None:
    filed().when(PLAIN, at=TUESDAY, facts=TOWN).then_rejected("not-answered")
    told((FILE, MONDAY), (Withdraw(by=RESIDENT), TUESDAY)).when(PLAIN, facts=TOWN).then_rejected(
        "nothing-to-release"
    )


def test_a_report_is_never_released() -> None:
    report = answered()
    report = replace(report, state=replace(report.state, kind=PetitionKind.REPORT))
    report.when(PLAIN, at=WEDNESDAY, facts=TOWN).then_rejected("report-not-public")


@pytest.mark.parametrize("verb", [ConfirmRelease(by="x"), RefuseRelease(by="x", reason="y")])
def test_without_a_draft_there_is_nothing_to_look_at(verb: ConfirmRelease | RefuseRelease) -> None:
    answered().when(verb, facts=TOWN).then_rejected("no-draft")
