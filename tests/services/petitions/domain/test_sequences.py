"""What holds whatever people do, in whatever order, and whenever."""

from datetime import date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.petitions.domain.commands import (
    Answer,
    AskReview,
    Assign,
    Close,
    Comment,
    ConfirmSolved,
    FollowUp,
    HandUp,
    Rate,
    Return,
    Step,
    Take,
    Withdraw,
)
from services.petitions.domain.ladder import Surroundings, rank
from services.petitions.domain.merging import Link, Merge, Split
from services.petitions.domain.petition import due, petition
from services.petitions.domain.promises import JudgePromise, ReportPromise
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.verbs import OPEN, can
from services.petitions.domain.voices import Support, WithdrawSupport
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionHandedUp,
    PetitionOverdue,
    PetitionReachedLevel,
    PetitionReopened,
    PetitionSentToReview,
)
from shared.contracts.types import LEVELS
from shared.runtime.aggregate import Command, Rejected, Tick
from tests.given import after
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    DISTRICT_DEPUTY,
    DISTRICT_OFFICER,
    FILE,
    GRID_HEAD,
    MONDAY,
    RESIDENT,
    STREET_OFFICER,
    TOWN,
    reply,
    unheld,
)

PEOPLE = (
    RESIDENT,
    GRID_HEAD,
    "area-staff",
    COMMUNITY_SECRETARY,
    STREET_OFFICER,
    DISTRICT_OFFICER,
    DISTRICT_DEPUTY,
)
HANGS_ON_MORE = ("no-such-promise", "promise-not-due", "promise-out-of-time", "too-late-to-review")
"""Refusals of what is offered: they hang on what the command says, and on the day."""
MOST_CLOCKS = len(LEVELS) - 1 + 2 + 1 + 1
"""Filing, each level above, two reopenings, one review."""

people = st.sampled_from(PEOPLE)
towns = st.sampled_from((TOWN, unheld(*LEVELS), unheld(*LEVELS[1::2])))
commands: st.SearchStrategy[Command] = st.one_of(
    st.just(FILE),
    st.builds(Assign, by=people, assignee=people),
    st.builds(Take, by=people),
    st.builds(
        Answer, by=people, done=st.just("已办好"), done_by=st.just("网格"), finished=st.just(True)
    ),
    st.builds(
        Answer,
        by=people,
        done=st.just("已报修"),
        done_by=st.just("物业"),
        follows=st.just((Step("换管道", date(2026, 6, 30)),)),
    ),
    st.builds(
        FollowUp, by=people, reached=st.just(True), stars=st.integers(1, 5), solved=st.booleans()
    ),
    st.builds(FollowUp, by=people, reached=st.just(False)),
    st.builds(AskReview, by=people, reason=st.just("不服")),
    st.builds(JudgePromise, by=people, promise=st.integers(1, 3), kept=st.booleans()),
    st.builds(ReportPromise, by=people, promise=st.integers(1, 3), text=st.just("已换好")),
    st.builds(Support, by=people),
    st.builds(WithdrawSupport, by=people),
    st.builds(Merge, by=people, into=st.just("p2")),
    st.builds(Split, by=people),
    st.builds(Link, by=people, to=st.sampled_from(("p2", "p3"))),
    st.builds(HandUp, by=people, reason=st.just("无权")),
    st.builds(Return, by=people, question=st.just("在哪？")),
    st.builds(Comment, by=people, text=st.just("还没好")),
    st.builds(
        Rate, by=st.just(RESIDENT), stars=st.integers(1, 5), solved=st.booleans(), word=st.just("")
    ),
    st.builds(Rate, by=people, stars=st.integers(1, 2)),
    st.builds(ConfirmSolved, by=people),
    st.builds(Close, by=people, reason=st.just("已查")),
)


class AnyLife(RuleBasedStateMachine):
    """A petition to which anything may be done, by anybody, after any pause, in a changing town."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.events: list[Event] = []
        self.state = Petition()

    @initialize(town=towns)
    def filed(self, town: Surroundings) -> None:
        self.do(FILE, town)

    @rule(command=commands, town=towns)
    def somebody_acts(self, command: Command, town: Surroundings) -> None:
        allowed = command.verb in can(self.state, command.by)  # type: ignore[attr-defined]
        refusal = None
        try:
            self.do(command, town)
        except Rejected as rejected:
            refusal = rejected.code
        if allowed:  # what is offered may still name a person who must not review
            assert refusal in (None, "own-answer", *HANGS_ON_MORE)
        else:
            assert refusal is not None

    @rule(town=towns)
    @precondition(lambda self: self.state.status is Status.ANSWERED)
    def the_petitioner_is_not_content(self, town: Surroundings) -> None:
        self.do(Rate(by=RESIDENT, stars=1), town)

    @rule(town=towns)
    @precondition(lambda self: "answer" in OPEN[self.state.status])
    def whoever_has_it_answers(self, town: Surroundings) -> None:
        self.do(reply(self.state.assignee or "area-staff", "已办好"), town)

    @rule(town=towns)
    @precondition(lambda self: due(self.state) is not None)
    def what_is_due_happens(self, town: Surroundings) -> None:
        at = due(self.state)
        assert at is not None
        self.now = max(self.now, at)
        self.ticked(town)

    @rule(pause=st.integers(0, 40 * 24 * 3600), town=towns)
    def time_passes(self, pause: int, town: Surroundings) -> None:
        self.now += timedelta(seconds=pause)
        self.ticked(town)

    def ticked(self, town: Surroundings) -> None:
        """Ticks make progress exactly when one is due, and soon there is none."""
        for _ in range(40):
            at = due(self.state)
            if at is None or at > self.now:
                assert petition.decide(Tick(), self.state, self.now, town) == []
                return
            assert self.do(Tick(), town), f"nothing happened though due at {at}"
            assert due(self.state) != at, "the same due time would be taken for a repetition"
        raise AssertionError("ticks never come to rest")

    def do(self, command: Command, town: Surroundings) -> list[Event]:
        before = self.state
        events = petition.decide(command, before, self.now, town)
        self.events += events
        self.state = after(petition, before, events)
        self.deadline_moved_only_by_a_level(before, events)
        self.levels_only_climb(before, events)
        return events

    def deadline_moved_only_by_a_level(self, before: Petition, events: list[Event]) -> None:
        if any(isinstance(event, PetitionReachedLevel) for event in events):
            climbed = (PetitionHandedUp, PetitionOverdue, PetitionReopened, PetitionSentToReview)
            assert before.status is Status.UNFILED or any(isinstance(e, climbed) for e in events)
        else:
            assert self.state.answer_by == before.answer_by
            assert self.state.warn_at == before.warn_at
        if before.status is Status.ANSWERED and self.state.status is Status.ANSWERED:
            assert self.state.follow_up_until == before.follow_up_until

    def levels_only_climb(self, before: Petition, events: list[Event]) -> None:
        if before.status is Status.UNFILED:
            return
        assert rank(self.state.level) >= rank(before.level)
        reopened = any(isinstance(e, PetitionReopened | PetitionSentToReview) for e in events)
        if any(isinstance(e, PetitionReachedLevel) for e in events) and not reopened:
            assert rank(self.state.level) > rank(before.level)

    @invariant()
    def fold_of_events_is_the_state(self) -> None:
        assert petition.fold(petition.initial, self.events) == self.state

    @invariant()
    def an_open_petition_is_never_forgotten(self) -> None:
        waited_for = any(not promise.over for promise in self.state.promises)
        if self.state.status not in (Status.UNFILED, Status.MERGED, Status.CLOSED) or waited_for:
            at = due(self.state)
            assert isinstance(at, datetime)
        else:
            assert due(self.state) is None

    @invariant()
    def nobody_gains_time_without_limit(self) -> None:
        clocks = [event for event in self.events if isinstance(event, PetitionReachedLevel)]
        assert len(clocks) <= MOST_CLOCKS
        assert self.state.reopened <= self.state.limits.reopenings


class Withdrawing(AnyLife):
    """The same with a petitioner who may take it back."""

    @rule(town=towns)
    @precondition(lambda self: "withdraw" in OPEN[self.state.status])
    def taken_back(self, town: Surroundings) -> None:
        self.do(Withdraw(by=RESIDENT), town)
        assert self.state.outcome == "withdrawn"


def test_any_life_keeps_the_promises() -> None:
    run_state_machine_as_test(AnyLife, settings=settings(max_examples=120, stateful_step_count=40))


def test_any_life_that_may_be_taken_back_does_too() -> None:
    run_state_machine_as_test(
        Withdrawing, settings=settings(max_examples=40, stateful_step_count=20)
    )
