"""Vacancies: a post that a pattern asks for and nobody holds, with a time to fill it."""

from datetime import datetime, timedelta

from services.community.domain.post_commands import (
    PostEstablished,
    PostReleased,
    PostRequired,
    RequirePost,
)
from services.community.domain.post_state import Post, Site, post_id
from shared.contracts.community import PostVacancyOverdue, PostVacant
from shared.contracts.event import Event


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
    """What the clock does: the next level hears, once, of what it should have filled."""
    vacancy = post.vacancy
    if vacancy is None or vacancy.overdue or vacancy.due > now:
        return []
    return [
        PostVacancyOverdue(
            post_id(post.place, post.duty),
            post.duty,
            post.place,
            vacancy.due,
            vacancy.since,
            to=site.above if site is not None else None,
        )
    ]


def vacancy_due(post: Post) -> datetime | None:
    """When the vacancy is overdue."""
    return None if post.vacancy is None or post.vacancy.overdue else post.vacancy.due
