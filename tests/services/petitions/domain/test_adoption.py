"""Adoption: what another system answered begins closed, as long ago as it was there."""

from dataclasses import replace

from services.petitions.domain.adoption import Adopt
from services.petitions.domain.dossier import AnswerWritten, PetitionDescribed, PetitionPromised
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status
from shared.contracts.petitions import PetitionClosed, PetitionFiled
from shared.contracts.types import Level, PetitionKind, Urgency
from tests.given import given
from tests.services.petitions.town import (
    FRIDAY,
    ID,
    LIMITS,
    MONDAY,
    NOWHERE,
    PATH,
    TOWN,
    TUESDAY,
    filed,
)

ADOPT = Adopt(
    kind=PetitionKind.COMPLAINT,
    title="下水道堵塞",
    text="污水外溢",
    place="banyan",
    category="sanitation",
    raised_at=MONDAY,
    answer="已疏通",
    answered_at=TUESDAY,
    answered_by="市长信箱",
)


def test_it_begins_closed_with_its_answer_and_waits_for_nothing() -> None:
    adopted = (
        given(petition)
        .when(ADOPT, at=FRIDAY, facts=TOWN)
        .then(
            PetitionFiled(
                petition=ID,
                kind=PetitionKind.COMPLAINT,
                category="sanitation",
                urgency=Urgency.NORMAL,
                channel="import",
                place="banyan",
                path=PATH,
                petitioner=None,
                raised_at=MONDAY,
            ),
            PetitionPromised(MONDAY, LIMITS),
            PetitionDescribed("下水道堵塞", "污水外溢", None),
            AnswerWritten("已疏通", "市长信箱"),
            PetitionClosed(
                petition=ID,
                outcome="adopted",
                level=Level.NEIGHBOURHOOD,
                place="banyan",
                category="sanitation",
                petitioner=None,
                closed_at=TUESDAY,
            ),
        )
    )
    assert adopted.state.status is Status.CLOSED
    assert petition.due(adopted.state) is None


def test_it_needs_a_place_and_a_category_and_an_order_of_time() -> None:
    fresh = given(petition)
    fresh.when(ADOPT, at=FRIDAY, facts=NOWHERE).then_rejected("unknown-place")
    fresh.when(ADOPT, at=FRIDAY, facts=replace(TOWN, limits=None)).then_rejected("unknown-category")
    fresh.when(replace(ADOPT, raised_at=FRIDAY), at=FRIDAY, facts=TOWN).then_rejected(
        "answered-before"
    )
    fresh.when(ADOPT, at=MONDAY, facts=TOWN).then_rejected("raised-later")


def test_nothing_is_adopted_over_what_is_there() -> None:
    filed().when(ADOPT, at=FRIDAY, facts=TOWN).then_rejected("already-filed")
