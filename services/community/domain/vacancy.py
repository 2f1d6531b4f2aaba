"""Vacancies: a post that a pattern asks for and nobody holds, with a time to fill it. One that is
not filled in time climbs, level by level, until it is filled or the district has heard of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.community.domain.post_commands import (
    PostEstablished,
    PostReleased,
    PostRequired,
    RequirePost,
)
from services.community.domain.post_state import Post, Site, Vacancy, post_id
from shared.contracts.community import PostVacancyOverdue, PostVacant
from shared.contracts.event import Event

CLIMBS_AFTER = timedelta(days=7)
"""How long a level has to see to a vacancy before the one above it hears."""


def required(post: Post, asked: RequirePost, now: datetime) -> list[Event]:
    """The post exists and must be filled; where nobody holds it, the time runs from now on."""
    events: list[Event] = []
    if not post.duty:
        events.append(PostEstablished(asked.place, asked.duty))
        post = Post(asked.place, asked.duty)
    if post.fill_within_days != asked.fill_within_days:
        events.append(PostRequired(asked.fill_within_days))
    if post.term is None and post.vacancy is None:
        events.append(vacant(post, asked.fill_within_days, now))
    return events


def released(post: Post) -> list[Event]:
    """It may stay vacant."""
    return [] if post.fill_within_days is None else [PostReleased()]


def vacant(post: Post, days: int, now: datetime) -> PostVacant:
    """Nobody has the duty from now on."""
    due = now + timedelta(days=days)
    return PostVacant(post_id(post.place, post.duty), post.duty, post.place, due, since=now)


def missed(post: Post, now: datetime) -> list[Event]:
    """The events end with the post vacant: if it must be filled, the time runs."""
    if post.fill_within_days is None or post.term is not None or post.vacancy is not None:
        return []
    return [vacant(post, post.fill_within_days, now)]


def turn_of_vacancy(post: Post, now: datetime, site: Site | None) -> list[Event]:
    """What the clock does: the next level hears, once, of what should have been filled; where
    nobody sees to it there, the one above does at once.
    """
    vacancy, at = post.vacancy, vacancy_due(post)
    if vacancy is None or at is None or at > now:
        return []
    left = _levels_left(vacancy, site)
    steps: list[Event] = []
    for n, (place, person) in enumerate(left or [(None, None)]):
        is_last = n + 1 >= len(left)
        waits = CLIMBS_AFTER if person is not None else timedelta(0)
        steps.append(
            PostVacancyOverdue(
                post_id(post.place, post.duty),
                post.duty,
                post.place,
                vacancy.due,
                vacancy.since,
                to=place,
                told=person,
                climbs_at=None if is_last else now + waits,
            )
        )
        if person is not None:
            break
    return steps


def _levels_left(vacancy: Vacancy, site: Site | None) -> Sequence[tuple[str, str | None]]:
    """The levels that have not heard of it yet, the next one first."""
    above = () if site is None else site.above
    places = [place for place, _ in above]
    return above[places.index(vacancy.to) + 1 :] if vacancy.to in places else above


def vacancy_due(post: Post) -> datetime | None:
    """When the vacancy is overdue, or climbs."""
    if post.vacancy is None:
        return None
    return post.vacancy.climbs_at if post.vacancy.overdue else post.vacancy.due
