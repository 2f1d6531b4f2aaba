"""The registry of mediators."""

from datetime import timedelta
from typing import Any

from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.mediator_commands import (
    EndCase,
    FollowUpCase,
    ForgetMediator,
    GiveCaseAway,
    RegisterMediator,
    ResumeMediator,
    RetireMediator,
    ReviseMediator,
    SetTerm,
    SuspendedBecause,
    SuspendMediator,
    TakeCase,
    TrainMediator,
)
from services.mediation.domain.panels.mediator_state import (
    CaseEnded,
    CaseGivenAway,
    CaseTaken,
    Known,
    MediatorForgotten,
    MediatorIntroduced,
    MediatorReasonGiven,
    MediatorRevised,
)
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.panels import (
    MediatorRegistered,
    MediatorResumed,
    MediatorRetired,
    MediatorSuspended,
    MediatorTermSet,
    MediatorTrained,
    MediatorValidityEnding,
)
from shared.runtime.aggregate import Tick
from tests.given import Given, given
from tests.services.mediation.panels.stories import NOW

KNOWN = Known({"c1": ("d1", "s1", "c1"), "n1": ("d1", "s1", "c1", "n1")})
UNTIL = NOW + timedelta(days=365)
FIELDS = (DisputeKind.NOISE, DisputeKind.NEIGHBOURS)


def registering(**changes: Any) -> RegisterMediator:
    told: dict[str, Any] = {
        "by": "convenor",
        "person": "m1",
        "place": "n1",
        "serves": ("c1",),
        "fields": FIELDS,
        "languages": ("zh",),
        "most_cases": 3,
        "until": UNTIL,
        "name": "某和事佬",
    }
    return RegisterMediator(**{**told, **changes})


def registered(*more: Any) -> Given[Any]:
    return given(
        mediator,
        MediatorRegistered("m1", "n1", UNTIL),
        MediatorRevised(("c1",), FIELDS, ("zh",), 3),
        *more,
    )


def test_a_convenor_registers_a_mediator() -> None:
    given(mediator).when(registering(), at=NOW, facts=KNOWN).then(
        MediatorRegistered("m1", "n1", UNTIL),
        MediatorRevised(("c1",), FIELDS, ("zh",), 3),
        MediatorIntroduced("某和事佬", ""),
    )


def test_who_mediates_already_is_not_registered_again() -> None:
    registered().when(registering(), at=NOW, facts=KNOWN).then_rejected("mediator-registered")


def test_a_mediator_does_something_somewhere_for_a_time() -> None:
    none = given(mediator)
    none.when(registering(fields=()), at=NOW, facts=KNOWN).then_rejected("mediator-does-nothing")
    none.when(registering(serves=("x",)), at=NOW, facts=KNOWN).then_rejected(
        "mediator-place-unknown"
    )
    none.when(registering(place="x"), at=NOW, facts=KNOWN).then_rejected("mediator-place-unknown")
    none.when(registering(until=NOW), at=NOW, facts=KNOWN).then_rejected("mediator-term")
    later = NOW + timedelta(days=3000)
    none.when(registering(until=later), at=NOW, facts=KNOWN).then_rejected("mediator-term")


def test_a_record_is_revised_and_nothing_follows_from_the_same() -> None:
    same = ReviseMediator("convenor", ("c1",), FIELDS, ("zh",), 3)
    registered().when(same, at=NOW, facts=KNOWN).then()
    more = ReviseMediator("convenor", ("c1", "n1"), FIELDS, ("zh", "en"), 5)
    registered().when(more, at=NOW, facts=KNOWN).then(
        MediatorRevised(("c1", "n1"), FIELDS, ("zh", "en"), 5)
    )


def test_term_and_trainings_are_said_to_end_a_month_before_and_once() -> None:
    soon = NOW + timedelta(days=60)
    trained = registered(MediatorTrained("m1", "mediation", soon))
    moment = soon - timedelta(days=30)
    assert mediator.due(trained.state) == moment
    told = trained.when(Tick(), at=moment, facts=KNOWN).then(
        MediatorValidityEnding("m1", "n1", "mediation", soon)
    )
    assert mediator.due(told.state) == UNTIL - timedelta(days=30)
    again = told.when(
        TrainMediator("convenor", "mediation", soon + timedelta(days=40)), at=moment, facts=KNOWN
    ).then(MediatorTrained("m1", "mediation", soon + timedelta(days=40)))
    assert mediator.due(again.state) == soon + timedelta(days=10)


def test_a_training_that_is_over_counts_for_nothing() -> None:
    registered().when(TrainMediator("c", "mediation", NOW), at=NOW, facts=KNOWN).then_rejected(
        "training-over"
    )


def test_when_the_term_is_over_nothing_new_is_taken_on() -> None:
    over = registered(CaseTaken("q1")).when(Tick(), at=UNTIL, facts=KNOWN)
    retired = over.then(MediatorRetired("m1", "n1", "term", None))
    assert retired.state.cases == ("q1",)
    assert mediator.due(retired.state) is None
    retired.when(SetTerm("convenor", UNTIL), at=NOW, facts=KNOWN).then_rejected(
        "mediator-wrong-moment"
    )
    anew = registering(until=UNTIL + timedelta(days=100))
    retired.when(anew, at=UNTIL, facts=KNOWN).then_among(
        MediatorRegistered("m1", "n1", UNTIL + timedelta(days=100))
    )


def test_a_term_is_made_longer() -> None:
    later = UNTIL + timedelta(days=200)
    registered().when(SetTerm("convenor", later), at=NOW, facts=KNOWN).then(
        MediatorTermSet("m1", "n1", later)
    )


def test_suspended_and_resumed_and_retired() -> None:
    away = SuspendMediator("convenor", SuspendedBecause.AWAY, "去外地")
    suspended = (
        registered()
        .when(away, at=NOW, facts=KNOWN)
        .then(
            MediatorSuspended("m1", "n1", "convenor"),
            MediatorReasonGiven("suspend", "away 去外地"),
        )
    )
    suspended.when(away, at=NOW, facts=KNOWN).then_rejected("mediator-wrong-moment")
    suspended.when(ResumeMediator("convenor"), at=NOW, facts=KNOWN).then(
        MediatorResumed("m1", "n1", "convenor")
    )
    suspended.when(RetireMediator("m1"), at=NOW, facts=KNOWN).then(
        MediatorRetired("m1", "n1", "retired", "m1")
    )


def test_cases_and_outcomes_are_counted_each_once() -> None:
    taken = registered().when(TakeCase("q1"), facts=KNOWN).then(CaseTaken("q1"))
    taken.when(TakeCase("q1"), facts=KNOWN).then()
    ended = taken.when(EndCase("q1", "settled", 12), facts=KNOWN).then(
        CaseEnded("q1", "settled", 12)
    )
    ended.when(EndCase("q1", "settled", 12), facts=KNOWN).then()
    ended.when(GiveCaseAway("q1"), facts=KNOWN).then()
    assert ended.state.outcomes == (("settled", 1),)
    assert (ended.state.days, ended.state.ended) == (12, 1)
    away = taken.when(GiveCaseAway("q1"), facts=KNOWN).then(CaseGivenAway("q1"))
    assert (away.state.cases, away.state.given_away, away.state.ended) == ((), 1, 0)
    held = ended.when(FollowUpCase("q1", holds=True), facts=KNOWN).then_among()
    broken = held.when(FollowUpCase("q2", holds=False), facts=KNOWN).then_among()
    assert (broken.state.held, broken.state.broken) == (1, 1)


def test_what_ended_before_it_was_heard_of_is_not_at_hand() -> None:
    ended = (
        registered()
        .when(EndCase("q1", "settled", 0), facts=KNOWN)
        .then(CaseEnded("q1", "settled", 0))
    )
    ended.when(TakeCase("q1"), facts=KNOWN).then()
    again = ended.when(TakeCase("q1", again=True), facts=KNOWN).then(CaseTaken("q1"))
    assert (again.state.cases, again.state.closed) == (("q1",), ())


def test_who_is_erased_leaves_counts_and_no_name() -> None:
    erased = registered(CaseEnded("q1", "settled", 3)).when(ForgetMediator(), facts=KNOWN)
    after = erased.then(MediatorRetired("m1", "n1", "erased", None), MediatorForgotten())
    assert after.state.person is None
    assert after.state.outcomes == (("settled", 1),)
    after.when(ForgetMediator(), facts=KNOWN).then()
