"""Roll (名册): where a person lives and works, and what they belong to: whom a broadcast reaches.

It is notifications' own copy of what community and volunteering tell, an entry per person: place
codes and ids only. `home`, `works` and `groups` are kept as they are asked for, so that an
index gives everybody of a subtree in order of their subject.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command

MOST_POSTS = 50
MOST_GROUPS = 200
"""Of one person: beyond that the oldest is no longer known."""


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post whose duty the person does, as holder or as deputy; `path` leads to its place."""

    post: str
    place: str
    duty: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One person. `household` is the unit they live in and `home` the path to it, `works` the
    places of their posts with all above them, each alone and with the duty (``350102|property``),
    `groups` their organisations and teams (``team:<id>``).
    """

    household: str | None = None
    home: tuple[str, ...] = ()
    posts: tuple[HeldPost, ...] = ()
    works: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnterHome(Command):
    """They live in this household now."""

    household: str


@dataclass(frozen=True, slots=True)
class EnterMovingOut(Command):
    """They live in this one no more; in another they may."""

    household: str


@dataclass(frozen=True, slots=True)
class EnterPost(Command):
    """They do the duty of this post now."""

    post: str
    place: str
    duty: str


@dataclass(frozen=True, slots=True)
class StrikePost(Command):
    """They do it no more."""

    post: str


@dataclass(frozen=True, slots=True)
class EnterGroup(Command):
    """They belong to it: ``organisation:<id>``, ``team:<id>``."""

    group: str


@dataclass(frozen=True, slots=True)
class StrikeGroup(Command):
    """They belong to it no more."""

    group: str


@dataclass(frozen=True, slots=True)
class EnterPath(Command):
    """A place that they live or work at lies there now."""

    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrikeAll(Command):
    """The person was erased."""


@dataclass(frozen=True, slots=True)
class RollEntered(Event):
    """What is known of the person from now on."""

    household: str | None
    home: tuple[str, ...]
    posts: tuple[HeldPost, ...]
    groups: tuple[str, ...]


def decide(
    command: Command, entry: Entry, now: datetime, path: tuple[str, ...] = ()
) -> list[Event]:
    """The new knowledge, unless it is the old. `path` leads to the place that the command names; it
    is empty while that is not known yet: then the place itself is all that is known.
    """
    match command:
        case EnterHome(household):
            new = replace(entry, household=household, home=path or (household,))
        case EnterMovingOut(household) if household == entry.household:
            new = replace(entry, household=None, home=())
        case EnterPost(post, place, duty):
            held = HeldPost(post, place, duty, path or (place,))
            others = tuple(one for one in entry.posts if one.post != post)
            new = replace(entry, posts=(*others, held)[-MOST_POSTS:])
        case StrikePost(post):
            new = replace(entry, posts=tuple(one for one in entry.posts if one.post != post))
        case EnterGroup(group) if group not in entry.groups:
            new = replace(entry, groups=(*entry.groups, group)[-MOST_GROUPS:])
        case StrikeGroup(group):
            new = replace(entry, groups=tuple(one for one in entry.groups if one != group))
        case EnterPath(place, now_there):
            new = replace(
                entry,
                home=now_there if entry.household == place else entry.home,
                posts=tuple(
                    replace(one, path=now_there) if one.place == place else one
                    for one in entry.posts
                ),
            )
        case StrikeAll():
            new = Entry()
        case _:
            return []
    if (new.household, new.home, new.posts, new.groups) == (
        entry.household,
        entry.home,
        entry.posts,
        entry.groups,
    ):
        return []
    return [RollEntered(new.household, new.home, new.posts, new.groups)]


def evolve(entry: Entry, event: Event) -> Entry:
    """The entry after the event."""
    match event:
        case RollEntered(household, home, posts, groups):
            return Entry(household, home, posts, _works(posts), groups)
    return entry


def _works(posts: tuple[HeldPost, ...]) -> tuple[str, ...]:
    found = (key for one in posts for code in one.path for key in (code, f"{code}|{one.duty}"))
    return tuple(dict.fromkeys(found))


roll = Aggregate(kind="roll", initial=Entry(), decide=decide, evolve=evolve, events=(RollEntered,))
