"""Broadcast (广播通知): one text that everybody of a place or a group is told, such as a typhoon
warning.

One person writes it, another one approves it. It is told page by page: `BroadcastPageDue` is
published, and the reaction to it writes the messages of that page and notes how far it came. So a
hundred thousand messages are never one piece of work, and nothing waits longer than one page.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.notifications.domain.broadcast_commands import (
    ApproveBroadcast,
    DraftBroadcast,
    NotePage,
    ReviseBroadcast,
    SendBackBroadcast,
    StopBroadcast,
    SubmitBroadcast,
)
from services.notifications.domain.broadcast_state import (
    NEEDED_LANGUAGE,
    Broadcast,
    BroadcastDrafted,
    BroadcastPageTold,
    Status,
    Surroundings,
)
from shared.contracts.event import Event
from shared.contracts.notifications.broadcasts import (
    BroadcastApproved,
    BroadcastDone,
    BroadcastPageDue,
    BroadcastSentBack,
    BroadcastStopped,
    BroadcastSubmitted,
    Group,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

MOST_ON_A_PAGE = 500
"""Recipients told in one go: what a single message may have to wait for."""
PAGE_WITHIN = timedelta(minutes=2)
"""A page of which nothing was heard for so long is due once more: whoever was told is not told
twice.
"""
CATCH_UP = timedelta(seconds=2)
"""A broadcast that fell behind its rate makes up for so much, not more: no bursts."""


def page_size(rate: int) -> int:
    """Recipients of one page: at most what is told in a second."""
    return min(MOST_ON_A_PAGE, rate)


def decide(command: Command, it: Broadcast, now: datetime, known: Surroundings) -> list[Event]:
    """What follows from a command."""
    match it.status, command:
        case Status.UNDRAFTED, DraftBroadcast() as c:
            _must_fit(c, known)
            return [_drafted(c, c.place, known, now)]
        case Status.DRAFT, ReviseBroadcast() as c:
            _must_fit(c, known)
            return [_drafted(c, it.place, known, now)]
        case Status.DRAFT, SubmitBroadcast(by=by):
            return [BroadcastSubmitted(known.id, it.place, it.group, it.urgent, by)]
        case Status.SUBMITTED, ApproveBroadcast(by=by) if by == it.drafted_by:
            raise Rejected("own-broadcast", "somebody else has to approve what you wrote")
        case Status.SUBMITTED, ApproveBroadcast(urgent=True) if not it.urgent:
            raise Rejected("not-drafted-urgent", "it was not drafted as urgent: send it back")
        case Status.SUBMITTED, ApproveBroadcast(by=by, urgent=urgent):
            until = now + timedelta(hours=it.hours)
            first = BroadcastPageDue(known.id, 1, page_size(it.rate), None, now)
            approved = BroadcastApproved(
                known.id, it.place, it.group, urgent, it.drafted_by, by, until
            )
            return [approved, first]
        case Status.SUBMITTED, SendBackBroadcast(by=by, because=because):
            return [BroadcastSentBack(known.id, it.place, it.drafted_by, by, because)]
        case Status.RUNNING, StopBroadcast(by=by, because=because):
            return [_stopped(it, known.id, by, because)]
        case ((Status.RUNNING | Status.STOPPED), NotePage() as c):
            return _page_told(c, it, now, known.id)
        case Status.RUNNING, Tick():
            return _time_passed(it, now, known.id)
        case _, (Tick() | NotePage()):
            return []
    raise Rejected(
        "wrong-moment", f"cannot {command.verb} a broadcast that is {it.status}", verb=command.verb
    )


def _must_fit(command: DraftBroadcast | ReviseBroadcast, known: Surroundings) -> None:
    if not known.path:
        raise Rejected("unknown-place", "there is no such place")
    languages = [one.language for one in command.words]
    if NEEDED_LANGUAGE not in languages:
        raise Rejected("no-chinese", "say it in zh-Hans, too: everybody must be able to read it")
    if len(set(languages)) < len(languages):
        raise Rejected("language-twice", "say it once in each language")
    named = command.of is not None
    if command.group is Group.RESIDENTS and named:
        raise Rejected("group-not-named", "residents have no name: leave `of` out")
    if command.group in (Group.ORGANISATION, Group.TEAM):
        if not named:
            raise Rejected("group-not-named", "name the organisation or team in `of`")
        if not known.of_there:
            raise Rejected(
                "not-of-this-place", "it neither has its seat at that place nor works there"
            )


def _drafted(
    c: DraftBroadcast | ReviseBroadcast, place: str, known: Surroundings, now: datetime
) -> BroadcastDrafted:
    return BroadcastDrafted(
        by=c.by,
        place=place,
        path=known.path,
        group=c.group,
        of=c.of,
        words=c.words,
        urgent=c.urgent,
        rate=c.rate,
        hours=c.hours,
        at=now,
    )


def _stopped(it: Broadcast, id: str, by: str | None, because: str) -> BroadcastStopped:
    return BroadcastStopped(id, it.place, it.drafted_by, it.approved_by or "", by, because, it.told)


def _page_told(command: NotePage, it: Broadcast, now: datetime, id: str) -> list[Event]:
    if command.page != it.page or not it.asked:
        return []  # it was due once more, and both have been told of
    assert it.page_at is not None, "a page that was asked for was due"
    if it.status is Status.STOPPED:
        return [BroadcastPageTold(command.page, command.last, command.count, None, now)]
    told = it.told + command.count
    if command.whole:
        ended = BroadcastDone(id, it.place, it.drafted_by, it.approved_by or "", told)
        return [BroadcastPageTold(command.page, command.last, command.count, None, now), ended]
    following = max(it.page_at + _time_for(command.count, it.rate), now - CATCH_UP)
    page = BroadcastPageTold(command.page, command.last, command.count, following, now)
    if following > now:
        return [page]
    most = page_size(it.rate)
    return [page, BroadcastPageDue(id, it.page + 1, most, command.last or it.after, following)]


def _time_for(count: int, rate: int) -> timedelta:
    """How long so many take at that rate, in whole milliseconds, rounded up."""
    return timedelta(milliseconds=-(-1000 * count // rate))


def _time_passed(it: Broadcast, now: datetime, id: str) -> list[Event]:
    assert it.until is not None, "it was approved"
    assert it.page_at is not None, "it was approved"
    if now >= it.until:
        return [_stopped(it, id, None, "expired")]
    if not it.asked and now >= it.page_at:
        return [BroadcastPageDue(id, it.page + 1, page_size(it.rate), it.after, it.page_at)]
    if it.asked and now >= it.page_at + PAGE_WITHIN:
        return [BroadcastPageDue(id, it.page, page_size(it.rate), it.after, now)]
    return []


def due(it: Broadcast) -> datetime | None:
    """The next page, a page that is overdue, or the end of its time."""
    if it.status is not Status.RUNNING or it.page_at is None or it.until is None:
        return None
    return min(it.until, it.page_at + PAGE_WITHIN if it.asked else it.page_at)


def evolve(it: Broadcast, event: Event) -> Broadcast:
    """The broadcast after an event."""
    match event:
        case BroadcastDrafted() as e:
            return replace(
                it,
                status=Status.DRAFT,
                place=e.place,
                path=e.path,
                group=e.group,
                of=e.of,
                words=e.words,
                urgent=e.urgent,
                rate=e.rate,
                hours=e.hours,
                drafted_by=e.by,
                drafted=e.at,
            )
        case BroadcastSubmitted():
            return replace(it, status=Status.SUBMITTED)
        case BroadcastSentBack():
            return replace(it, status=Status.DRAFT)
        case BroadcastApproved(by=by, urgent=urgent, until=until):
            return replace(
                it,
                status=Status.RUNNING,
                urgent=urgent,
                approved_by=by,
                approved=until - timedelta(hours=it.hours),
                until=until,
            )
        case BroadcastPageDue(page=page, after=after, at=at):
            return replace(it, page=page, after=after, asked=True, page_at=at)
        case BroadcastPageTold(last=last, count=count, following=following):
            return replace(
                it,
                told=it.told + count,
                after=last or it.after,
                asked=False,
                page_at=following,
            )
        case BroadcastStopped(because=because):
            return replace(it, status=Status.STOPPED, because=because)
        case BroadcastDone():
            return replace(it, status=Status.DONE)
    return it


def open_verbs(it: Broadcast) -> tuple[str, ...]:
    """The verbs that this broadcast knows now."""
    match it.status:
        case Status.DRAFT:
            return ("revise", "submit")
        case Status.SUBMITTED:
            return ("approve", "send-back")
        case Status.RUNNING:
            return ("stop",)
    return ()


broadcast = Aggregate(
    kind="broadcast",
    initial=Broadcast(),
    decide=decide,
    evolve=evolve,
    events=(
        BroadcastDrafted,
        BroadcastSubmitted,
        BroadcastSentBack,
        BroadcastApproved,
        BroadcastPageDue,
        BroadcastPageTold,
        BroadcastStopped,
        BroadcastDone,
    ),
    due=due,
)
