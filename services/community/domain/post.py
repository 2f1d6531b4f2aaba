"""Post (岗位): one duty at one place, and the person who has it now (定人、定责).

The id is ``<place>:<duty>``: a duty at a place has one holder at a time, or none. A term that lies
ahead is kept until it begins, a term that has an end is ended by the clock.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shared.contracts.community import PostAssigned, PostVacated
from shared.contracts.event import Event
from shared.contracts.types import Code, Id, PlaceCode, PlaceKind
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time in a post: from `since` on, before `until` if it has an end."""

    holder: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A duty at a place; with an empty duty it is not established yet.

    `term` is the one that runs, `ahead` the one that begins later.
    """

    place: str = ""
    duty: str = ""
    term: Term | None = None
    ahead: Term | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The place of a post, as the rules ask for it; the facts are None where there is none."""

    kind: PlaceKind


# --- commands ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EstablishPost(Command):
    """Creates the post, with its first holder if one is named (from `since` on, else from now)."""

    by: Id
    place: PlaceCode
    duty: Code
    holder: Id | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AssignPost(Command):
    """Gives a post that nobody holds to somebody."""

    verb = "assign"
    by: Id
    holder: Id
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplaceHolder(Command):
    """Gives a post that is held to somebody else, or to the same person for another term."""

    verb = "replace"
    by: Id
    holder: Id
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resign(Command):
    """The holder gives the post back."""

    by: Id


@dataclass(frozen=True, slots=True)
class Relieve(Command):
    """The holder is relieved of the post."""

    by: Id


@dataclass(frozen=True, slots=True)
class CallOff(Command):
    """The term that lies ahead will not begin."""

    by: Id


# --- private events ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PostEstablished(Event):
    """The duty exists at the place."""

    place: str
    duty: str


@dataclass(frozen=True, slots=True)
class PostScheduled(Event):
    """Somebody will have the post from a later time on; the others hear of it when it begins."""

    holder: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostCalledOff(Event):
    """The term that lay ahead was struck."""

    holder: str


# --- rules -------------------------------------------------------------------------------------


def post_id(place: str, duty: str) -> str:
    """The id of the post for a duty at a place."""
    return f"{place}:{duty}"


def decide(command: Command, post: Post, now: datetime, site: Site | None = None) -> list[Event]:
    """What follows from a command; `site` is the post's place."""
    match command:
        case Tick():
            return turn_of_terms(post, now) if post.duty else []
        case EstablishPost() if post.duty:
            raise Rejected(
                "post-exists", "the post exists: assign it or replace its holder", duty=post.duty
            )
        case EstablishPost(place=place, duty=duty, holder=holder, since=since, until=until):
            if site is None:
                raise Rejected("unknown-place", f"no place {place} is registered", place=place)
            established = PostEstablished(place=place, duty=duty)
            if holder is None:
                return [established]
            begun = begin(Post(place, duty), term_of(holder, since, until, now), now)
            return [established, *begun]
        case _ if not post.duty:
            raise Rejected("unknown-post", "no such post is established: establish it first")
        case AssignPost() if post.term is not None:
            raise Rejected(
                "post-held", "somebody holds the post: replace the holder", holder=post.term.holder
            )
        case ReplaceHolder() if post.term is None:
            raise Rejected("post-vacant", "nobody holds the post: assign it")
        case (
            AssignPost(holder=holder, since=since, until=until)
            | ReplaceHolder(holder=holder, since=since, until=until)
        ):
            return begin(post, term_of(holder, since, until, now), now)
        case Resign() | Relieve() if post.term is None:
            raise Rejected("post-vacant", "nobody holds the post")
        case Resign(by=by) if post.term is not None and by != post.term.holder:
            raise Rejected("not-the-holder", "only the holder can resign: relieve the holder")
        case Resign():
            return [vacated(post, "resigned")]
        case Relieve():
            return [vacated(post, "relieved")]
        case CallOff() if post.ahead is None:
            raise Rejected("nothing-ahead", "no later term is planned for this post")
        case CallOff() if post.ahead is not None:
            return [PostCalledOff(holder=post.ahead.holder)]
    raise Rejected("wrong-moment", f"cannot {command.verb} a post", verb=command.verb)


def term_of(holder: str, since: datetime | None, until: datetime | None, now: datetime) -> Term:
    """The term that a command asks for. It must not be over, nor end before it begins."""
    begins = now if since is None else in_utc(since)
    ends = None if until is None else in_utc(until)
    if ends is not None and (ends <= begins or ends <= now):
        raise Rejected("term-over", "the term must end after it begins, and later than now")
    return Term(holder, begins, ends)


def in_utc(moment: datetime) -> datetime:
    """A time as it is kept: in UTC, in whole milliseconds."""
    if moment.tzinfo is None:
        raise Rejected("time-without-zone", "give times with an offset (RFC 3339)")
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def begin(post: Post, term: Term, now: datetime) -> list[Event]:
    """The term begins, now or when its time has come; whoever holds the post is replaced then."""
    if term.since > now:
        return [PostScheduled(holder=term.holder, since=term.since, until=term.until)]
    assigned = PostAssigned(
        post=post_id(post.place, post.duty),
        duty=post.duty,
        place=post.place,
        holder=term.holder,
        since=term.since,
        until=term.until,
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


def turn_of_terms(post: Post, now: datetime) -> list[Event]:
    """What the clock does: ends the term that is over, begins the one whose time has come."""
    events: list[Event] = []
    if post.term is not None and post.term.until is not None and post.term.until <= now:
        events.append(vacated(post, "term-ended"))
        post = replace(post, term=None)
    if post.ahead is not None and post.ahead.since <= now:
        events += begin(post, post.ahead, now)
    return events


def evolve(post: Post, event: Event) -> Post:
    """The post after an event."""
    match event:
        case PostEstablished(place=place, duty=duty):
            return Post(place, duty)
        case PostScheduled(holder=holder, since=since, until=until):
            return replace(post, ahead=Term(holder, since, until))
        case PostCalledOff():
            return replace(post, ahead=None)
        case PostAssigned(holder=holder, since=since, until=until):
            term = Term(holder, since, until)
            return replace(post, term=term, ahead=None if post.ahead == term else post.ahead)
        case PostVacated():
            return replace(post, term=None)
    return post


def due(post: Post) -> datetime | None:
    """When the running term ends or the next one begins."""
    ends = post.term.until if post.term else None
    begins = post.ahead.since if post.ahead else None
    return min((moment for moment in (ends, begins) if moment is not None), default=None)


def open_verbs(post: Post) -> tuple[str, ...]:
    """The verbs that this post knows now."""
    if not post.duty:
        return ()
    verbs = ("assign",) if post.term is None else ("replace", "resign", "relieve")
    return verbs if post.ahead is None else (*verbs, "call-off")


def holder_at(post: Post, now: datetime) -> Term | None:
    """The term that runs now: one that is over does not, even before the clock has ended it."""
    term = post.term
    if term is None or (term.until is not None and term.until <= now):
        return None
    return term


post = Aggregate(
    kind="post",
    initial=Post(),
    decide=decide,
    evolve=evolve,
    events=(PostEstablished, PostScheduled, PostCalledOff, PostAssigned, PostVacated),
    due=due,
)
