"""Patrol rota (巡防值班表): which crews of the three lines of defence patrol a route when, shared
out fairly within each line, swapped by agreement of both.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.patrols.drawing_up import drawn_up, fit_for, must_lead
from services.volunteering.domain.patrols.duty import (
    OrganisersPassed,
    PassOn,
    passed_on,
    together,
    without,
)
from services.volunteering.domain.patrols.rota_commands import (
    EARLY,
    DrawAgain,
    DrawUp,
    Muster,
    PatrolRota,
    PatrolRotaDrawnUp,
    PublishRota,
    RotaMemberForgotten,
    RotaStatus,
    StandIn,
    Strike,
    Swap,
)
from services.volunteering.domain.patrols.swapping import (
    agreed,
    ended,
    must_be_free,
    overtaken,
    shift_to_come,
    slot,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.patrol_rotas import (
    PatrolRotaChanged,
    PatrolRotaPublished,
    PatrolSwapEnded,
    PatrolSwapProposed,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick, changed


def shift_id(rota: str, number: int) -> str:
    """The id of the shift with that number."""
    return f"{rota}.{number}"


def decide(command: Command, rota: PatrolRota, now: datetime, muster: Muster) -> list[Event]:
    """What follows from a command."""
    match command:
        case Tick():
            return [ended(rota, swap, "unanswered") for swap in rota.swaps if swap.until <= now]
        case PassOn():
            return passed_on(rota, command)
        case Strike():
            return struck(rota, command, now)
        case DrawUp() if rota.status is not RotaStatus.NONE:
            raise Rejected("rota-exists", "this rota was drawn up: draw it again")
        case DrawUp():
            must_lead(command, muster)
            return [drawn_up(command, command.team, command.name, command.by, muster, now)]
        case _ if rota.status is RotaStatus.NONE:
            raise Rejected("unknown-rota", "no such rota was drawn up")
        case DrawAgain() | PublishRota() if rota.status is RotaStatus.PUBLISHED:
            raise Rejected(
                "rota-published", "the rota is published: swap shifts, or let somebody stand in"
            )
        case DrawAgain(by=by):
            return [drawn_up(command, rota.led, rota.name, by, muster, now)]
        case PublishRota():
            return published(rota, muster, now)
        case _ if rota.status is not RotaStatus.PUBLISHED:
            raise Rejected("rota-not-published", "the rota is not published yet: draw it up again")
        case StandIn():
            return stood_in(rota, command, muster, now)
    return agreed(rota, command, now)


def published(rota: PatrolRota, muster: Muster, now: datetime) -> list[Event]:
    """It holds from now on."""
    if rota.shifts[0].begin <= now:
        raise Rejected("rota-begun", "the first shift must begin later than now: draw it again")
    return [
        PatrolRotaPublished(
            rota.rota,
            rota.place,
            muster.path,
            rota.route,
            len(rota.shifts),
            rota.shifts[0].begin,
            together(*(person for shift in rota.shifts for person in shift.crew)),
        )
    ]


# --- others in their place -----------------------------------------------------------------------


def stood_in(rota: PatrolRota, command: StandIn, muster: Muster, now: datetime) -> list[Event]:
    """A member of the line's team patrols, in another's place or in an empty one."""
    shift = shift_to_come(rota, command.shift, now)
    before, person = command.instead_of, command.person
    if before is not None and before not in shift.crew:
        raise Rejected("not-in-the-crew", "they do not patrol in that shift")
    if before is None and len(shift.crew) >= shift.size:
        raise Rejected("crew-complete", "the crew is complete: say in whose place")
    if person in shift.crew:
        raise Rejected("in-the-crew", "they patrol in that shift already")
    must_be_free(rota, person, command.shift)
    fit_for(rota.lines[shift.line].team, shift, muster.volunteers.get(person))
    gone = overtaken(rota, {(before, command.shift)}) if before is not None else []
    return [*gone, slot(rota, command.shift, before, person, "stand-in")]


def struck(rota: PatrolRota, command: Strike, now: datetime) -> list[Event]:
    """Their places in shifts to come are empty."""
    events: list[Event] = []
    if rota.status is RotaStatus.PUBLISHED:
        numbers = list(shifts_of(rota, command, now))
        places = {(command.person, number) for number in numbers}
        events = overtaken(rota, places)
        events += [slot(rota, one, command.person, None, command.because) for one in numbers]
    if command.because == "erased" and is_named(rota, command.person):
        events.append(RotaMemberForgotten(command.person))
    return events


def is_named(rota: PatrolRota, person: str) -> bool:
    """Whether somebody stands anywhere in it."""
    return (
        person in (*rota.organisers, rota.keeper)
        or any(person in line.members for line in rota.lines)
        or any(person in shift.crew for shift in rota.shifts)
    )


def shifts_of(rota: PatrolRota, command: Strike, now: datetime) -> Iterator[int]:
    """The shifts to come in which somebody patrols who is not to any more."""
    for number, shift in enumerate(rota.shifts):
        if command.person not in shift.crew or shift.begin - EARLY <= now:
            continue
        if command.team in (None, rota.lines[shift.line].team) and (
            command.until is None or shift.begin < command.until
        ):
            yield number


# --- what it leads to ----------------------------------------------------------------------------


def evolve(rota: PatrolRota, event: Event) -> PatrolRota:
    """The rota after an event."""
    match event:
        case PatrolRotaDrawnUp():
            return PatrolRota(
                RotaStatus.DRAWN_UP,
                event.rota,
                event.place,
                event.route,
                event.name,
                event.led,
                event.keeper,
                event.organisers,
                event.lines,
                event.shifts,
                over=max(shift.end for shift in event.shifts),
            )
        case PatrolRotaPublished():
            return changed(rota, status=RotaStatus.PUBLISHED)
        case PatrolSwapProposed(by=by, to=to, mine=mine, theirs=theirs, until=until):
            return changed(rota, swaps=(*rota.swaps, Swap(by, to, mine, theirs, until)))
        case PatrolSwapEnded(by=by, mine=mine):
            left = tuple(one for one in rota.swaps if (one.by, one.mine) != (by, mine))
            return changed(rota, swaps=left)
        case PatrolRotaChanged():
            return crewed(rota, event)
        case OrganisersPassed(organisers=organisers, keeper=keeper):
            return changed(rota, organisers=organisers, keeper=keeper)
        case RotaMemberForgotten(person=person):
            return bereft(rota, person)
    return rota


def bereft(rota: PatrolRota, person: str) -> PatrolRota:
    """Without somebody, wherever they stood in it."""
    for event in without(rota, person):
        rota = evolve(rota, event)
    lines = (
        replace(
            line,
            members=tuple(one for one in line.members if one != person),
            done=tuple(one for one in line.done if one[0] != person),
        )
        for line in rota.lines
    )
    shifts = (
        replace(shift, crew=tuple(one for one in shift.crew if one != person))
        for shift in rota.shifts
    )
    swaps = (swap for swap in rota.swaps if person not in (swap.by, swap.to))
    return changed(rota, lines=tuple(lines), shifts=tuple(shifts), swaps=tuple(swaps))


def crewed(rota: PatrolRota, event: PatrolRotaChanged) -> PatrolRota:
    """With another in the place, what each has done with it, and no swap of that place waiting."""
    number, shifts = event.number, list(rota.shifts)
    shift = shifts[number]
    crew = [one for one in shift.crew if one != event.before]
    if event.person is not None:
        crew.append(event.person)
    shifts[number] = replace(shift, crew=tuple(crew))
    line = rota.lines[shift.line]
    done = Counter(dict(line.done))
    if event.before is not None:
        done[event.before] -= 1
    if event.person is not None:
        done[event.person] += 1
    lines = list(rota.lines)
    members = line.members
    if event.person is not None and event.person not in members:
        members = (*members, event.person)
    lines[shift.line] = replace(line, members=members, done=tuple(sorted(done.items())))
    left = tuple(
        one
        for one in rota.swaps
        if (event.before, number) not in ((one.by, one.mine), (one.to, one.theirs))
    )
    return changed(rota, shifts=tuple(shifts), lines=tuple(lines), swaps=left)


def due(rota: PatrolRota) -> datetime | None:
    """When the next offer lapses."""
    return min((swap.until for swap in rota.swaps), default=None)


def successor_of(rota: PatrolRota, number: int) -> int | None:
    """The shift that takes over from one: the first that begins when that one ends, or soon
    after.
    """
    shift = rota.shifts[number]
    return next(
        (
            other
            for other, later in enumerate(rota.shifts)
            if other != number and timedelta(0) <= later.begin - shift.end <= LONGEST_GAP
        ),
        None,
    )


LONGEST_GAP = timedelta(hours=1)
"""Between two shifts of which the later takes over from the earlier."""


def open_verbs(rota: PatrolRota) -> tuple[str, ...]:
    """The verbs that this rota knows now."""
    match rota.status:
        case RotaStatus.DRAWN_UP:
            return ("draw-again", "publish")
        case RotaStatus.PUBLISHED:
            answers = ("confirm-swap", "decline-swap", "withdraw-swap") if rota.swaps else ()
            return ("propose-swap", "stand-in", *answers)
    return ()


patrol_rota = Aggregate(
    kind="patrol-rota",
    initial=PatrolRota(),
    decide=decide,
    evolve=evolve,
    events=(
        PatrolRotaDrawnUp,
        PatrolRotaPublished,
        PatrolRotaChanged,
        PatrolSwapProposed,
        PatrolSwapEnded,
        OrganisersPassed,
        RotaMemberForgotten,
    ),
    due=due,
)
