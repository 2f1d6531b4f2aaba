"""Post (岗位): one duty at one place, and the person who has it now (定人、定责).

The id is ``<place>:<duty>``: a duty at a place has one holder at a time, or none. A term that lies
ahead is kept until it begins, a term that has an end is ended by the clock. While the holder is on
leave the deputy does the duty; without one, nobody does, and whoever looks for somebody climbs.
"""

from dataclasses import replace
from datetime import datetime

from services.community.domain.leave import about_leave, leave_due, turn_of_leave
from services.community.domain.post_commands import (
    AssignPost,
    CallOff,
    DeputyNamed,
    EndWithPlace,
    EstablishPost,
    LeaveCalledOff,
    LeavePlanned,
    NameDeputy,
    PostCalledOff,
    PostEstablished,
    PostReleased,
    PostRequired,
    PostScheduled,
    ReleasePost,
    Relieve,
    ReplaceHolder,
    RequirePost,
    Resign,
    ReturnEarly,
    TakeLeave,
)
from services.community.domain.post_state import (
    Leave,
    Post,
    Site,
    Term,
    Vacancy,
    in_utc,
    post_id,
)
from services.community.domain.vacancy import (
    missed,
    released,
    required,
    turn_of_vacancy,
    vacancy_due,
)
from shared.contracts.community import (
    DeputyStandsIn,
    HolderAway,
    HolderReturned,
    PostAssigned,
    PostVacancyOverdue,
    PostVacant,
    PostVacated,
)
from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick


def decide(command: Command, post: Post, now: datetime, site: Site | None = None) -> list[Event]:
    """What follows from a command; `site` is the post's place."""
    events = _decide(command, post, now, site)
    after = post
    for event in events:
        after = evolve(after, event)
    return [*events, *missed(after, now)]


def _decide(command: Command, post: Post, now: datetime, site: Site | None) -> list[Event]:
    match command:
        case Tick():
            return turn_of_time(post, now, site) if post.duty else []
        case RequirePost():
            return required(post, command, now)
        case ReleasePost() | EndWithPlace() if not post.duty:
            return []
        case ReleasePost():
            return released(post)
        case EndWithPlace():
            return ended_with_place(post)
        case EstablishPost() if post.duty:
            raise Rejected(
                "post-exists", "the post exists: assign it or replace its holder", duty=post.duty
            )
        case EstablishPost(place=place, duty=duty):
            must_be_open(place, site)
            established = PostEstablished(place=place, duty=duty)
            if command.holder is None:
                return [established]
            begun = begin(Post(place, duty), term_of(command, command.holder, now), now)
            return [established, *begun]
        case _ if not post.duty:
            raise Rejected("unknown-post", "no such post is established: establish it first")
        case AssignPost() if post.term is not None:
            raise Rejected(
                "post-held", "somebody holds the post: replace the holder", holder=post.term.holder
            )
        case ReplaceHolder() if post.term is None:
            raise Rejected("post-vacant", "nobody holds the post: assign it")
        case AssignPost(holder=holder) | ReplaceHolder(holder=holder):
            if site is not None:
                must_be_open(post.place, site)
            return begin(post, term_of(command, holder, now), now)
        case CallOff() if post.ahead is None:
            raise Rejected("nothing-ahead", "no later term is planned for this post")
        case CallOff() if post.ahead is not None:
            return [PostCalledOff(holder=post.ahead.holder)]
    if post.term is None:
        raise Rejected("post-vacant", "nobody holds the post")
    match command:
        case Resign(by=by) if by != post.term.holder:
            raise Rejected("not-the-holder", "only the holder can resign: relieve the holder")
        case Resign():
            return [vacated(post, "resigned")]
        case Relieve():
            return [vacated(post, "relieved")]
        case NameDeputy() | TakeLeave() | ReturnEarly():
            return about_leave(command, post, now)
    raise Rejected("wrong-moment", f"cannot {command.verb} a post", verb=command.verb)


def must_be_open(place: str, site: Site | None) -> None:
    """Rejects a post at a place that does not exist, or no longer."""
    if site is None:
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    if not site.open:
        raise Rejected(
            "post-place-closed", f"{place} is closed: it takes no new holders", place=place
        )


def term_of(asked: EstablishPost | AssignPost | ReplaceHolder, holder: str, now: datetime) -> Term:
    """The term that a command asks for. It must not be over, nor end before it begins."""
    begins = now if asked.since is None else in_utc(asked.since)
    ends = None if asked.until is None else in_utc(asked.until)
    if ends is not None and (ends <= begins or ends <= now):
        raise Rejected("term-over", "the term must end after it begins, and later than now")
    return Term(holder, begins, ends, asked.organisation)


def begin(post: Post, term: Term, now: datetime) -> list[Event]:
    """The term begins, now or when its time has come; whoever holds the post is replaced then."""
    if term.since > now:
        return [PostScheduled(term.holder, term.since, term.until, term.organisation)]
    assigned = PostAssigned(
        post=post_id(post.place, post.duty),
        duty=post.duty,
        place=post.place,
        holder=term.holder,
        since=term.since,
        until=term.until,
        organisation=term.organisation,
    )
    if post.term is None or post.term.holder == term.holder:
        return [assigned]
    return [vacated(post, "replaced"), assigned]


def vacated(post: Post, because: str) -> PostVacated:
    """The holder has the post no more."""
    assert post.term is not None, "only a held post is vacated"
    return PostVacated(
        post=post_id(post.place, post.duty),
        duty=post.duty,
        place=post.place,
        holder=post.term.holder,
        because=because,
    )


def ended_with_place(post: Post) -> list[Event]:
    """Nobody holds it, will hold it or must."""
    events: list[Event] = released(post)
    if post.ahead is not None:
        events.append(PostCalledOff(holder=post.ahead.holder))
    return events if post.term is None else [*events, vacated(post, "place-closed")]


def turn_of_time(post: Post, now: datetime, site: Site | None) -> list[Event]:
    """What the clock does: ends the term that is over, begins the one whose time has come; else
    leave and vacancy.
    """
    events: list[Event] = []
    if post.term is not None and post.term.until is not None and post.term.until <= now:
        events.append(vacated(post, "term-ended"))
        post = evolve(post, events[-1])
    if post.ahead is not None and post.ahead.since <= now:
        events += begin(post, post.ahead, now)
    return events or turn_of_leave(post, now) or turn_of_vacancy(post, now, site)


def evolve(post: Post, event: Event) -> Post:
    """The post after an event."""
    match event:
        case PostEstablished(place=place, duty=duty):
            return Post(place, duty)
        case PostScheduled(holder=holder, since=since, until=until, organisation=organisation):
            return replace(post, ahead=Term(holder, since, until, organisation))
        case PostCalledOff():
            return replace(post, ahead=None)
        case PostAssigned(holder=holder, since=since, until=until, organisation=organisation):
            term = Term(holder, since, until, organisation)
            ahead = None if post.ahead == term else post.ahead
            return replace(post, term=term, ahead=ahead, vacancy=None)
        case PostVacated():
            return replace(post, term=None, deputy=None, leave=None)
        case DeputyNamed(deputy=deputy):
            return replace(post, deputy=deputy)
        case LeavePlanned(since=since, until=until):
            return replace(post, leave=Leave(since, until))
        case DeputyStandsIn(since=since, until=until) | HolderAway(since=since, until=until):
            return replace(post, leave=Leave(since, until, begun=True))
        case LeaveCalledOff() | HolderReturned():
            return replace(post, leave=None)
        case PostRequired(fill_within_days=days):
            return replace(post, fill_within_days=days)
        case PostReleased():
            return replace(post, fill_within_days=None, vacancy=None)
        case PostVacant(since=since, due=due):
            return replace(post, vacancy=Vacancy(since, due))
        case PostVacancyOverdue(since=since, due=due, to=to, climbs_at=climbs_at):
            return replace(post, vacancy=Vacancy(since, due, True, to, climbs_at))
    return post


def due(post: Post) -> datetime | None:
    """When a term ends or begins, a leave does, or a vacancy is overdue."""
    ends = post.term.until if post.term else None
    begins = post.ahead.since if post.ahead else None
    moments = (ends, begins, leave_due(post), vacancy_due(post))
    return min((moment for moment in moments if moment is not None), default=None)


def open_verbs(post: Post) -> tuple[str, ...]:
    """The verbs that this post knows now."""
    if not post.duty:
        return ()
    verbs: tuple[str, ...] = ("assign",)
    if post.term is not None:
        leave = "take-leave" if post.leave is None else "return-early"
        verbs = ("replace", "resign", "relieve", "name-deputy", leave)
    return verbs if post.ahead is None else (*verbs, "call-off")


post = Aggregate(
    kind="post",
    initial=Post(),
    decide=decide,
    evolve=evolve,
    events=(
        PostEstablished,
        PostScheduled,
        PostCalledOff,
        PostAssigned,
        PostVacated,
        DeputyNamed,
        LeavePlanned,
        LeaveCalledOff,
        DeputyStandsIn,
        HolderAway,
        HolderReturned,
        PostRequired,
        PostReleased,
        PostVacant,
        PostVacancyOverdue,
    ),
    due=due,
)
