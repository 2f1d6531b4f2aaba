"""What is remembered of an activity: who has a place, who waits, who was there when.

Hundreds sign up within a second, so people stand in plain tuples side by side (`Roll`, `Presence`):
storing a record for each would make every one of these commands thirty times as dear.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from services.volunteering.domain.activities.outline import Meeting, Role
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.volunteering.activities import Theme
from shared.runtime.aggregate import Rejected, changed

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """How far an activity has come."""

    NONE = "none"
    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    RUNNING = "running"
    DONE = "done"
    CALLED_OFF = "called-off"


SIGNING_UP = frozenset({Status.OPEN, Status.FULL})
"""It has been opened and has not begun."""


@dataclass(frozen=True, slots=True)
class Roll:
    """People in order, each once, and beside each the role they have or wait for."""

    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def added(self, person: str, role: str) -> "Roll":
        """With somebody at the end."""
        return Roll((*self.people, person), (*self.roles, role))

    def without(self, person: str) -> "Roll":
        """Those before and behind somebody, in the same order."""
        n = self.people.index(person)
        return Roll(
            self.people[:n] + self.people[n + 1 :],
            self.roles[:n] + self.roles[n + 1 :],
        )

    def role_of(self, person: str) -> str | None:
        """The role beside somebody; None for who is not among them."""
        return self.roles[self.people.index(person)] if person in self.people else None

    def of_role(self, role: str) -> Iterator[str]:
        """Those with that role, in order."""
        return (who for who, its in zip(self.people, self.roles, strict=True) if its == role)


@dataclass(frozen=True, slots=True)
class Presence:
    """Who was there from when to when; None is left while somebody has not checked out. Somebody
    who went away and came back stands there twice.
    """

    people: tuple[str, ...] = ()
    came: tuple[datetime, ...] = ()
    left: tuple[datetime | None, ...] = ()

    def arrived(self, person: str, at: datetime) -> "Presence":
        """With somebody who has come."""
        return Presence((*self.people, person), (*self.came, at), (*self.left, None))

    def departed(self, person: str, at: datetime) -> "Presence":
        """With somebody who is there having gone."""
        n = next(n for n in self._of(person) if self.left[n] is None)
        return Presence(self.people, self.came, (*self.left[:n], at, *self.left[n + 1 :]))

    def without(self, person: str) -> "Presence":
        """As if somebody had not been there."""
        kept = [n for n, who in enumerate(self.people) if who != person]
        return Presence(
            tuple(self.people[n] for n in kept),
            tuple(self.came[n] for n in kept),
            tuple(self.left[n] for n in kept),
        )

    def stints(self, person: str) -> list[tuple[datetime, datetime | None]]:
        """From when to when somebody was there, in order."""
        return [(self.came[n], self.left[n]) for n in self._of(person)]

    def is_there(self, person: str) -> bool:
        """Whether somebody has checked in and not out."""
        return any(self.left[n] is None for n in self._of(person))

    def _of(self, person: str) -> list[int]:
        found: list[int] = []
        n = -1
        for _ in range(self.people.count(person)):
            n = self.people.index(person, n + 1)
            found.append(n)
        return found


@dataclass(frozen=True, slots=True)
class Offer:
    """A place is held for somebody until then."""

    person: str
    role: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """Minutes that `by` has confirmed. `told` says that others know of them: what is too short to
    count is told nobody.
    """

    person: str
    minutes: int
    by: str
    told: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """Somebody says that their hours are wrong, and that they were there from `came` to `left`.
    `climbs_at` says when it climbs if nobody has decided; None once it cannot.
    """

    person: str
    because: str
    came: datetime
    left: datetime
    climbs_at: datetime | None


@dataclass(frozen=True)
class Activity:
    """`taken` counts, role by role, the places that somebody has or that are held for somebody.

    `organisers` answer for it; `people` are they and all who have a place, an offer, or wait: it is
    found by them, and one index has them all. `unsettled` counts those who were there and whose
    hours nobody has confirmed; after `asked` times somebody is asked again at `ask_at`. Hours are
    disputed before `dispute_until`, by each once: of the `decided` that is over. `at_office` says
    that something waits for staff.
    """

    status: Status = Status.NONE
    activity: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    team: str | None = None
    series: str | None = None
    organisers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    meet_at: str = ""
    theme: Theme = Theme.OTHER
    begin: datetime = NEVER
    end: datetime = NEVER
    sign_up_from: datetime | None = None
    sign_up_until: datetime = NEVER
    withdraw_until: datetime = NEVER
    roles: tuple[Role, ...] = ()
    taken: tuple[int, ...] = ()
    by_code: bool = True
    meeting: Meeting | None = None
    places: Roll = field(default_factory=Roll)
    waiting: Roll = field(default_factory=Roll)
    offers: tuple[Offer, ...] = ()
    near_told: bool = False
    presence: Presence = field(default_factory=Presence)
    unsettled: int = 0
    served: tuple[Served, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    decided: tuple[str, ...] = ()
    dispute_until: datetime = NEVER
    asked: int = 0
    ask_at: datetime | None = None
    at_office: bool = False
    contact: bool = False
    announced: int = 0
    """How often it was announced otherwise: in other words, at another time, or called off."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules are told of the world: the activity's own id; the path of the place that is
    named (empty where there is none), the team, the person, and the people who are looked at
    again; the codes that are valid this minute, and for how many minutes the caller's are not
    looked at; the offices of the community and of the street, each with who does its duty, if
    anybody.
    """

    activity: str = ""
    path: tuple[str, ...] = ()
    team: Team | None = None
    person: Volunteer | None = None
    people: Mapping[str, Volunteer | None] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    locked_for: int | None = None
    community: tuple[str, str | None] = ("", None)
    street: tuple[str, str | None] = ("", None)


def involved(activity: Activity) -> tuple[str, ...]:
    """Everybody who has a place, an offer, or waits: in this order."""
    return (
        *activity.places.people,
        *(offer.person for offer in activity.offers),
        *activity.waiting.people,
    )


def with_people(before: Activity, after: Activity) -> Activity:
    """`after`, which has taken the place of `before`, with those by whom it is found."""
    if (
        after.places is before.places
        and after.waiting is before.waiting
        and after.offers is before.offers
        and after.organisers is before.organisers
    ):
        return after
    return changed(after, people=tuple(dict.fromkeys((*after.organisers, *involved(after)))))


def offer_to(activity: Activity, person: str) -> Offer | None:
    """What is held for somebody."""
    return next((offer for offer in activity.offers if offer.person == person), None)


def role_of(activity: Activity, person: str) -> str | None:
    """The role that somebody has a place in, is offered, or waits for."""
    offer = offer_to(activity, person)
    return (
        activity.places.role_of(person)
        or activity.waiting.role_of(person)
        or (None if offer is None else offer.role)
    )


def number_of(activity: Activity, person: str) -> int | None:
    """As the how manieth somebody waits for a place of their role, counted from 1."""
    role = activity.waiting.role_of(person)
    if role is None:
        return None
    before = activity.waiting.people.index(person)
    return activity.waiting.roles[:before].count(role) + 1


def role_named(activity: Activity, code: str | None) -> int:
    """Which of the roles has that code; without one, the only one. Raises `Rejected`."""
    if code is None:
        if len(activity.roles) > 1:
            raise Rejected("which-role", "name the role: there are several")
        return 0
    for n, role in enumerate(activity.roles):
        if role.code == code:
            return n
    raise Rejected("unknown-role", f"it has no role {code}", role=code)


def with_status(activity: Activity) -> Activity:
    """Open or full, as its places are."""
    if activity.status not in SIGNING_UP:
        return activity
    free = any(
        role.number > taken for role, taken in zip(activity.roles, activity.taken, strict=True)
    )
    return changed(activity, status=Status.OPEN if free else Status.FULL)


def must_take_part(activity: Activity, person: str) -> str:
    """The role that somebody has a place in. Raises `Rejected` unless they have one."""
    role = activity.places.role_of(person)
    if role is None:
        raise Rejected("no-place", "only who has a place can do this")
    return role
