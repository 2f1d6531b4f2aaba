"""What happens to every petition: filed, assigned, answered, judged, over."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.types import Level, PetitionKind, Urgency


@dataclass(frozen=True, slots=True)
class PetitionFiled(Event):
    """A petition was accepted.

    `path` runs from the district down to `place`. `raised_at` is when the resident first raised it,
    as given by the channel it came through (another system's filing time, a call); clocks never run
    from it. `petitioner` is None where nobody was logged in, and, here as in all events, for a
    report (举报): who reports somebody is told to nobody. `receipt` is the number that people read
    out, `danger` what its words warn of, `joint` whether several households sign it. `categories`
    run from the first level of the taxonomy down to `category`. `origin` is what it came of in
    another service, as the person who filed it says: ``wish:<id>``, ``patrol-finding:<id>``.
    """

    petition: str
    kind: PetitionKind
    category: str
    urgency: Urgency
    channel: str
    place: str
    path: tuple[str, ...]
    petitioner: str | None
    raised_at: datetime
    receipt: str | None = None
    danger: str | None = None
    joint: bool = False
    categories: tuple[str, ...] = ()
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class PetitionReachedLevel(Event):
    """A level is to answer it now, at `place`, by `answer_by`.

    `because` is ``filed``, ``overdue``, ``handed-up``, ``rated-low`` or ``review``; `before` is the
    level that had it, if any. `answer_by` and `warn_at` count working time from now.
    """

    petition: str
    level: Level
    place: str
    answer_by: datetime
    warn_at: datetime
    because: str
    petitioner: str | None
    before: Level | None = None


@dataclass(frozen=True, slots=True)
class PetitionAssigned(Event):
    """One named person, one duty, one deadline (定人、定责、定时限). `categories` are as filed."""

    petition: str
    assignee: str
    duty: str
    level: Level
    place: str
    answer_by: datetime
    category: str
    petitioner: str | None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PetitionUnassigned(Event):
    """The assignee has left the post; nobody is assigned until it is filled. The clock runs on."""

    petition: str
    assignee: str
    level: Level
    place: str


@dataclass(frozen=True, slots=True)
class PetitionTaken(Event):
    """The assignee began to work on it."""

    petition: str
    assignee: str
    level: Level
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionDeadlineNear(Event):
    """Three quarters of the level's time are over. `assignee` is None where nobody was assigned."""

    petition: str
    level: Level
    place: str
    assignee: str | None
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class PetitionOverdue(Event):
    """A level let its deadline pass.

    At the top level it is told again at `again_at`, every working day; `days` are the working days
    since the deadline, from 0. Below the top the next level is asked at once: no `again_at`.
    """

    petition: str
    level: Level
    place: str
    assignee: str | None
    answer_by: datetime
    days: int
    petitioner: str | None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PetitionReturned(Event):
    """The petitioner is asked for more facts; the clock runs on."""

    petition: str
    by: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionCommented(Event):
    """Somebody said something; no clock is touched. `assignee` and `petitioner` may care."""

    petition: str
    by: str
    assignee: str | None
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionHandedUp(Event):
    """A level said, with a reason (in the dossier), that it cannot answer; the next is asked."""

    petition: str
    by: str
    level: Level
    to: Level


@dataclass(frozen=True, slots=True)
class PetitionAnswered(Event):
    """An answer was given; the petitioner is asked to judge it until `follow_up_until` (回访).

    `informed` are those who signed or supported it; so many were `merged` into it.
    """

    petition: str
    by: str
    level: Level
    place: str
    category: str
    in_time: bool
    follow_up_until: datetime
    petitioner: str | None
    informed: tuple[str, ...] = ()
    merged: int = 0


@dataclass(frozen=True, slots=True)
class PetitionRated(Event):
    """The petitioner judged the answer: 1 to 5 stars, and whether the matter is solved."""

    petition: str
    stars: int
    solved: bool
    level: Level
    place: str
    category: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class PetitionFollowedUp(Event):
    """Somebody who did not answer it called the petitioner about the answer; the rating follows
    when they were `reached`.
    """

    petition: str
    by: str
    reached: bool
    tries: int


@dataclass(frozen=True, slots=True)
class PetitionReopened(Event):
    """A low rating reopened it, for the `times`-th time, one level above the one that answered.
    `informed` are those who signed or supported it.
    """

    petition: str
    times: int
    level: Level
    petitioner: str | None
    informed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PetitionReviewAsked(Event):
    """The petitioner asks, once, for a review of the final answer (复查). `PetitionSentToReview`
    follows.
    """

    petition: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionSentToReview(Event):
    """Rated low after the last reopening: the district's review decides.

    `PetitionReachedLevel` follows, because of ``review``. `informed` are those who signed or
    supported it.
    """

    petition: str
    place: str
    petitioner: str | None
    informed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PetitionWithdrawn(Event):
    """The petitioner took it back."""

    petition: str
    assignee: str | None


@dataclass(frozen=True, slots=True)
class PetitionClosed(Event):
    """It is over. `outcome` is ``solved``, ``rated``, ``unrated``, ``withdrawn``, ``reviewed`` or
    ``adopted`` (answered by another system, whose records were taken over). `informed` are those
    who signed or supported it; so many were `merged` into it.
    """

    petition: str
    outcome: str
    level: Level
    place: str
    category: str
    petitioner: str | None
    informed: tuple[str, ...] = ()
    merged: int = 0
    closed_at: datetime | None = None
