"""What holds for a whistle whatever people do, in whatever order, and whenever."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.petitions.domain.ladder import rank
from services.petitions.domain.whistle import OPEN, can, whistle
from services.petitions.domain.whistle_commands import (
    Accept,
    CallOff,
    Refuse,
    Report,
    WhistleUp,
)
from services.petitions.domain.whistle_course import due
from services.petitions.domain.whistle_ladder import WhistleFacts
from services.petitions.domain.whistle_state import Status, Whistle
from shared.contracts.event import Event
from shared.contracts.petitions import (
    WhistleCalled,
    WhistleClosed,
    WhistleReportAccepted,
    WhistleReportUnjudged,
)
from shared.runtime.aggregate import Command, Rejected, Tick
from tests.given import after
from tests.services.petitions.domain.test_whistle import (
    BLOW,
    COMMITTEE,
    COMPANY,
    FACTS,
    RUNGS,
    unheld,
)
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    MONDAY,
    RESIDENT,
    STREET_OFFICER,
)

PEOPLE = (RESIDENT, COMPANY, COMMITTEE, COMMUNITY_SECRETARY, STREET_OFFICER)
people = st.sampled_from(PEOPLE)
ladders = st.sampled_from((FACTS, unheld("owners-committee"), unheld(*(r.duty for r in RUNGS))))
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Report, by=people, text=st.just("已办")),
    st.builds(Accept, by=people, stars=st.integers(1, 5)),
    st.builds(Refuse, by=people, reason=st.just("没办")),
    st.builds(WhistleUp, by=people, reason=st.just("办不了")),
    st.builds(CallOff, by=people),
)


class AnyWhistle(RuleBasedStateMachine):
    """A whistle to which anybody does anything, after any pause, with changing holders."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.events: list[Event] = []
        self.state = Whistle()
        self.do(BLOW, FACTS)

    @rule(command=commands, facts=ladders)
    def somebody_acts(self, command: Command, facts: WhistleFacts) -> None:
        offered = command.verb in can(self.state, command.by)  # type: ignore[attr-defined]
        try:
            self.do(command, facts)
        except Rejected as rejected:
            refused = rejected.code
        else:
            refused = ""
        assert offered or refused or command.verb in ("report", "whistle-up")
        assert not (offered and refused) or refused == "top-rung"

    @rule(facts=ladders, late=st.integers(0, 20 * 24 * 60))
    @precondition(lambda self: due(self.state) is not None)
    def time_passes(self, facts: WhistleFacts, late: int) -> None:
        at = due(self.state)
        assert at is not None
        self.now = max(self.now, at + timedelta(minutes=late))
        for _ in range(40):
            at = due(self.state)
            if at is None or at > self.now:
                assert whistle.decide(Tick(), self.state, self.now, facts) == []
                return
            self.do(Tick(), facts)
            assert due(self.state) != at, "the same due time would be taken for a repetition"
        raise AssertionError("ticks never come to rest")

    def do(self, command: Command, facts: WhistleFacts) -> None:
        before = self.state
        events = whistle.decide(command, before, self.now, facts)
        self.events += events
        self.state = after(whistle, before, events)
        if before.status is Status.CALLED and self.state.report_by != before.report_by:
            assert any(isinstance(e, WhistleCalled) for e in events)
        accepted = any(isinstance(e, WhistleReportAccepted) for e in events)
        assert accepted == isinstance(command, Accept), "only a judge accepts a report"
        for event in events:
            if isinstance(event, WhistleReportUnjudged) and event.judge is None:
                assert isinstance(events[-1], WhistleCalled | WhistleClosed)
                ended = isinstance(events[-1], WhistleClosed)
                assert not ended or before.duty == RUNGS[-1].duty, "it climbs while it can"
        if before.status is not Status.UNBLOWN:
            assert rank(self.state.level) >= rank(before.level)

    @invariant()
    def an_open_whistle_is_never_forgotten(self) -> None:
        assert (due(self.state) is None) == (self.state.status is Status.CLOSED)
        assert bool(self.state.judges) == bool(OPEN[self.state.status])

    @invariant()
    def fold_of_events_is_the_state(self) -> None:
        assert whistle.fold(whistle.initial, self.events) == self.state

    @invariant()
    def nobody_judges_their_own_report(self) -> None:
        if self.state.status is Status.REPORTED:
            assert self.state.reported_by != self.state.judge
        assert len(self.state.whistlers) <= len(RUNGS) + 1


def test_any_whistle_keeps_the_promises() -> None:
    run_state_machine_as_test(
        AnyWhistle, settings=settings(max_examples=150, stateful_step_count=30)
    )
