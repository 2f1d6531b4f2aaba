"""The store over every journal: nothing twice, nothing lost, one loser at a time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.contracts.envelope import MAX_BYTES
from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.runtime.clock import SystemClock
from shared.runtime.deciding import Beside, Looking
from shared.runtime.journal import (
    Change,
    Commit,
    Conflict,
    Journal,
    Kind,
    Query,
    Recorded,
    Unavailable,
)
from shared.runtime.outcome import CauseReused, Outcome, StuckTick, VersionMismatch
from shared.runtime.reactions import About
from shared.runtime.rebuild import Progress, differences
from shared.runtime.store import Store
from tests.runtime.lamp import (
    Break,
    Forget,
    Install,
    Lamp,
    LampSwitched,
    Look,
    Repair,
    Status,
    Switch,
    decide,
    lamp,
)

INSTALL = Install(place="p1", keeper="w1", watts=10, by="w1")
BREAK = Break(words="13800000000", by="r1")


class SetClock(SystemClock):
    """A clock whose time the test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def store(journal: Journal, clock: SetClock) -> Store:
    await journal.prepare([Kind("lamp")])
    return Store("lamps", journal, clock, [lamp])


def about(event: str) -> About:
    return About(
        id=event,
        stream="petition-1",
        service="petitions",
        type="cn.jinlin.petitions.PetitionFiled.v1",
        time=datetime(2026, 3, 2, 9, tzinfo=UTC),
        sequence=1,
        correlation="c1",
        trace=None,
    )


async def installed(store: Store, id: str = "1") -> Outcome:
    return await store.do(lamp, id, INSTALL, actor="w1")


async def test_a_command_leaves_a_commit_a_state_and_a_due_time(store: Store) -> None:
    outcome = await installed(store)

    assert outcome == Outcome("lamp-1", "1", 1, store.clock.now())
    snapshot = await store.get(lamp, "1")
    assert snapshot is not None
    assert snapshot.state.status is Status.LIT
    assert snapshot.version == 1
    (commit,) = await store.journal.history("lamp-1")
    assert (commit.verb, commit.actor) == ("install", "w1")
    assert commit.events[0].name == "LampInstalled"
    await store.do(lamp, "1", BREAK, actor="r1")
    late = store.clock.now() + timedelta(hours=2)
    assert [id for id, _ in await store.journal.due("lamp", late, 10)] == ["1"]


async def test_what_is_personal_goes_to_the_dossier_only(store: Store) -> None:
    await installed(store)
    await store.do(lamp, "1", BREAK, actor="r1")

    history = await store.journal.history("lamp-1")
    assert "13800000000" not in repr(history)
    assert history[1].events == (
        Recorded("LampBroken", {"reporter": "r1", "repair_by": "2026-03-02T10:00:00Z"}),
        Recorded("LampDescribed", None),
    )
    (entry,) = await store.journal.dossier("lamp-1")
    assert entry.data == {"words": "13800000000"}
    assert "13800000000" not in repr(await store.journal.load("lamp", ["1"]))


async def test_facts_are_made_for_the_time_that_is_decided_at(
    journal: Journal, clock: SetClock
) -> None:
    def at_its_time(command: Command, state: Lamp, now: datetime, known: datetime) -> list[Event]:
        assert known == now
        return decide(command, state, now)

    def facts(_id: str, _command: Command, _lamp: Lamp, now: datetime) -> datetime:
        return now

    aggregate = replace(lamp, decide=at_its_time)
    await journal.prepare([Kind("lamp")])
    store = Store("lamps", journal, clock, [aggregate], {"lamp": facts})
    await store.do(aggregate, "1", INSTALL, actor="w1")
    clock.time -= timedelta(hours=1)  # a stream's own time does not jump back
    assert (await store.do(aggregate, "1", Switch(), actor="w1")).version == 2


async def lamps_that_look_at_the_next(journal: Journal, clock: SetClock) -> Store:
    """A lamp is told how often the one of the next number was switched."""

    def next_to(id: str, _command: Command) -> list[tuple[Aggregate[Any], str]]:
        return [(aggregate, str(int(id) + 1))]

    def facts(
        id: str, _command: Command, _lamp: Lamp, _now: datetime, beside: Beside
    ) -> int | None:
        seen = beside(aggregate, str(int(id) + 1))
        return None if seen is None else seen.switched

    def as_often(command: Command, state: Lamp, now: datetime, seen: int | None) -> list[Event]:
        if isinstance(command, Switch):
            often = state.switched
            return [LampSwitched(often + 1)] if seen is not None and seen >= often else []
        return decide(command, state, now)

    aggregate = replace(lamp, decide=as_often)
    await journal.prepare([Kind("lamp")])
    return Store("lamps", journal, clock, [aggregate], {"lamp": Looking(next_to, facts)})


async def test_a_command_looks_at_another_thing_as_its_batch_has_changed_it(
    journal: Journal, clock: SetClock
) -> None:
    store = await lamps_that_look_at_the_next(journal, clock)
    lamps = store.aggregates["lamp"]
    for id in ("1", "2"):
        await store.do(lamps, id, INSTALL, actor="w1")
    # Lamp 2 has nothing beside it; lamp 1 may be switched once, and no more.
    done = await asyncio.gather(
        *(store.do(lamps, id, Switch(), actor="w1") for id in ("1", "1", "2"))
    )
    assert [one.version for one in done] == [2, 2, 1]
    await store.do(lamps, "3", INSTALL, actor="w1")
    done = await asyncio.gather(
        *(store.do(lamps, id, Switch(), actor="w1") for id in ("1", "2", "1", "1"))
    )
    assert [one.version for one in done] == [2, 2, 3, 3]


async def test_what_was_not_asked_for_is_not_seen(journal: Journal, clock: SetClock) -> None:
    def facts(_id: str, _command: Command, _lamp: Lamp, _now: datetime, beside: Beside) -> None:
        beside(lamp, "2")

    store = Store("lamps", journal, clock, [lamp], {"lamp": Looking(lambda *_: (), facts)})
    await journal.prepare([Kind("lamp")])
    with pytest.raises(KeyError, match="did not ask to look at lamp-2"):
        await installed(store)


async def words(store: Store, id: str = "1") -> list[str]:
    """What is said in a lamp's dossier."""
    return [entry.data["words"] for entry in await store.journal.dossier(f"lamp-{id}")]


async def test_an_event_that_forgets_takes_what_was_said_before_it(store: Store) -> None:
    await installed(store)
    await store.do(lamp, "1", BREAK, actor="r1")
    before = await store.get(lamp, "1")
    await store.do(lamp, "1", Forget("13900000000", epitaph="nothing to be told"), actor="w1")

    assert await words(store) == ["nothing to be told"]
    after = await store.get(lamp, "1")
    assert before is not None
    assert after is not None
    assert (after.state, after.version) == (before.state, 3)
    history = await store.journal.history("lamp-1")
    assert [event.name for event in history[2].events] == [
        "LampDescribed",
        "LampForgotten",
        "LampDescribed",
    ]
    assert [each async for each in differences(store.journal, [lamp], Progress())] == []


async def test_commands_written_together_forget_in_their_order(store: Store) -> None:
    await installed(store)
    await asyncio.gather(
        store.do(lamp, "1", BREAK, actor="r1"),
        store.do(lamp, "1", Forget(epitaph="first"), actor="w1"),
        store.do(lamp, "1", Repair(by="w1"), actor="w1"),
        store.do(lamp, "1", Break(words="again", by="r1"), actor="r1"),
    )
    assert await words(store) == ["first", "again"]


async def test_an_event_forgets_once_however_often_it_comes(store: Store) -> None:
    do = store.do_for(about("community/resident-1/9/0"))
    await installed(store)
    await store.do(lamp, "1", BREAK, actor="r1")
    await do(lamp, "1", Forget())
    assert await words(store) == [""]
    await store.do(lamp, "1", Repair(by="w1"), actor="w1")
    await store.do(lamp, "1", Break(words="said later", by="r1"), actor="r1")
    for _ in range(3):
        await do(lamp, "1", Forget())
    assert await words(store) == ["", "said later"]
    assert len(await store.journal.history("lamp-1")) == 5


async def test_all_that_matches_is_found_page_by_page(store: Store) -> None:
    for n in range(7):
        await installed(store, str(n))
    await store.do(lamp, "3", BREAK, actor="r1")

    lit = Query({"status": Status.LIT}, limit=2)
    found = [(id, state) async for id, state in store.find(lamp, lit)]
    assert [id for id, _ in found] == ["0", "1", "2", "4", "5", "6"]
    assert {type(state) for _, state in found} == {Lamp}
    nothing = Query({"place": "nowhere"})
    assert [id async for id, _ in store.find(lamp, nothing)] == []


async def test_a_broken_rule_changes_nothing_and_harms_nobody_in_its_batch(store: Store) -> None:
    results = await asyncio.gather(
        store.do(lamp, "a", INSTALL, actor="w1"),
        store.do(lamp, "b", Switch(), actor="w1"),
        store.do(lamp, "c", INSTALL, actor="w1"),
        return_exceptions=True,
    )
    assert isinstance(results[0], Outcome)
    assert isinstance(results[1], Rejected)
    assert isinstance(results[2], Outcome)
    assert await store.get(lamp, "b") is None


async def test_200_at_once_on_one_stream_all_count_and_leave_no_hole(store: Store) -> None:
    await installed(store)
    outcomes = await asyncio.gather(
        *(store.do(lamp, "1", Switch(), actor="w1") for _ in range(200))
    )
    assert sorted(outcome.version for outcome in outcomes) == list(range(2, 202))
    snapshot = await store.get(lamp, "1")
    assert snapshot is not None
    assert snapshot.state.switched == 200
    assert [c.version for c in await store.journal.history("lamp-1")] == list(range(1, 202))


async def test_2000_at_once_on_many_streams(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(store.do(lamp, str(n), INSTALL, actor="w1", fresh=True) for n in range(2000))
    )
    assert {outcome.version for outcome in outcomes} == {1}
    assert await store.journal.count("lamp", {"status": "lit"}) == 2000


async def test_the_same_cause_100_times_at_once_happens_once(store: Store) -> None:
    await installed(store)
    outcomes = await asyncio.gather(
        *(
            store.do(lamp, "1", Switch(), actor="w1", cause="w1>key", fingerprint="same")
            for _ in range(100)
        )
    )
    assert {outcome.version for outcome in outcomes} == {2}
    assert sum(not outcome.repeated for outcome in outcomes) == 1
    snapshot = await store.get(lamp, "1")
    assert snapshot is not None
    assert snapshot.state.switched == 1


async def test_the_same_creation_100_times_at_once_makes_one(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(
            store.do(lamp, f"n{n}", INSTALL, actor="w1", cause="w1>k", fingerprint="f", fresh=True)
            for n in range(100)
        )
    )
    assert len({outcome.id for outcome in outcomes}) == 1
    assert await store.journal.count("lamp", {}) == 1


async def test_a_cause_with_another_request_is_refused(store: Store) -> None:
    await store.do(lamp, "1", INSTALL, actor="w1", cause="w1>k", fingerprint="one")
    with pytest.raises(CauseReused):
        await store.do(lamp, "2", INSTALL, actor="w1", cause="w1>k", fingerprint="other")
    answers = await asyncio.gather(
        store.do(lamp, "3", INSTALL, actor="w1", cause="w1>k3", fingerprint="one"),
        store.do(lamp, "4", INSTALL, actor="w1", cause="w1>k3", fingerprint="other"),
        return_exceptions=True,
    )
    assert isinstance(answers[0], Outcome)
    assert isinstance(answers[1], CauseReused)


async def test_if_match_refuses_another_version(store: Store) -> None:
    await installed(store)
    with pytest.raises(VersionMismatch) as refusal:
        await store.do(lamp, "1", Switch(), actor="w1", expected={7, 9})
    assert refusal.value.present == 1
    assert (await store.do(lamp, "1", Switch(), actor="w1", expected={1})).version == 2


async def test_two_processes_on_one_stream_lose_nothing(store: Store, journal: Journal) -> None:
    other = Store("lamps", journal, store.clock, [lamp])
    await installed(store)
    outcomes = await asyncio.gather(
        *((store, other)[n % 2].do(lamp, "1", Switch(), actor="w1") for n in range(60))
    )
    assert sorted(outcome.version for outcome in outcomes) == list(range(2, 62))


async def test_of_two_processes_only_so_many_win_the_last_places(
    store: Store, journal: Journal
) -> None:
    other = Store("lamps", journal, store.clock, [lamp])
    await installed(store)
    answers = await asyncio.gather(
        *((store, other)[n % 2].do(lamp, "1", Switch(limit=5), actor="w1") for n in range(40)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Outcome) for answer in answers) == 5
    assert sum(isinstance(answer, Rejected) for answer in answers) == 35


async def test_only_the_loser_of_a_conflict_is_decided_anew(store: Store, journal: Journal) -> None:
    """Someone else takes a version while a batch of many streams is being decided."""
    await installed(store, "taken")
    rival = Store("lamps", journal, store.clock, [lamp])
    results = await asyncio.gather(
        rival.do(lamp, "taken", Switch(), actor="w2"),
        *(store.do(lamp, f"m{n}", INSTALL, actor="w1") for n in range(40)),
        store.do(lamp, "taken", Switch(), actor="w1"),
        # `fresh` is a promise that the stream is new; where it is wrong, the write tells.
        store.do(lamp, "taken", Switch(), actor="w1", fresh=True),
    )
    assert {result.version for result in results[1:41]} == {1}
    assert sorted(results[n].version for n in (0, -2, -1)) == [2, 3, 4]


async def test_a_journal_refuses_a_version_that_is_taken(journal: Journal, store: Store) -> None:
    await installed(store)
    taken = Commit("lamp-1", 1, store.clock.now(), "w1", "install", (), "c")
    with pytest.raises(Conflict):
        await journal.write([Change("lamp", taken, None)])


async def test_an_event_has_its_effect_once(store: Store) -> None:
    await installed(store)
    for _ in range(3):
        await store.react(about("petitions/petition-1/1/0"), lamp, "1", Switch())
    await store.react(about("petitions/petition-1/2/0"), lamp, "1", Switch())
    snapshot = await store.get(lamp, "1")
    assert snapshot is not None
    assert snapshot.state.switched == 2
    commit = (await store.journal.history("lamp-1"))[1]
    assert (commit.causation, commit.correlation) == ("petitions/petition-1/1/0", "c1")


async def test_an_event_that_was_rejected_once_stays_without_effect(store: Store) -> None:
    """The lamp is broken when the event comes, and mended when it comes again."""
    await installed(store)
    await store.do(lamp, "1", BREAK, actor="r1")
    await store.react(about("petitions/petition-1/1/0"), lamp, "1", Switch())
    await store.do(lamp, "1", Repair(by="w1"), actor="w1")
    await store.react(about("petitions/petition-1/1/0"), lamp, "1", Switch())
    snapshot = await store.get(lamp, "1")
    assert snapshot is not None
    assert (snapshot.state.status, snapshot.state.switched) == (Status.LIT, 0)


async def test_a_due_time_ticks_once(store: Store) -> None:
    await installed(store)
    await store.do(lamp, "1", BREAK, actor="r1")
    due = datetime(2026, 3, 2, 10, tzinfo=UTC)
    store.clock.time = due + timedelta(minutes=1)  # type: ignore[attr-defined]
    await asyncio.gather(*(store.tick(lamp, "1", due) for _ in range(10)))
    assert [c.verb for c in await store.journal.history("lamp-1")] == [
        "install",
        "break",
        "tick",
    ]


async def test_a_tick_that_leads_nowhere_is_told(journal: Journal, clock: SetClock) -> None:
    await journal.prepare([Kind("lamp")])
    deaf = type(lamp)(
        kind="lamp",
        initial=Lamp(),
        decide=lambda command, state, now: (
            lamp.decide(command, state, now) if not isinstance(command, Tick) else []
        ),
        evolve=lamp.evolve,
        events=lamp.events,
        due=lamp.due,
    )
    store = Store("lamps", journal, clock, [deaf])
    await store.do(deaf, "1", INSTALL, actor="w1")
    await store.do(deaf, "1", BREAK, actor="r1")
    clock.time += timedelta(hours=2)
    with pytest.raises(StuckTick):
        await store.tick(deaf, "1", datetime(2026, 3, 2, 10, tzinfo=UTC))


async def test_a_command_without_events_leaves_no_trace(store: Store) -> None:
    await installed(store)
    assert (await store.do(lamp, "1", Look(), actor="w1")).version == 1
    assert len(await store.journal.history("lamp-1")) == 1


async def test_time_in_a_stream_never_runs_backwards(store: Store) -> None:
    first = await installed(store)
    store.clock.time -= timedelta(hours=1)  # type: ignore[attr-defined]
    second = await store.do(lamp, "1", Switch(), actor="w1")
    assert second.at >= first.at


async def test_what_no_message_could_carry_is_refused(store: Store) -> None:
    with pytest.raises(Rejected) as refusal:
        await store.do(
            lamp, "1", Install(place="p" * MAX_BYTES, keeper="w1", watts=10, by="w1"), actor="w1"
        )
    assert refusal.value.code == "too-large"
    assert await store.get(lamp, "1") is None


async def test_a_crash_between_flush_and_reply_is_no_second_effect(
    store: Store, journal: Journal
) -> None:
    """The write happens, its acknowledgement is lost; the client asks again with its key."""

    class Deaf:
        """A journal whose acknowledgement never arrives."""

        def __getattr__(self, name: str) -> object:
            return getattr(journal, name)

        async def write(self, changes: list[Change]) -> None:
            await journal.write(changes)
            raise Unavailable("connection lost")

    await installed(store)
    deaf = Store("lamps", Deaf(), store.clock, [lamp])  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        await deaf.do(lamp, "1", Switch(), actor="w1", cause="w1>k", fingerprint="f")
    again = await store.do(lamp, "1", Switch(), actor="w1", cause="w1>k", fingerprint="f")
    assert (again.version, again.repeated) == (2, True)
    assert len(await journal.history("lamp-1")) == 2


async def test_a_sender_that_has_gone_does_not_stop_the_others(store: Store) -> None:
    await installed(store)
    gone = asyncio.create_task(store.do(lamp, "1", Switch(), actor="w1"))
    stays = asyncio.create_task(store.do(lamp, "1", Switch(), actor="w1"))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await stays).version in (2, 3)
    await store.drain()
    after = await store.do(lamp, "1", Switch(), actor="w1")
    assert after.version == (await stays).version + 1


async def test_nobody_is_left_waiting_when_a_batch_ends_as_they_come(store: Store) -> None:
    async def one_after_the_other(worker: int) -> None:
        for n in range(40):
            await store.do(lamp, f"{worker}-{n}", INSTALL, actor="w1", fresh=True)

    async with asyncio.timeout(60):
        await asyncio.gather(*(one_after_the_other(worker) for worker in range(16)))
    assert await store.journal.count("lamp", {}) == 640
