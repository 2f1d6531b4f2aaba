"""Place (地点): one node of the tree that everything in a city hangs on.

A place knows its parents only, each since when; its path at a time is made by walking the parents
as they were then (`services.community.tree`). Others are told the whole path: when a place moves,
so are the new paths of all below it.
"""

from dataclasses import replace
from datetime import UTC, datetime

from services.community.domain.closing import (
    closing,
    ended_split,
    not_closed,
    split,
)
from services.community.domain.describing import adopted, described
from services.community.domain.place_commands import (
    AdoptPattern,
    CallOffPlan,
    ClosePlace,
    DescribePlace,
    EndSplit,
    FoundPart,
    HangUnderPart,
    MovePlace,
    PlaceClosingPlanned,
    PlaceContactsSet,
    PlaceMovePlanned,
    PlaceParted,
    PlacePlanCalledOff,
    RegisterPlace,
    RenamePlace,
    SplitPlace,
)
from services.community.domain.place_state import (
    ROOT_KIND,
    Above,
    Around,
    Duties,
    Hours,
    Lying,
    Parting,
    Place,
    Plan,
    Step,
    may_lie_below,
)
from shared.contracts.community import (
    PatternAdopted,
    PlaceClosed,
    PlaceHoursSet,
    PlaceMoved,
    PlaceRegistered,
    PlaceRenamed,
    PlaceSplit,
)
from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

MOST_MOVED = 2_000
"""Places that one move takes along: they are told of in one commit, whose size has an end."""
MOST_PARENTS = 100
"""Parents that a place remembers."""


def decide(
    command: Command,
    place: Place,
    now: datetime,
    facts: Above | Around | Duties | None = None,
) -> list[Event]:
    """What follows from a command; the facts are the parent that it names, what lies around a
    place that is closed or split, or the pattern it names.
    """
    match command:
        case Tick():
            return its_time_has_come(place, now, facts)
        case RegisterPlace() if place.code:
            raise Rejected("place-exists", f"{place.code} is registered already", place=place.code)
        case RegisterPlace(code=code, kind=kind, name=name, parent=parent):
            path = (*path_below(kind, parent, above_in(facts)), code)
            return [PlaceRegistered(code, kind, name, path, parent, since=now)]
        case FoundPart() if place.code:
            return []
        case FoundPart(code=code, kind=kind, name=name, parent=parent, path=path):
            return [PlaceRegistered(code, kind, name, path, parent, since=now)]
        case _ if not place.code:
            raise Rejected("unknown-place", "no such place is registered: register it first")
        case HangUnderPart(before=before) if place.parent != before:
            return []  # it was moved elsewhere meanwhile
        case HangUnderPart(parent=parent, path=path):
            return moved(place, parent, path, above_in(facts), now)
        case EndSplit():
            return ended_split(place, now)
        case RenamePlace(name=name):
            return [] if name == place.name else [PlaceRenamed(code=place.code, name=name)]
    not_closed(place)
    around = facts if isinstance(facts, Around) else Around(path=(place.code,))
    match command:
        case MovePlace() | ClosePlace() | SplitPlace() if place.plan is not None:
            raise Rejected(
                "plan-ahead",
                "a move or closing lies ahead already: call it off first",
                since=place.plan.since.isoformat(),
            )
        case MovePlace(parent=parent) if parent == place.parent:
            return []
        case MovePlace(parent=parent, since=since):
            path = path_below(place.kind, must_have_parent(place, parent), above_in(facts))
            if (later := later_than(now, since)) is not None:
                return [PlaceMovePlanned(parent, later)]
            return moved(place, parent, path, above_in(facts), now)
        case ClosePlace(since=since, successor=successor):
            events = closing(place, successor, around, now)
            later = later_than(now, since)
            return events if later is None else [PlaceClosingPlanned(later, successor)]
        case SplitPlace():
            return split(place, command, around, now)
        case CallOffPlan() if place.plan is None:
            raise Rejected("no-plan", "neither a move nor a closing lies ahead of this place")
        case CallOffPlan():
            return [PlacePlanCalledOff("called-off")]
        case DescribePlace():
            return described(place, command, now)
        case AdoptPattern(pattern=pattern):
            return adopted(place, pattern, facts if isinstance(facts, Duties) else None)
    raise Rejected("wrong-moment", f"cannot {command.verb} a place", verb=command.verb)


def above_in(facts: Above | Around | Duties | None) -> Above | None:
    """The parent among the facts."""
    return facts if isinstance(facts, Above) else None


def must_have_parent(place: Place, parent: str) -> str:
    """Rejects what would hang a district below something."""
    if place.kind is ROOT_KIND:
        raise Rejected("wrong-parent", "a district hangs below nothing", kind=place.kind)
    return parent


def later_than(now: datetime, since: datetime | None) -> datetime | None:
    """When a thing is to be done, None for now. What has been is not rewritten."""
    if since is None:
        return None
    if since.tzinfo is None:
        raise Rejected("time-without-zone", "give times with an offset (RFC 3339)")
    moment = since.astimezone(UTC).replace(microsecond=since.microsecond // 1000 * 1000)
    if moment < now:
        raise Rejected("time-past", "the tree changes from now on or later, never in the past")
    return None if moment == now else moment


def its_time_has_come(
    place: Place, now: datetime, facts: Above | Around | Duties | None
) -> list[Event]:
    """Does what was planned, as if it were asked for now; what is forbidden by now is called off,
    with the code of the rule.
    """
    plan = place.plan
    if plan is None or plan.since > now:
        return []
    try:
        if plan.step is Step.CLOSE:
            around = facts if isinstance(facts, Around) else Around(path=(place.code,))
            return closing(place, plan.to, around, plan.since)
        above = above_in(facts)
        path = path_below(place.kind, plan.to, above)
        assert plan.to is not None, "a move leads to a parent"
        return moved(place, plan.to, path, above, plan.since)
    except Rejected as rejected:
        return [PlacePlanCalledOff(rejected.code)]


def path_below(kind: PlaceKind, parent: str | None, above: Above | None) -> tuple[str, ...]:
    """The path of the parent, if a place of this kind may hang there."""
    if parent is None:
        if kind is not ROOT_KIND:
            raise Rejected("parent-missing", f"a {kind} hangs below another place", kind=kind)
        return ()
    if above is None:
        raise Rejected(
            "unknown-parent", f"{parent} is not registered: register it first", parent=parent
        )
    if not above.open:
        raise Rejected(
            "parent-closed", f"{parent} is closed: choose a place that is open", parent=parent
        )
    if not may_lie_below(kind, above.kind):
        raise Rejected(
            "wrong-parent",
            f"a {kind} cannot hang below a {above.kind}",
            kind=kind,
            parent_kind=above.kind,
        )
    return above.path


def moved(
    place: Place, parent: str, path: tuple[str, ...], above: Above | None, since: datetime
) -> list[Event]:
    """The new path of the place, and those of all below it."""
    code = place.code
    if len(place.lay) >= MOST_PARENTS:
        raise Rejected(
            "moved-too-often",
            f"a place remembers {MOST_PARENTS} parents: close it and register another",
            most=MOST_PARENTS,
        )
    paths = {code: (*path, code)}
    events: list[Event] = [PlaceMoved(code, parent, paths[code], since=since)]
    below = above.below if above is not None else ()
    if len(below) > MOST_MOVED:
        raise Rejected(
            "too-many-below",
            f"at most {MOST_MOVED} places move with their parent: move them in parts",
            most=MOST_MOVED,
        )
    for child, its_parent in below:
        paths[child] = (*paths[its_parent], child)
        events.append(PlaceMoved(child, its_parent, paths[child], since=since))
    return events


def evolve(place: Place, event: Event) -> Place:
    """The place after an event."""
    match event:
        case PlaceRegistered(code=code, kind=kind, name=name, parent=parent, since=since):
            return Place(code, kind, name, parent, lay=(Lying(parent, since),))
        case PlaceRenamed(name=name):
            return replace(place, name=name)
        case PlaceMoved(code=code, parent=parent, since=since) if code == place.code:
            done = place.plan is not None and place.plan.to == parent
            lay = (*place.lay, Lying(parent, since))
            return replace(place, parent=parent, plan=None if done else place.plan, lay=lay)
        case PlaceMovePlanned(parent=parent, since=since):
            return replace(place, plan=Plan(Step.MOVE, since, parent))
        case PlaceClosingPlanned(since=since, successor=successor):
            return replace(place, plan=Plan(Step.CLOSE, since, successor))
        case PlacePlanCalledOff():
            return replace(place, plan=None)
        case PlaceParted(names=names, children=children):
            return replace(place, parting=Parting(names, children))
        case PlaceSplit(into=into, since=since):
            return replace(place, closed=since, successors=into)
        case PlaceClosed(successors=successors, since=since):
            return replace(place, closed=since, successors=successors, plan=None, parting=None)
        case PlaceHoursSet(spans=spans, every_day=every_day, languages=languages):
            hours = Hours(spans, every_day) if spans else None
            return replace(place, hours=hours, languages=languages)
        case PlaceContactsSet(contacts=contacts):
            return replace(place, contacts=contacts)
        case PatternAdopted(pattern=pattern, duties=duties):
            return replace(place, pattern=pattern, duties=duties)
    return place


def due(place: Place) -> datetime | None:
    """When what is planned is to be done."""
    return place.plan.since if place.plan is not None else None


def open_verbs(place: Place) -> tuple[str, ...]:
    """The verbs that this place knows now."""
    if not place.code:
        return ()
    if place.closed is not None:
        return ("rename",)
    always = ("rename", "describe", "adopt-pattern")
    if place.plan is not None:
        return (*always, "call-off")
    return (
        (*always, "close", "split")
        if place.kind is ROOT_KIND
        else (
            *always,
            "close",
            "split",
            "move",
        )
    )


place = Aggregate(
    kind="place",
    initial=Place(),
    decide=decide,
    evolve=evolve,
    events=(
        PlaceRegistered,
        PlaceRenamed,
        PlaceMoved,
        PlaceMovePlanned,
        PlaceClosingPlanned,
        PlacePlanCalledOff,
        PlaceParted,
        PlaceSplit,
        PlaceClosed,
        PlaceHoursSet,
        PlaceContactsSet,
        PatternAdopted,
    ),
    due=due,
)
