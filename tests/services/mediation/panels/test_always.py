"""What always holds of a panel, whatever is done; and that its queries read indexes."""

from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from deploy.local.servers import MongoServer
from services.mediation.domain.panels.conflicts import conflicts
from services.mediation.domain.panels.mediator_state import Standing
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_commands import (
    AcceptCase,
    AppointMediator,
    DeclareKinship,
    DeclareTies,
    Decline,
    EndPanel,
    ForgetPerson,
    LearnAnswers,
    LearnBonds,
    Leave,
    LoseMediator,
    NameMember,
    RefuseMediator,
    Release,
    ReopenPanel,
)
from services.mediation.domain.panels.panel_state import FIXED_SEATS, QUORUM, Bonds, Panel
from services.mediation.views import panels as views
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.panels import Conflict, MediatorAppointed, NotFilled, PanelComplete
from shared.runtime.aggregate import Command, Rejected, Tick
from tests.plans import read_through
from tests.services.mediation.panels.stories import (
    ANN,
    BEN,
    DISPUTE,
    LAWYER_OF_BEN,
    NOW,
    STORY,
    a_mediator,
    around,
)

PEOPLE = ("m1", "m2", "m3", "m4", "m5", ANN, BEN, LAWYER_OF_BEN, "s1", "s2", "s3", "s4")
MEDIATORS = {name: a_mediator(name) for name in ("m4", "m5", ANN, BEN, LAWYER_OF_BEN)}
"""Beside those of the story; parties among them, who must never mediate."""
BONDS = (
    Bonds(),
    Bonds(household="elsewhere"),
    Bonds(household="n1-b1-u1"),
    Bonds(organisations=("company",)),
)
people = st.sampled_from(PEOPLE)
lines = st.lists(people, max_size=4).map(tuple)
seats = st.sampled_from(FIXED_SEATS)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(AppointMediator, st.just("convenor"), people, lines),
    st.builds(NameMember, st.just("convenor"), seats, people, lines),
    st.builds(AcceptCase, people),
    st.builds(DeclareTies, people),
    st.builds(DeclareTies, people),
    st.builds(DeclareTies, people, st.just((Conflict.INTEREST,))),
    st.builds(DeclareKinship, st.just("convenor"), people, st.just("p1")),
    st.builds(Decline, people),
    st.builds(Leave, people),
    st.builds(Release, st.just("convenor"), people),
    st.builds(RefuseMediator, st.sampled_from((ANN, BEN, LAWYER_OF_BEN))),
    st.builds(LearnAnswers, st.tuples(people)),
    st.builds(LoseMediator, people, st.just(NotFilled.SUSPENDED)),
    st.builds(ForgetPerson, people),
    st.just(EndPanel()),
    st.just(ReopenPanel(PEOPLE)),
    st.just(Tick()),
)
moved = st.tuples(people, st.sampled_from(BONDS))


@settings(max_examples=150)
@for_all(st.lists(st.one_of(commands, moved), max_size=40))
def test_nobody_tied_to_a_party_ever_has_a_part(steps: list[Any]) -> None:
    state = panel.fold(Panel(), list(STORY))
    bonds = {one: Bonds() for one in PEOPLE}
    refused: list[str] = []
    now = NOW
    for step in steps:
        if isinstance(step, tuple):
            person, bonds[person] = step
            step = LearnBonds(person)
        if isinstance(step, Tick):
            now = panel.due(state) or now
        # The rules are told of those whom the command names, as `facts` does.
        told = around(bonds, **MEDIATORS)
        try:
            events = panel.decide(step, state, now, told)
        except Rejected:
            continue
        for event in events:
            if isinstance(event, MediatorAppointed):
                assert told.mediators[event.mediator].standing is Standing.ACTIVE
        before, state = state, panel.fold(state, events)
        taking_part = [one for one in (state.mediator, *state.members) if one is not None]
        assert len(set(taking_part)) == len(taking_part)
        for person in taking_part if state.status == "open" else ():
            assert conflicts(person, state, DISPUTE, bonds[person]) == (), (step, person)
        if isinstance(step, RefuseMediator):
            refused += [one for one in state.refused_by if one not in before.refused_by]
        for event in events:
            if isinstance(event, PanelComplete):
                assert before.mediator is not None or state.mediator is not None
                assert len(event.members) >= QUORUM
        assert not state.complete or (state.mediator is not None and len(state.complete) >= QUORUM)
    assert len(refused) == len(set(refused))


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        "mediator": {
            "all": views.mediators_listed([], Standing.ACTIVE),
            "of a place": views.mediators_listed(
                ["c1", "n1"], Standing.ACTIVE, field=DisputeKind.NOISE, language="zh"
            ),
        },
        "panel": {
            "of somebody": views.panels_of("m1"),
            "all of somebody": views.all_panels_of("people", "m1"),
            "words of somebody": views.all_panels_of("writers", "m1"),
            "from a petition": views.panels_from("p1"),
        },
    }
    assert await read_through(mongo, database, views.KINDS, asked) == []
