"""Answering and judging: an answer stops the clock, the petitioner says what it is worth (回访)."""

from datetime import datetime

from services.petitions.domain.climbing import closed, reopen
from services.petitions.domain.commands import Answer, Close, ConfirmSolved, Rate
from services.petitions.domain.dossier import AnswerWritten, ReasonGiven, WordGiven
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import Petition
from services.petitions.domain.verbs import given
from services.petitions.domain.working import takes_over
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionClosed,
    PetitionRated,
    PetitionReopened,
    PetitionSentToReview,
)
from shared.runtime.aggregate import Command

GOOD_ENOUGH = 3
"""Stars with which an answer stands; fewer reopen the petition unless it is solved."""

COMMANDS = (Answer, Rate, ConfirmSolved, Close)
EVENTS = (
    PetitionAnswered,
    AnswerWritten,
    PetitionRated,
    WordGiven,
    PetitionReopened,
    PetitionSentToReview,
    PetitionClosed,
)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from an answer, and from what the petitioner says of it."""
    match command:
        case Answer(by=by, text=text):
            return _answer(petition, by, text, now, facts)
        case Rate():
            return _rate(command, petition, now, facts)
        case ConfirmSolved():
            return [closed(petition, "solved")]
        case Close(reason=reason):
            given(reason)
            return [closed(petition, "reviewed"), ReasonGiven(command.verb, reason)]
    raise TypeError(command)


def _answer(
    petition: Petition, by: str, text: str, now: datetime, facts: Surroundings
) -> list[Event]:
    """The level's clock stops; the petitioner is asked what the answer is worth (回访)."""
    return [
        *takes_over(petition, by, facts),
        PetitionAnswered(
            petition=petition.id,
            by=by,
            level=petition.level,
            place=petition.place,
            category=petition.category,
            in_time=petition.answer_by is not None and now <= petition.answer_by,
            follow_up_until=now + petition.limits.follow_up,
            petitioner=petition.petitioner,
        ),
        AnswerWritten(text),
    ]


def _rate(command: Rate, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    rated = PetitionRated(
        petition=petition.id,
        stars=command.stars,
        solved=command.solved,
        level=petition.level,
        place=petition.place,
        category=petition.category,
        answered_by=petition.answered_by[-1],
    )
    stands = command.solved or command.stars >= GOOD_ENOUGH
    return [
        rated,
        *([WordGiven(command.word)] if command.word else []),
        *(
            [closed(petition, "solved" if command.solved else "rated")]
            if stands
            else reopen(petition, now, facts)
        ),
    ]
