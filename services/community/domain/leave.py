"""Leave and deputies: who does the duty of a post while its holder is away."""

from dataclasses import replace
from datetime import datetime

from services.community.domain.post_commands import (
    DeputyNamed,
    LeaveCalledOff,
    LeavePlanned,
    NameDeputy,
    ReturnEarly,
    TakeLeave,
)
from services.community.domain.post_state import Leave, Post, in_utc, post_id
from shared.contracts.community import DeputyStandsIn, HolderAway, HolderReturned
from shared.contracts.event import Event
from shared.runtime.aggregate import Rejected

LeaveCommand = NameDeputy | TakeLeave | ReturnEarly


def about_leave(command: LeaveCommand, post: Post, now: datetime) -> list[Event]:
    """What follows from a command; the post is held."""
    assert post.term is not None, "only a holder has a deputy and takes leave"
    match command:
        case NameDeputy(deputy=deputy) if deputy == post.deputy:
            return []
        case NameDeputy(deputy=deputy):
            if deputy == post.term.holder:
                raise Rejected("own-deputy", "nobody is their own deputy: name somebody else")
            named: list[Event] = [DeputyNamed(deputy)]
            if post.leave is not None and post.leave.begun:
                named.append(begun(replace(post, deputy=deputy), post.leave))
            return named
        case TakeLeave() if post.leave is not None:
            raise Rejected("leave-taken", "a leave runs or lies ahead: return from it first")
        case TakeLeave(since=since, until=until):
            begins = now if since is None else max(in_utc(since), now)
            ends = in_utc(until)
            if ends <= begins:
                raise Rejected("leave-over", "a leave ends after it begins, and later than now")
            planned: list[Event] = [LeavePlanned(begins, ends)]
            if begins == now:
                planned.append(begun(post, Leave(begins, ends)))
            return planned
        case ReturnEarly() if post.leave is None:
            raise Rejected("not-on-leave", "no leave runs or lies ahead")
        case ReturnEarly() if post.leave is not None and not post.leave.begun:
            return [LeaveCalledOff()]
        case _:
            return [returned(post)]


def begun(post: Post, leave: Leave) -> DeputyStandsIn | HolderAway:
    """From now on the deputy does the duty, or nobody."""
    assert post.term is not None, "only a holder goes on leave"
    id, holder = post_id(post.place, post.duty), post.term.holder
    if post.deputy is None:
        return HolderAway(id, post.place, post.duty, holder, leave.since, leave.until)
    return DeputyStandsIn(id, post.place, post.duty, holder, post.deputy, leave.since, leave.until)


def returned(post: Post) -> HolderReturned:
    """The holder does the duty again."""
    assert post.term is not None, "only a holder returns"
    return HolderReturned(post_id(post.place, post.duty), post.place, post.duty, post.term.holder)


def turn_of_leave(post: Post, now: datetime) -> list[Event]:
    """What the clock does: the leave begins, or ends."""
    leave = post.leave
    if leave is None or post.term is None:
        return []
    if leave.until <= now:
        return [returned(post)]
    return [begun(post, leave)] if not leave.begun and leave.since <= now else []


def leave_due(post: Post) -> datetime | None:
    """When the leave begins or ends."""
    if post.leave is None:
        return None
    return post.leave.until if post.leave.begun else post.leave.since
