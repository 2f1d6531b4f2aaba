"""Evidence: who may file it, to whom it is open, how it is widened, withdrawn and forgotten."""

from dataclasses import replace

import pytest
from hypothesis import given as held_for
from hypothesis import strategies as st

from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.dispute_state import Consent, Status
from services.mediation.domain.evidence.evidence import evidence
from services.mediation.domain.evidence.evidence_commands import (
    DescribeEvidence,
    ForgetEvidenceOf,
    LearnEvidenceCircle,
    WidenEvidence,
    WithdrawEvidence,
)
from services.mediation.domain.evidence.evidence_events import (
    EvidenceCircleLearnt,
    EvidenceDescribed,
    EvidenceForgotten,
    EvidenceKept,
    EvidencePlaced,
)
from services.mediation.domain.evidence.evidence_state import (
    Around,
    Evidence,
    knowers,
    readers,
)
from shared.contracts.mediation.evidence import (
    Disclosed,
    EvidenceFiled,
    EvidenceWidened,
    EvidenceWithdrawn,
    WithdrawnBecause,
)
from tests.given import Given, given
from tests.services.mediation.evidence.stories import (
    AROUND,
    CIRCLE,
    DIGEST,
    DISPUTE,
    NOW,
    PARTIES,
    filing,
)

ALL = ("chen", "desk", "lawyer", "li", "party", "police", "wang")
PANEL = {"chen", "party", "police"}


def filed(
    disclosed: Disclosed = Disclosed.ALL, side: str | None = None, by: str = "wang"
) -> Given[Evidence]:
    when = given(evidence).when(filing(disclosed, side, by), at=NOW, facts=AROUND)
    return when.then(*when.events)


def do(past: Given[Evidence], command: object) -> Given[Evidence]:
    when = past.when(command, at=NOW, facts=Around("e1"))  # type: ignore[arg-type]
    return when.then(*when.events)


def test_a_file_is_known_by_its_digest_and_nothing_else_is_told() -> None:
    others = tuple(one for one in ALL if one != "wang")
    given(evidence).when(filing(), at=NOW, facts=AROUND).then(
        EvidenceFiled("e1", "d1", DIGEST, 1000, "image/jpeg", "wang", NOW, others),
        EvidencePlaced("a", Disclosed.ALL, (), CIRCLE),
        EvidenceKept("f1", "走廊.jpg"),
    )


@pytest.mark.parametrize("status", [Status.NONE, Status.ENDED])
def test_none_is_taken_once_the_dispute_is_over(status: Status) -> None:
    over = Around("e1", replace(DISPUTE, status=status))
    nothing = Around("e1", None)
    for around in (over, nothing):
        when = given(evidence).when(filing(), at=NOW, facts=around)
        when.then_rejected("dispute-takes-no-evidence")


def test_it_is_taken_before_all_have_agreed_for_it_may_be_gone_by_then() -> None:
    silent = replace(PARTIES[1], consent=Consent.OPEN)
    early = replace(DISPUTE, status=Status.INVITED, parties=(PARTIES[0], silent))
    when = given(evidence).when(filing(), at=NOW, facts=Around("e1", early))
    state = when.then(*when.events).state
    assert readers(state) == {"wang", *PANEL}


@pytest.mark.parametrize("stranger", ["zhou", "manager"])
def test_strangers_file_nothing(stranger: str) -> None:
    when = given(evidence).when(filing(by=stranger), at=NOW, facts=AROUND)
    when.then_rejected("not-in-dispute")


@pytest.mark.parametrize(
    ("disclosed", "side", "by", "open_to"),
    [
        (Disclosed.ALL, None, "wang", set(ALL)),
        (Disclosed.SIDES, None, "lawyer", {"li", "lawyer", "desk", *PANEL}),
        (Disclosed.SIDES, "b", "wang", set(ALL)),
        (Disclosed.SIDES, "b", "chen", {"li", "lawyer", "desk", *PANEL}),
        (Disclosed.PANEL, None, "wang", {"wang", *PANEL}),
        (Disclosed.PANEL, None, "police", PANEL),
    ],
)
def test_it_is_open_to_all_to_sides_or_to_the_panel(
    disclosed: Disclosed, side: str | None, by: str, open_to: set[str]
) -> None:
    assert readers(filed(disclosed, side, by).state) == open_to


def test_a_side_has_to_be_there_and_the_panel_names_one() -> None:
    for command in (filing(Disclosed.SIDES, "z"), filing(Disclosed.SIDES, None, "chen")):
        given(evidence).when(command, at=NOW, facts=AROUND).then_rejected("which-side")
    past = filed(Disclosed.PANEL, None, "chen")
    past.when(WidenEvidence("chen", Disclosed.SIDES), facts=Around("e1")).then_rejected(
        "which-side"
    )


def test_it_is_widened_step_by_step_and_each_hears_of_it_once() -> None:
    past = filed(Disclosed.PANEL)
    past = past.when(WidenEvidence("wang", Disclosed.SIDES), facts=Around("e1")).then(
        EvidenceWidened("e1", "d1", Disclosed.SIDES, ("a",), "wang", ())
    )
    past = past.when(WidenEvidence("wang", Disclosed.SIDES, "b"), facts=Around("e1")).then(
        EvidenceWidened("e1", "d1", Disclosed.SIDES, ("a", "b"), "wang", ("desk", "lawyer", "li"))
    )
    past = past.when(WidenEvidence("wang", Disclosed.ALL), facts=Around("e1")).then(
        EvidenceWidened("e1", "d1", Disclosed.ALL, (), "wang", ())
    )
    past.when(WidenEvidence("wang", Disclosed.ALL), facts=Around("e1")).then()


@held_for(
    st.sampled_from(Disclosed),
    st.sampled_from([None, "a", "b"]),
    st.lists(st.tuples(st.sampled_from(Disclosed), st.sampled_from([None, "a", "b"])), max_size=6),
)
def test_what_was_open_to_somebody_stays_open(
    first: Disclosed, side: str | None, steps: list[tuple[Disclosed, str | None]]
) -> None:
    past = filed(first, side)
    for disclosed, named in steps:
        before = readers(past.state)
        when = past.when(WidenEvidence("wang", disclosed, named), facts=Around("e1"))
        if when.rejected is None:
            past = when.then(*when.events)
        assert readers(past.state) >= before


def test_withdrawn_it_is_closed_but_for_the_panel_and_its_trace_stays() -> None:
    past = filed()
    others = tuple(one for one in ALL if one != "wang")
    past = past.when(WithdrawEvidence("wang", WithdrawnBecause.PRIVATE), facts=Around("e1")).then(
        EvidenceWithdrawn("e1", "d1", DIGEST, WithdrawnBecause.PRIVATE, "wang", others)
    )
    assert readers(past.state) == {"wang", *PANEL}
    assert knowers(past.state) == set(ALL)
    assert past.state.digest == DIGEST
    for command in (
        DescribeEvidence("wang", "x"),
        WidenEvidence("wang", Disclosed.ALL),
        WithdrawEvidence("wang", WithdrawnBecause.OTHER),
    ):
        past.when(command, facts=Around("e1")).then_rejected("evidence-closed")


def test_what_it_shows_is_said_in_the_dossier() -> None:
    filed().when(DescribeEvidence("wang", "走廊里的纸箱"), facts=Around("e1")).then(
        EvidenceDescribed("走廊里的纸箱")
    )


def test_who_leaves_the_dispute_sees_nothing_more_and_who_joins_sees_what_is_open() -> None:
    past = filed()
    gone = replace(PARTIES[1], consent=Consent.LEFT)
    joined = replace(
        DISPUTE,
        parties=(PARTIES[0], gone, PARTIES[2]),
        mediator="zhao",
        panel=("police",),
        circles=1,
    )
    learn, now = LearnEvidenceCircle("d1"), Around("e1", joined)
    past = past.when(learn, facts=now).then(EvidenceCircleLearnt(circle_of(joined)))
    assert readers(past.state) == {"wang", "desk", "zhao", "police"}
    past.when(learn, facts=now).then()
    given(evidence).when(learn, facts=now).then()


def test_with_who_filed_it_all_goes_but_the_digest() -> None:
    past = do(filed(), ForgetEvidenceOf("wang"))
    assert readers(past.state) == set()
    assert past.state.filed_by is None
    assert past.state.digest == DIGEST
    assert "wang" not in knowers(past.state)
    past.when(ForgetEvidenceOf("wang"), facts=Around("e1")).then()
    when = filed().when(ForgetEvidenceOf("wang"), facts=Around("e1"))
    assert EvidenceForgotten() in when.events


def test_of_others_who_are_erased_nothing_but_their_place_in_it_goes() -> None:
    past = do(filed(), ForgetEvidenceOf("li"))
    assert past.state.filed_by == "wang"
    assert "li" not in readers(past.state)
    assert "li" not in past.state.concerned
    filed().when(ForgetEvidenceOf("zhou"), facts=Around("e1")).then()
