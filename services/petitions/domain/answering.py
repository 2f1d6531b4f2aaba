"""Answering and judging: an answer stops the clock, the petitioner says what it is worth (回访)."""

from datetime import datetime, timedelta

from services.petitions.domain import promises
from services.petitions.domain.climbing import closed, reopen, review
from services.petitions.domain.commands import (
    Answer,
    AskReview,
    Close,
    ConfirmSolved,
    FollowUp,
    Rate,
)
from services.petitions.domain.dossier import AnswerWritten, ReasonGiven, WordGiven
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.quality import check_quality, end_of
from services.petitions.domain.state import Petition
from services.petitions.domain.verbs import given
from services.petitions.domain.working import takes_over
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionClosed,
    PetitionFollowedUp,
    PetitionRated,
    PetitionReopened,
    PetitionReviewAsked,
    PetitionSentToReview,
)
from shared.runtime.aggregate import Command, Rejected

GOOD_ENOUGH = 3
"""Stars with which an answer stands; fewer reopen the petition unless it is solved."""
REVIEW_WITHIN = timedelta(days=30)
"""How long after closing a review can be asked for."""

COMMANDS = (Answer, Rate, FollowUp, ConfirmSolved, AskReview, Close)
EVENTS = (
    PetitionAnswered,
    AnswerWritten,
    PetitionRated,
    WordGiven,
    PetitionFollowedUp,
    PetitionReviewAsked,
    PetitionReopened,
    PetitionSentToReview,
    PetitionClosed,
)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from an answer, and from what the petitioner says of it."""
    match command:
        case Answer():
            return _answer(command, petition, now, facts)
        case Rate(stars=stars, solved=solved, word=word):
            return _judged(petition, stars, solved, word, now, facts)
        case FollowUp():
            return _follow_up(command, petition, now, facts)
        case ConfirmSolved():
            return [closed(petition, "solved", now)]
        case AskReview(reason=reason):
            return _ask_review(petition, command.verb, reason, now, facts)
        case Close(reason=reason):
            given(reason)
            return [closed(petition, "reviewed", now), ReasonGiven(command.verb, reason)]
    raise TypeError(command)


def _answer(answer: Answer, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """The level's clock stops; the petitioner is asked what the answer is worth (回访)."""
    check_quality(answer, facts.hollow, facts.simplified, now)
    return [
        *takes_over(petition, answer.by, facts),
        PetitionAnswered(
            petition=petition.id,
            by=answer.by,
            level=petition.level,
            place=petition.place,
            category=petition.category,
            in_time=petition.answer_by is not None and now <= petition.answer_by,
            follow_up_until=now + petition.limits.follow_up,
            petitioner=petition.named,
            informed=petition.informed,
            merged=petition.merged,
        ),
        AnswerWritten(
            answer.done,
            answer.done_by,
            tuple(step.what for step in answer.follows),
            tuple(end_of(step.until) for step in answer.follows),
        ),
        *promises.made(petition, answer),
    ]


def _judged(
    petition: Petition, stars: int, solved: bool, word: str, now: datetime, facts: Surroundings
) -> list[Event]:
    """Solved and satisfied are two questions; who says neither gets it reopened a level higher."""
    rated = PetitionRated(
        petition=petition.id,
        stars=stars,
        solved=solved,
        level=petition.level,
        place=petition.place,
        category=petition.category,
        answered_by=petition.answered_by[-1],
    )
    stands = solved or stars >= GOOD_ENOUGH
    return [
        rated,
        *([WordGiven(word)] if word else []),
        *(
            [closed(petition, "solved" if solved else "rated", now)]
            if stands
            else reopen(petition, now, facts)
        ),
    ]


def _follow_up(
    call: FollowUp, petition: Petition, now: datetime, facts: Surroundings
) -> list[Event]:
    """Somebody else than who answered calls and asks; whoever was not reached is called again."""
    called = PetitionFollowedUp(
        petition=petition.id, by=call.by, reached=call.reached, tries=petition.calls + 1
    )
    if not call.reached:
        if call.stars is not None or call.solved is not None:
            raise Rejected("not-reached", "who was not reached has judged nothing")
        return [called]
    if call.stars is None or call.solved is None:
        raise Rejected("two-questions", "ask both: how satisfied, and whether it is solved")
    return [called, *_judged(petition, call.stars, call.solved, call.word, now, facts)]


def _ask_review(
    petition: Petition, verb: str, reason: str, now: datetime, facts: Surroundings
) -> list[Event]:
    """The district looks at the final answer, once (复查)."""
    given(reason)
    if petition.closed_at is None or now > petition.closed_at + REVIEW_WITHIN:
        raise Rejected(
            "too-late-to-review",
            f"a review is asked for within {REVIEW_WITHIN.days} days",
            days=REVIEW_WITHIN.days,
        )
    return [
        PetitionReviewAsked(petition.id, petition.named),
        *review(petition, now, facts),
        ReasonGiven(verb, reason),
    ]
