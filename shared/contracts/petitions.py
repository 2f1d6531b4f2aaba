"""The public events of **petitions**: what happens to what residents raise. Free text stays in the
dossier.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

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
    run from the first level of the taxonomy down to `category`.
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
    """One named person, one duty, one deadline (定人、定责、定时限). `categories` as it was filed."""

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

    `informed` are those who signed or supported it; so many `members` are merged into it.
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
    members: int = 0


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
class PetitionReopened(Event):
    """A low rating reopened it, for the `times`-th time, one level above the one that answered."""

    petition: str
    times: int
    level: Level
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionSentToReview(Event):
    """Rated low after the last reopening: the district's review decides.

    `PetitionReachedLevel` follows, because of ``review``.
    """

    petition: str
    place: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionWithdrawn(Event):
    """The petitioner took it back."""

    petition: str
    assignee: str | None


@dataclass(frozen=True, slots=True)
class PetitionClosed(Event):
    """It is over. `outcome` is ``solved``, ``rated``, ``unrated``, ``withdrawn``, ``reviewed``, ``adopted``
    (answered by another system, whose records were taken over);
    `informed` are those who signed or supported it; so many `members` are merged into it.
    """

    petition: str
    outcome: str
    level: Level
    place: str
    category: str
    petitioner: str | None
    informed: tuple[str, ...] = ()
    members: int = 0
    closed_at: datetime | None = None


# --- danger ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PetitionAlarmed(Event):
    """Its words warn of `danger` (``gas``, ``fire`` ...): `called` are the duty holders of the
    level that has it and of the next one above. `answer_by` counts time on the wall.
    """

    petition: str
    danger: str
    category: str
    level: Level
    place: str
    called: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class PetitionUnassigned(Event):
    """The assignee has left the post; nobody is assigned until it is filled. The clock runs on."""

    petition: str
    assignee: str
    level: Level
    place: str


# --- voices ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PetitionSigned(Event):
    """A household signed a joint petition; `households` is how many have signed now."""

    petition: str
    by: str
    household: str
    households: int


@dataclass(frozen=True, slots=True)
class PetitionSignatureWithdrawn(Event):
    """A household took its signature back."""

    petition: str
    by: str
    household: str
    households: int


@dataclass(frozen=True, slots=True)
class PetitionSupported(Event):
    """Somebody else has the same trouble; `supporters` is how many there are now."""

    petition: str
    by: str
    supporters: int


@dataclass(frozen=True, slots=True)
class PetitionSupportWithdrawn(Event):
    """A supporter took their voice back."""

    petition: str
    by: str
    supporters: int


# --- merging --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PetitionMerged(Event):
    """It is about the same as `into`, and is answered with it. It keeps its petitioner and words,
    and its own judgement of the answer.
    """

    petition: str
    into: str
    by: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionAdopted(Event):
    """`member` is answered with this petition from now on; `members` is how many there are."""

    petition: str
    member: str
    members: int


@dataclass(frozen=True, slots=True)
class PetitionMemberRefused(Event):
    """`member` cannot be answered with this petition. `because` is ``merged-itself`` or ``full``."""

    petition: str
    member: str
    because: str


@dataclass(frozen=True, slots=True)
class PetitionSplit(Event):
    """It goes its own way again, with the deadline it had. `because` is ``split``, ``refused`` or
    ``main-closed``.
    """

    petition: str
    out_of: str
    because: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionMemberLeft(Event):
    """`member` is not answered with this petition any more."""

    petition: str
    member: str
    members: int


@dataclass(frozen=True, slots=True)
class PetitionLinked(Event):
    """It has to do with another petition, `to`; both go their own ways."""

    petition: str
    to: str
    by: str


# --- promises, follow-up, review ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PromiseMade(Event):
    """An answer promised something until `due`; `promise` counts those of this petition from 1."""

    petition: str
    promise: int
    due: datetime
    by: str
    place: str
    category: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PromiseFellDue(Event):
    """The date of a promise has come: the petitioner is asked, until `judge_by`, whether it was
    kept; who gave it (`by`) is reminded.
    """

    petition: str
    promise: int
    due: datetime
    judge_by: datetime
    by: str
    place: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PromiseReported(Event):
    """Staff say that what was promised is done."""

    petition: str
    promise: int
    by: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PromiseJudged(Event):
    """The petitioner said whether a promise was kept."""

    petition: str
    promise: int
    kept: bool
    given_by: str
    place: str
    category: str


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
class PetitionReviewAsked(Event):
    """The petitioner asks, once, for a review of the final answer (复查). `PetitionSentToReview`
    follows.
    """

    petition: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionForgotten(Event):
    """The petitioner was erased: all words of the petition are gone, and it has no petitioner."""

    forgets: ClassVar[bool] = True

    petition: str


# --- suspension ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PetitionSuspended(Event):
    """Its clock stands still until a date, for a `reason` from the city's list.

    It ends by itself at `until`, or before; `PetitionResumed` then has the new deadline.
    """

    petition: str
    reason: str
    until: datetime
    by: str
    level: Level
    place: str
    assignee: str | None
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionResumed(Event):
    """Its clock runs again, with the time that the level had left.

    `because` is ``until`` (the date came), ``resumed`` (somebody ended it before) or ``done`` (it
    is answered or closed now). `suspended_until` is the end that counts for the total.
    """

    petition: str
    because: str
    reason: str
    level: Level
    place: str
    assignee: str | None
    petitioner: str | None
    answer_by: datetime
    warn_at: datetime
    suspended_until: datetime


# --- hot topics -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HotTopicRaised(Event):
    """Many petitions about one `category` (of the first level) at one `place` within days, or one
    that many support. Told once, until it cools.

    `hotlist` is the list it stands on. `count` are all of them, `petitions` the latest 200,
    `supporters` those of the one that has most; the first was filed at `since`.
    """

    hotlist: str
    topic: str
    place: str
    category: str
    petitions: tuple[str, ...]
    count: int
    supporters: int
    since: datetime
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class HotTopicGrown(Event):
    """It is twice what it was when it was last told. The fields are as for `HotTopicRaised`."""

    hotlist: str
    topic: str
    place: str
    category: str
    petitions: tuple[str, ...]
    count: int
    supporters: int
    since: datetime
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class HotTopicCooled(Event):
    """Less than half of what makes a topic hot is left of it."""

    hotlist: str
    topic: str
    place: str
    category: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class CategoryDefined(Event):
    """There is a new category below `parent` from `since` on. What is None is as with the parent.

    Changes of a category are numbered from 1. `zh` and `en` are its names.
    """

    category: str
    parent: str
    number: int
    since: datetime
    zh: str
    en: str
    duty: str | None = None
    pace: str | None = None
    lowest: Level | None = None
    highest: Level | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryRevised(Event):
    """A category is another from `since` on; petitions that run keep what they were promised.

    It replaces the revision before it whole: what is None is as shipped, or as with the parent.
    """

    category: str
    number: int
    since: datetime
    zh: str | None = None
    en: str | None = None
    duty: str | None = None
    pace: str | None = None
    lowest: Level | None = None
    highest: Level | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryRetired(Event):
    """It takes nothing more from `since` on, nor does what is below it; `successor` does."""

    category: str
    number: int
    since: datetime
    successor: str


@dataclass(frozen=True, slots=True)
class CategoryRevisionCalledOff(Event):
    """The change with this number, which lay ahead, will not be."""

    category: str
    number: int


# --- consultation -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConsultationCalled(Event):
    """`departments` (organisations) were called onto one petition for `level` (会诊); the `lead`
    gives the joint answer. `DepartmentCalled` follows for each.
    """

    petition: str
    by: str
    level: Level
    place: str
    category: str
    lead: str
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentCalled(Event):
    """A department accepts or refuses its part by `accept_by`. `again` says that it takes over from
    another department.
    """

    petition: str
    department: str
    accept_by: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentAccepted(Event):
    """A department delivers its part by `part_by`; `caller` called it."""

    petition: str
    department: str
    caller: str
    part_by: datetime


@dataclass(frozen=True, slots=True)
class DepartmentRefused(Event):
    """A department says that the matter is not its own: the level of the `caller` decides."""

    petition: str
    department: str
    caller: str


@dataclass(frozen=True, slots=True)
class DepartmentSilent(Event):
    """A department said nothing by `accept_by`: the level of the `caller` decides."""

    petition: str
    department: str
    caller: str
    accept_by: datetime


@dataclass(frozen=True, slots=True)
class DepartmentInsisted(Event):
    """A department has to deliver its part by `part_by`, whatever it said."""

    petition: str
    department: str
    part_by: datetime


@dataclass(frozen=True, slots=True)
class DepartmentHandedOver(Event):
    """The part of a department is that of another one now, `instead` of it."""

    petition: str
    department: str
    instead: str


@dataclass(frozen=True, slots=True)
class DepartmentRuledOut(Event):
    """The part of a department is not needed."""

    petition: str
    department: str
    caller: str


@dataclass(frozen=True, slots=True)
class DepartmentDelivered(Event):
    """A department handed in its part."""

    petition: str
    department: str
    caller: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class DepartmentLate(Event):
    """A department did not deliver by `part_by`: the level of the `caller` decides."""

    petition: str
    department: str
    caller: str
    part_by: datetime


@dataclass(frozen=True, slots=True)
class ConsultationConcluded(Event):
    """It is over, with what happened to the petition: ``answered``, ``closed`` or ``merged``."""

    petition: str
    because: str
    caller: str


@dataclass(frozen=True, slots=True)
class PetitionReleased(Event):
    """Everybody may read what was asked and answered, in words written for the public.

    `place` is no closer than the neighbourhood.
    """

    petition: str
    place: str
    category: str


@dataclass(frozen=True, slots=True)
class PetitionReleaseWithdrawn(Event):
    """What was released is public no longer."""

    petition: str


# --- whistle ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WhistleBlown(Event):
    """Somebody whistled for whoever has to come (吹哨), about a `petition` or something else.

    `path` runs from the district down to `place`. `WhistleCalled` follows.
    """

    whistle: str
    by: str
    place: str
    path: tuple[str, ...]
    category: str
    petition: str | None


@dataclass(frozen=True, slots=True)
class WhistleCalled(Event):
    """The holder of a duty at a place is called to report (报到) by `report_by`; `judge` judges it.

    `called` is None where nobody can be called by name. `because` is ``blown``, ``overdue``,
    ``refused`` or ``passed-on``.
    """

    whistle: str
    level: Level
    place: str
    duty: str
    called: str | None
    report_by: datetime
    because: str
    judge: str
    category: str
    petition: str | None


@dataclass(frozen=True, slots=True)
class WhistleClimbed(Event):
    """The next rung of the ladder is called, because of silence (``overdue``), a report that was
    ``refused``, or because the one called, now a `whistler`, ``passed-on`` it.
    """

    whistle: str
    before: Level
    level: Level
    place: str
    because: str
    whistler: str | None


@dataclass(frozen=True, slots=True)
class WhistleReported(Event):
    """Whoever was called has reported; `judge` accepts or refuses it until `judge_by`."""

    whistle: str
    by: str
    level: Level
    place: str
    in_time: bool
    judge: str
    judge_by: datetime


@dataclass(frozen=True, slots=True)
class WhistleReportAccepted(Event):
    """The report was found good, with `stars`, or without a word in time (None).

    Another `judge`, who whistled before, has it now until `judge_by`, if there is one.
    """

    whistle: str
    by: str
    reported_by: str | None
    stars: int | None
    judge: str | None
    judge_by: datetime | None


@dataclass(frozen=True, slots=True)
class WhistleReportRefused(Event):
    """The report was found not good: the next rung is called, at the top the same one again."""

    whistle: str
    by: str
    level: Level
    place: str
    reported_by: str | None


@dataclass(frozen=True, slots=True)
class WhistleOverdue(Event):
    """No report came by `report_by`.

    Below the top the next rung is called at once; at the top it is told again at `again_at`, every
    working day; `days` are the working days since the deadline.
    """

    whistle: str
    level: Level
    place: str
    called: str | None
    report_by: datetime
    days: int
    judge: str
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class WhistleClosed(Event):
    """It is over: ``rated`` with `stars`, ``unrated`` or ``called-off``."""

    whistle: str
    outcome: str
    stars: int | None
    level: Level
    place: str
    category: str
    whistler: str
    called: str | None
