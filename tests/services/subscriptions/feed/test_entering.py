"""Events are entered once each, as they were published, with where they lie."""

import pytest

from services.subscriptions.domain.feed.case import CaseLearned, LearnCase, case
from services.subscriptions.domain.feed.feed import (
    LARGEST,
    Enter,
    EnterAll,
    Entered,
    EventsEntered,
    Lying,
    TooLarge,
    feed,
    together,
)
from services.subscriptions.feed_reading import Cursor
from shared.contracts.community import OrganisationRegistered, PlaceMoved, PlaceRenamed
from shared.contracts.ledger import LogKeyFollowed
from shared.contracts.mediation import AgreementKept, DisputeFiled
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.notifications import MessageRead
from shared.contracts.petitions import PetitionAssigned
from shared.contracts.types import Level, OrganisationKind
from tests.given import NOTHING_SPECIAL, given
from tests.services.subscriptions.feed.happening import (
    NOON,
    OTHER,
    PATH,
    commented,
    entered,
    envelope,
    filed,
    happens,
    message,
    subscriptions,
    whole,
)

HERE = Lying(PATH, "property-lifts")


# --- the rules -----------------------------------------------------------------------------------


def test_an_event_is_entered_with_where_it_lies() -> None:
    given(feed).when(Enter("{}"), facts=[HERE]).then(
        EventsEntered((Entered("{}", PATH, "property-lifts"),))
    )


def test_those_that_come_together_are_one_step_in_their_order() -> None:
    commands = [Enter("1"), Enter("2"), Enter("3")]
    assert together(commands) == EnterAll(tuple(commands))
    first = EventsEntered((Entered("0", (), None),))
    step = EventsEntered(tuple(Entered(text, (), None) for text in "123"))
    after = given(feed, first).when(together(commands), facts=[Lying()] * 3).then(step)
    assert (after.state.entered, after.state.last) == (4, 3)


def test_what_the_feed_cannot_hold_is_not_left_out_in_silence() -> None:
    with pytest.raises(TooLarge):
        feed.decide(Enter("x" * (LARGEST + 1)), feed.initial, NOTHING_SPECIAL, [Lying()])
    assert feed.decide(Enter("x" * LARGEST), feed.initial, NOTHING_SPECIAL, [Lying()])


def test_a_case_learns_what_it_is_told_and_keeps_the_rest() -> None:
    learned = given(case).when(LearnCase("n1", "lifts")).then(CaseLearned("n1", "lifts"))
    moved = learned.when(LearnCase("n2")).then(CaseLearned("n2", "lifts"))
    moved.when(LearnCase("n2", "lifts")).then()


# --- the events of others ------------------------------------------------------------------------


async def test_events_are_given_out_as_they_were_published() -> None:
    """Attributes and fields of a newer emitter included."""
    first = message(filed(), "petition-p1", seen_from="a newer emitter")
    second = message(commented(), "petition-p1", 2)
    async with subscriptions() as at:
        await happens(at, first)
        await happens(at, second)
        entries = await whole(at)
    assert [entry.envelope for entry in entries] == [envelope(first), envelope(second)]
    assert [entry.at for entry in entries] == [Cursor(1, 1), Cursor(2, 1)]
    assert envelope(first)["data"]["seen_from"] == "a newer emitter"


async def test_each_is_entered_once_however_often_it_comes() -> None:
    async with subscriptions() as at:
        messages = [message(filed(f"p{n}"), f"petition-p{n}") for n in range(50)]
        await happens(at, *messages)
        await at.running.bus.publish([*messages, *reversed(messages)])
        await happens(at, message(commented("p1"), "petition-p1", 2))
        ids = [entry.envelope["id"] for entry in await whole(at)]
    assert len(ids) == len(set(ids)) == 51


async def test_a_stream_is_in_order_whatever_comes_beside_it() -> None:
    streams = [f"petition-p{n}" for n in range(20)]
    async with subscriptions() as at:
        await happens(
            at,
            *(message(filed(s[9:]), s) for s in streams),
            *(message(commented(s[9:]), s, n) for n in range(2, 12) for s in streams),
        )
        entries = await whole(at)
        commits = await at.running.journal.history("feed-city")
    for stream in streams:
        those = [entry.envelope for entry in entries if entry.envelope["subject"] == stream]
        assert [int(each["sequence"]) for each in those] == list(range(1, 12))
    assert len(commits) < len(entries) == 220, "what arrives at once is one commit"
    assert [entry.at for entry in entries] == sorted({entry.at for entry in entries})


async def test_later_events_lie_where_the_first_of_their_stream_did() -> None:
    assigned = PetitionAssigned(
        "p1", "w1", "petitions", Level.STREET, "s1", NOON, "property-lifts", None
    )
    async with subscriptions() as at:
        await happens(at, message(filed(), "petition-p1"))
        await happens(at, message(assigned, "petition-p1", 1, 1))
        await happens(at, message(commented(), "petition-p1", 2))
        entries = await whole(at)
    assert {entry.places for entry in entries} == {PATH}, "not where the street that answers is"
    assert {entry.category for entry in entries} == {"property-lifts"}


async def test_what_belongs_to_a_dispute_lies_where_that_does() -> None:
    parties = ("r1", "r2")
    dispute = DisputeFiled("d7", DisputeKind.NOISE, "n9", OTHER, "r1", parties, None, risk=False)
    async with subscriptions() as at:
        await happens(at, message(dispute, "dispute-d7"))
        await happens(at, message(AgreementKept("d7.1", "d7", "0" * 64, (), "m"), "agreement-d7.1"))
        entries = await whole(at)
    assert [entry.places for entry in entries] == [OTHER, OTHER]


async def test_a_place_is_entered_where_it_lay_by_then() -> None:
    moved = PlaceMoved("n1", "c9", (*OTHER[:3], "n1"), None)
    async with subscriptions() as at:
        await happens(at, message(PlaceRenamed("n1", "新名"), "place-n1", 2))
        await happens(at, message(moved, "place-n1", 3))
        renamed, after = await whole(at)
    assert renamed.places == PATH
    assert after.places == (*OTHER[:3], "n1")


async def test_what_lies_nowhere_and_what_lies_where_nobody_knows() -> None:
    organisation = OrganisationRegistered("o1", OrganisationKind.OTHER, "队", "unknown-place", ())
    async with subscriptions() as at:
        await happens(at, message(LogKeyFollowed("main", "key"), "log-main"))
        await happens(at, message(organisation, "organisation-o1"))
        nowhere, unknown = await whole(at)
    assert nowhere.places == ()
    assert unknown.places == ("unknown-place",)


async def test_what_is_nobodys_business_is_not_entered() -> None:
    async with subscriptions() as at:
        await at.running.bus.publish([message(MessageRead("m1", "r1"), "message-m1")])
        await happens(at, message(filed(), "petition-p1"))
        assert await entered(at) == 1
        assert (await whole(at))[0].type.endswith("PetitionFiled.v1")
