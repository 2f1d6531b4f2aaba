"""Who has answered a petition, as petitions tells it: none of them mediates what comes of it."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command

MOST_ANSWERERS = 50


@dataclass(frozen=True)
class Answers:
    """`people` have answered it."""

    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnAnswerer(Command):
    """Somebody has answered the petition."""

    person: str


@dataclass(frozen=True, slots=True)
class AnswererLearned(Event):
    """Somebody has answered the petition."""

    person: str


def decide(command: Command, answers: Answers, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnAnswerer(person=person) if person not in answers.people:
            return [AnswererLearned(person)]
    return []


def evolve(answers: Answers, event: Event) -> Answers:
    """The knowledge after the event."""
    match event:
        case AnswererLearned(person=person):
            return Answers((*answers.people, person)[-MOST_ANSWERERS:])
    return answers


answers = Aggregate(
    kind="answers",
    initial=Answers(),
    decide=decide,
    evolve=evolve,
    events=(AnswererLearned,),
)
