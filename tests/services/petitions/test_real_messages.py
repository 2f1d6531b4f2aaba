"""All real messages through the whole life of a petition: each ends, and every deadline on the way
is what a second reckoning says.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec
import pytest

from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status
from shared.contracts import petitions as told
from shared.contracts.event import Personal
from tests.given import after
from tests.services.petitions.planted import MESSAGES
from tests.services.petitions.real_district import real_messages
from tests.services.petitions.real_lives import Life, life_of

Told = Callable[[str, object], None]

MESSAGES_IN_ALL = 7_637

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not MESSAGES.exists(),
        reason=f"the real messages are not at hand: there is no {MESSAGES}",
    ),
]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_TELLING = re.compile(r"[A-Za-z0-9]{7,}")
"""Numbers and words that could tell somebody apart."""


@dataclass
class Lives:
    """What is left to say when all are over."""

    outcomes: Counter[str | None] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    shares: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    open_still: list[str] = field(default_factory=list)
    told_words: list[str] = field(default_factory=list)
    unlike_its_events: list[str] = field(default_factory=list)
    seconds: float = 0.0


@pytest.fixture(scope="module")
def lives() -> Lives:
    """Every message lives once."""
    seen, began = Lives(), time.process_time()
    for message in real_messages():
        life = life_of(message, seen.compared, seen.wrong)
        state = life.state
        seen.outcomes[state.outcome] += 1
        seen.events.update(type(event).__name__ for event in life.events)
        seen.refused += life.refused
        seen.shares.update(_shares(life))
        if state.status is not Status.CLOSED or petition.due(state) is not None:
            seen.open_still.append(message.id)
        if after(petition, petition.initial, life.events) != state:
            seen.unlike_its_events.append(message.id)
        seen.told_words += _told_words(life)
        if state.figures.in_time != life.watch.first_in_time:
            seen.wrong.append(f"{message.id}: answered in time is {state.figures.in_time}")
    seen.seconds = time.process_time() - began
    return seen


def _shares(life: Life) -> Iterator[str]:
    reached = [event for event in life.events if isinstance(event, told.PetitionReachedLevel)]
    if life.message.reply is not None:
        yield "real replies"
        if life.refused["hollow-answer"]:
            yield "hollow replies"
            if any(event.because == "overdue" for event in reached):
                yield "climbed of those with a hollow reply"
    if life.state.danger is not None:
        yield "dangers"
    if any(event.because == "overdue" for event in reached):
        yield "climbed"
    if any(isinstance(event, told.PetitionSuspended) for event in life.events):
        yield "suspended"


def _told_words(life: Life) -> Iterator[str]:
    """Personal words in what is not personal."""
    kept = [event for event in life.events if not isinstance(event, Personal)]
    text = b"\n".join(map(msgspec.json.encode, kept)).decode()
    words = _TELLING.findall(f"{life.message.title}\n{life.message.text}\n{life.message.reply}")
    for found in (*_CHINESE.findall(text), *(word for word in set(words) if word in text)):
        yield f"{life.message.id}: {found}"


def test_every_real_message_comes_to_its_end(lives: Lives, record_property: Told) -> None:
    print(f"{lives.seconds:.1f} s of one core for {lives.outcomes.total()}")
    record_property("seconds of one core", round(lives.seconds, 1))
    for name in ("outcomes", "shares", "refused", "events"):
        counted: Counter[str] = getattr(lives, name)
        print(name, ", ".join(f"{what} {n}" for what, n in counted.most_common()))
        for what, n in counted.items():
            record_property(f"{name}: {what}", n)
    assert lives.open_still == []
    assert lives.outcomes.total() == len(real_messages()) == MESSAGES_IN_ALL
    assert set(lives.outcomes) == {"solved", "rated", "unrated", "reviewed", "withdrawn"}
    assert lives.events["PetitionFiled"] == MESSAGES_IN_ALL


def test_every_deadline_is_reckoned_alike_a_second_time(
    lives: Lives, record_property: Told
) -> None:
    print(", ".join(f"{what} {n}" for what, n in lives.compared.most_common()))
    record_property("deadlines compared", lives.compared.total())
    assert lives.wrong == []
    reached = lives.events["PetitionReachedLevel"]
    assert lives.compared["level deadline"] + lives.compared["danger deadline"] == reached
    assert lives.compared["resumed deadline"] == lives.events["PetitionResumed"]
    assert lives.compared["in time"] == lives.events["PetitionAnswered"]
    assert min(lives.compared.values()) >= 10


def test_every_state_is_what_its_stored_events_tell(lives: Lives) -> None:
    assert lives.unlike_its_events == []


def test_nothing_but_the_dossier_has_peoples_words(lives: Lives) -> None:
    assert lives.told_words == []


def test_what_says_nothing_is_refused_and_the_clock_goes_on(lives: Lives) -> None:
    shares = lives.shares
    assert shares["real replies"] == 2_816
    assert 0 < shares["hollow replies"] < 0.25 * shares["real replies"]
    assert shares["climbed of those with a hollow reply"] > 0
    assert shares["dangers"] > 0
