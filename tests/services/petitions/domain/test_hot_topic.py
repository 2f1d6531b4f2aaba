"""The hotlist: each topic is told once when it is hot, when it has doubled, when it has cooled."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given as given_any
from hypothesis import strategies as st

from services.petitions.domain.hot_topic import (
    ID,
    MOST_TOLD,
    MOST_TOPICS,
    SOON,
    Begin,
    Crowd,
    Heat,
    HotlistLooked,
    View,
    hotlist,
)
from shared.contracts.event import Event
from shared.contracts.petitions import HotTopicCooled, HotTopicGrown, HotTopicRaised
from shared.runtime.aggregate import Tick
from tests.given import Given, given

NOW = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
EVERY = timedelta(minutes=10)
HEAT = Heat(petitions=4, supporters=19)
"""Hot from five petitions, or twenty supporters."""
SINCE = NOW - timedelta(days=3)

DRAINS = Crowd("banyan", "drainage", ("p1", "p2", "p3", "p4", "p5"), 5, 0, SINCE)
QUIET = replace(DRAINS, petitions=("p1", "p2", "p3"), count=3)
NEARLY = replace(DRAINS, petitions=("p1", "p2", "p3", "p4"), count=4)
LIFTS = Crowd("willow", "property", ("q1",), 1, 20, SINCE)

BEGUN = HotlistLooked(again_at=NOW)
LOOKED = HotlistLooked(again_at=NOW + EVERY)
LOOKED_LATER = HotlistLooked(again_at=LATER + EVERY)


def seen(*crowds: Crowd, complete: bool = True) -> View:
    return View(crowds, complete, HEAT, EVERY)


def raised(crowd: Crowd, at: datetime = NOW) -> HotTopicRaised:
    return HotTopicRaised(
        hotlist=ID,
        topic=f"{crowd.place}:{crowd.category}",
        place=crowd.place,
        category=crowd.category,
        petitions=crowd.petitions,
        count=crowd.count,
        supporters=crowd.supporters,
        since=crowd.since,
        raised_at=at,
    )


def grown(crowd: Crowd) -> HotTopicGrown:
    return HotTopicGrown(**asdict(raised(crowd)))


def cooled(crowd: Crowd) -> HotTopicCooled:
    return HotTopicCooled(
        hotlist=ID,
        topic=f"{crowd.place}:{crowd.category}",
        place=crowd.place,
        category=crowd.category,
        raised_at=NOW,
    )


def test_it_looks_at_once_when_it_begins():
    given(hotlist).when(Begin(), at=NOW, facts=seen()).then(BEGUN)


def test_it_begins_once():
    given(hotlist, BEGUN).when(Begin(), at=LATER, facts=seen()).then()


def test_many_petitions_make_a_topic_hot():
    given(hotlist, BEGUN).when(Tick(), at=NOW, facts=seen(DRAINS)).then(raised(DRAINS), LOOKED)


def test_so_do_many_supporters_of_one():
    given(hotlist, BEGUN).when(Tick(), at=NOW, facts=seen(LIFTS)).then(raised(LIFTS), LOOKED)


def test_it_takes_more_than_so_many():
    for quiet in (replace(DRAINS, count=4), replace(LIFTS, supporters=19)):
        given(hotlist, BEGUN).when(Tick(), at=NOW, facts=seen(quiet)).then(LOOKED)
    for hot in (replace(DRAINS, count=5), replace(LIFTS, supporters=20)):
        given(hotlist, BEGUN).when(Tick(), at=NOW, facts=seen(hot)).then(raised(hot), LOOKED)


def test_an_old_petition_that_finds_supporters_is_hot():
    old = replace(LIFTS, count=0, since=NOW - timedelta(days=40))
    given(hotlist, BEGUN).when(Tick(), at=NOW, facts=seen(old)).then(raised(old), LOOKED)


def test_nearly_many_do_not():
    given(hotlist, BEGUN).when(Tick(), at=NOW, facts=seen(NEARLY)).then(LOOKED)


def test_it_is_told_once():
    given(hotlist, raised(DRAINS), LOOKED).when(Tick(), at=LATER, facts=seen(DRAINS)).then(
        LOOKED_LATER
    )


def test_it_is_told_again_when_it_has_doubled_and_not_before():
    nine, ten = replace(DRAINS, count=9), replace(DRAINS, count=10)
    told = given(hotlist, raised(DRAINS), LOOKED)
    told.when(Tick(), at=LATER, facts=seen(nine)).then(LOOKED_LATER)
    told.when(Tick(), at=LATER, facts=seen(ten)).then(grown(ten), LOOKED_LATER)


def test_it_doubles_from_what_was_last_told():
    ten, nineteen = replace(DRAINS, count=10), replace(DRAINS, count=19)
    given(hotlist, raised(DRAINS), grown(ten), LOOKED).when(
        Tick(), at=LATER, facts=seen(nineteen)
    ).then(LOOKED_LATER)


def test_supporters_of_a_topic_hot_by_petitions_count_when_they_are_many():
    few, many = replace(DRAINS, supporters=20), replace(DRAINS, supporters=40)
    told = given(hotlist, raised(DRAINS), LOOKED)
    told.when(Tick(), at=LATER, facts=seen(few)).then(LOOKED_LATER)
    told.when(Tick(), at=LATER, facts=seen(many)).then(grown(many), LOOKED_LATER)


def test_it_stays_hot_down_to_a_half():
    given(hotlist, raised(DRAINS), LOOKED).when(Tick(), at=LATER, facts=seen(QUIET)).then(
        LOOKED_LATER
    )


def test_below_a_half_it_has_cooled_and_can_be_raised_again():
    after = (
        given(hotlist, raised(DRAINS), LOOKED)
        .when(Tick(), at=LATER, facts=seen())
        .then(cooled(DRAINS), LOOKED_LATER)
    )
    assert after.state.topics == ()
    after.when(Tick(), at=LATER, facts=seen(DRAINS)).then(raised(DRAINS, LATER), LOOKED_LATER)


def test_while_not_everything_is_seen_nothing_is_told_and_it_looks_again_soon():
    given(hotlist, raised(LIFTS), LOOKED).when(
        Tick(), at=LATER, facts=seen(DRAINS, complete=False)
    ).then(HotlistLooked(again_at=LATER + SOON))


def test_the_hottest_are_told_first_and_the_others_in_the_next_look():
    crowds = [replace(DRAINS, place=f"n{n}", count=5 + n) for n in range(MOST_TOLD + 2)]
    first = given(hotlist, BEGUN).when(Tick(), at=NOW, facts=seen(*crowds))
    told = [event for event in first.events if isinstance(event, HotTopicRaised)]
    assert [event.place for event in told] == [each.place for each in crowds[:1:-1]]
    assert first.events[-1] == HotlistLooked(again_at=NOW + SOON)
    first.then(*first.events).when(Tick(), at=LATER, facts=seen(*crowds)).then(
        raised(crowds[1], LATER), raised(crowds[0], LATER), LOOKED_LATER
    )


def test_there_are_only_so_many_topics_at_a_time():
    crowds = [replace(DRAINS, place=f"n{n}") for n in range(MOST_TOPICS + 1)]
    full = given(hotlist, *(raised(each) for each in crowds[:-1]), LOOKED)
    full.when(Tick(), at=LATER, facts=seen(*crowds)).then(LOOKED_LATER)
    full.when(Tick(), at=LATER, facts=seen(*crowds[1:])).then(
        cooled(crowds[0]), raised(crowds[-1], LATER), LOOKED_LATER
    )


sizes = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.tuples(st.integers(0, 30), st.integers(0, 90))),
    max_size=12,
)


@given_any(sizes)
def test_a_topic_is_raised_cooled_raised_in_turn(looks: list[dict[str, tuple[int, int]]]):
    past: Given = given(hotlist, BEGUN)
    now, hot, happened = NOW, set(), list[Event]()
    for look in looks:
        crowds = (
            replace(DRAINS, place=place, count=count, supporters=supporters)
            for place, (count, supporters) in look.items()
        )
        step = past.when(Tick(), at=now, facts=seen(*crowds))
        for event in step.events:
            match event:
                case HotTopicRaised(topic=topic):
                    assert topic not in hot
                    hot.add(topic)
                case HotTopicGrown(topic=topic):
                    assert topic in hot
                case HotTopicCooled(topic=topic):
                    hot.remove(topic)
        happened += step.events
        past, now = step.then(*step.events), now + EVERY
    assert {topic.topic for topic in past.state.topics} == hot
    assert hotlist.due(past.state) == (now if looks else NOW)
