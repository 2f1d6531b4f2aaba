"""Consent: it begins when all agree; whoever declines, does not answer or leaves is free."""

import pytest

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_commands import (
    AgreeToMediate,
    DeclineToMediate,
    LeaveDispute,
    ProposeExtension,
    RecordAnswer,
)
from services.mediation.domain.disputes.dispute_events import (
    BeginNoted,
    ConsentRecorded,
    DisputeReasonGiven,
    EndNoted,
    ExtensionConsented,
    MediatorKnown,
)
from services.mediation.domain.disputes.dispute_state import Status
from shared.contracts.mediation import (
    DisputeBegun,
    DisputeEnded,
    DisputeExtended,
    DisputeWaits,
    PartyDeclined,
    PartyLeft,
    PartyReminded,
)
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeKind,
    EndedBecause,
    ExtensionProposed,
    Outcome,
)
from shared.runtime.aggregate import Tick
from tests.given import given
from tests.services.mediation.disputes.stories import (
    AROUND,
    BEFORE,
    CHEN,
    DAY,
    INVITED,
    INVITED_THREE,
    LIMIT,
    LIN,
    MEDIATING,
    MEDIATING_THREE,
    MEDIATOR,
    NOW,
    OFFICE,
    PATH,
    SPOKEN,
    WORKER,
    ZHAO,
    agreed,
    begun,
)


def ended(
    because: EndedBecause,
    *people: str,
    days: int = 0,
    outcome: Outcome = Outcome.FAILED,
    mediator: str | None = None,
) -> DisputeEnded:
    return DisputeEnded(
        "d1", DisputeKind.NOISE, "n", PATH, people, mediator, None, outcome, because, None, days
    )


def declined(party: str, speaker: str, *others: str, by: str | None = None) -> PartyDeclined:
    return PartyDeclined("d1", party, "n", speaker, others, by or speaker)


def left(party: str, speaker: str, *others: str, mediator: str | None = None) -> PartyLeft:
    return PartyLeft("d1", party, "n", speaker, others, mediator)


def test_it_begins_when_all_agree() -> None:
    known = given(dispute, *INVITED_THREE)
    one = known.when(AgreeToMediate(ZHAO, None), facts=AROUND).then(agreed("p3", ZHAO))
    assert one.state.status is Status.INVITED
    both = one.when(AgreeToMediate(CHEN, None), facts=AROUND).then(
        agreed(), *begun(LIN, CHEN, ZHAO)
    )
    assert both.state.status is Status.MEDIATING
    assert both.state.until == LIMIT
    both.when(AgreeToMediate(CHEN, None), facts=AROUND).then_rejected("dispute-wrong-moment")
    one.when(AgreeToMediate(ZHAO, None), facts=AROUND).then_rejected("answered-before")


def test_with_a_mediator_nobody_is_waited_for() -> None:
    known = given(dispute, *INVITED, MediatorKnown(MEDIATOR))
    known.when(AgreeToMediate(CHEN, None), facts=AROUND).then(
        agreed(),
        DisputeBegun("d1", DisputeKind.NOISE, "n", PATH, (LIN, CHEN), LIMIT, None),
        BeginNoted(NOW),
    )


def test_who_declines_ends_it_where_no_two_sides_remain() -> None:
    known = given(dispute, *INVITED)
    over = known.when(DeclineToMediate(CHEN, None, "不想谈"), facts=AROUND).then(
        declined("p2", CHEN, LIN),
        ended(EndedBecause.DECLINED, LIN),
        EndNoted(NOW, ()),
        DisputeReasonGiven("decline", CHEN, "不想谈"),
    )
    assert dispute.due(over.state) is None


def test_it_goes_on_without_who_declined_while_two_sides_remain() -> None:
    known = given(dispute, *INVITED_THREE)
    known.when(DeclineToMediate(ZHAO, None), facts=AROUND).then(
        declined("p3", ZHAO, LIN, CHEN)
    ).when(AgreeToMediate(CHEN, None), facts=AROUND).then(agreed(), *begun(LIN, CHEN))
    known.when(AgreeToMediate(CHEN, None), facts=AROUND).then(agreed()).when(
        DeclineToMediate(ZHAO, None), facts=AROUND
    ).then(declined("p3", ZHAO, LIN, CHEN), *begun(LIN, CHEN))


def test_who_does_not_answer_is_reminded_and_then_it_does_not_begin() -> None:
    known = given(dispute, *INVITED_THREE, agreed())
    assert dispute.due(known.state) == NOW + 5 * DAY
    asked = known.when(Tick(), at=NOW + 5 * DAY, facts=AROUND).then(
        PartyReminded("d1", "p3", "n", ZHAO, None, NOW + 7 * DAY)
    )
    assert dispute.due(asked.state) == NOW + 7 * DAY
    asked.when(Tick(), at=NOW + 6 * DAY, facts=AROUND).then()
    asked.when(Tick(), at=NOW + 7 * DAY, facts=AROUND).then(
        ended(EndedBecause.NO_ANSWER, LIN, CHEN, ZHAO), EndNoted(NOW + 7 * DAY, ())
    )
    # A machine that slept reminds nobody of what is over.
    known.when(Tick(), at=NOW + 8 * DAY, facts=AROUND).then_among(
        ended(EndedBecause.NO_ANSWER, LIN, CHEN, ZHAO)
    )


def test_staff_write_down_what_a_party_told_them() -> None:
    known = given(dispute, *INVITED)
    told = ConsentRecorded("p2", "spoken", BEFORE)
    known.when(RecordAnswer(WORKER, "p2", True, SPOKEN), facts=AROUND).then(
        told, agreed("p2", CHEN, WORKER), *begun(LIN, CHEN)
    )
    known.when(RecordAnswer(WORKER, "p2", False, SPOKEN), facts=AROUND).then_among(
        told, declined("p2", CHEN, LIN, by=WORKER), ended(EndedBecause.DECLINED, LIN)
    )
    for command, code in [
        (RecordAnswer(LIN, "p2", True, SPOKEN), "own-dispute"),
        (RecordAnswer(WORKER, "p1", True, SPOKEN), "answered-before"),
        (RecordAnswer(WORKER, "p9", True, SPOKEN), "answered-before"),
    ]:
        known.when(command, facts=AROUND).then_rejected(code)
    known.when(
        RecordAnswer(WORKER, "p2", True, SPOKEN), at=BEFORE - DAY, facts=AROUND
    ).then_rejected("consent-later")


@pytest.mark.parametrize(("who", "party", "other"), [(LIN, "p1", CHEN), (CHEN, "p2", LIN)])
def test_any_party_may_leave_at_any_time(who: str, party: str, other: str) -> None:
    known = given(dispute, *MEDIATING, MediatorKnown(MEDIATOR))
    over = known.when(LeaveDispute(who, "够了"), at=NOW + 9 * DAY, facts=AROUND).then(
        left(party, who, other, mediator=MEDIATOR),
        ended(EndedBecause.LEFT, other, days=9, mediator=MEDIATOR),
        EndNoted(NOW + 9 * DAY, ()),
        DisputeReasonGiven("leave", who, "够了"),
    )
    assert over.state.party_of(who) is not None
    assert over.state.speakers() == (other,)


def test_it_goes_on_without_who_left_while_two_sides_remain() -> None:
    known = given(dispute, *MEDIATING_THREE)
    on = known.when(LeaveDispute(CHEN), facts=AROUND).then(left("p2", CHEN, LIN, ZHAO))
    assert on.state.status is Status.MEDIATING
    on.when(LeaveDispute(ZHAO), facts=AROUND).then_among(ended(EndedBecause.LEFT, LIN))
    on.when(LeaveDispute(LIN), facts=AROUND).then_among(ended(EndedBecause.LEFT, ZHAO))


def test_who_has_agreed_may_still_leave_before_it_begins() -> None:
    known = given(dispute, *INVITED_THREE, agreed())
    known.when(LeaveDispute(CHEN), facts=AROUND).then(left("p2", CHEN, LIN, ZHAO))
    known.when(LeaveDispute(ZHAO), facts=AROUND).then(
        left("p3", ZHAO, LIN, CHEN), *begun(LIN, CHEN)
    )


def test_who_leaves_holds_no_extension_up() -> None:
    further = NOW + 60 * DAY
    known = given(
        dispute,
        *MEDIATING_THREE,
        ExtensionProposed("d1", "n", LIN, (CHEN, ZHAO), further),
        ExtensionConsented("p1"),
        ExtensionConsented("p2"),
    )
    known.when(LeaveDispute(ZHAO), facts=AROUND).then(
        left("p3", ZHAO, LIN, CHEN),
        DisputeExtended("d1", "n", (LIN, CHEN), None, None, further),
    )
    given(dispute, *MEDIATING).when(ProposeExtension(LIN), facts=AROUND).then(
        ExtensionProposed("d1", "n", LIN, (CHEN,), further), ExtensionConsented("p1")
    )


def test_the_office_hears_when_nobody_mediates() -> None:
    known = given(dispute, *MEDIATING)
    assert dispute.due(known.state) == NOW + 5 * DAY
    late = known.when(Tick(), at=NOW + 5 * DAY, facts=AROUND).then(
        DisputeWaits("d1", "n", DisputeAwaits.MEDIATOR, "c", OFFICE)
    )
    assert late.state.late is DisputeAwaits.MEDIATOR
    assert dispute.due(late.state) == LIMIT - 7 * DAY
